// Words from bytes at any address. Internal to this module: not below `include`.
#pragma once

#include <stdint.h>
#include <string.h>

/// Eight bytes, the first the lowest on the machines this runs on.
static inline uint64_t load_word(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}
