// Hashes of strings, and slots in which they are looked up. Internal to this module: not below `include`.
#pragma once

#include "loading.h"

static inline uint32_t load_half(const uint8_t *bytes) {
    uint32_t half;
    memcpy(&half, bytes, 4);
    return half;
}

/// Folded 64×64 → 128-bit multiplication.
static inline uint64_t mix(uint64_t value) {
    __uint128_t product = (__uint128_t)value * 0xA0761D6478BD642FULL;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
}

/// Eight bytes at a time, the last ones overlapping; no byte beyond `length` is read.
static inline uint64_t hash_of(const uint8_t *bytes, size_t length) {
    uint64_t hash = 0x9E3779B97F4A7C15ULL ^ (uint64_t)length;
    if (length >= 8) {
        size_t offset = 0;
        for (; offset + 8 < length; offset += 8) hash = mix(hash ^ load_word(bytes + offset));
        return mix(hash ^ load_word(bytes + length - 8));
    }
    uint64_t word = 0;
    if (length >= 4) {
        word = load_half(bytes) | (uint64_t)load_half(bytes + length - 4) << 32;
    } else if (length > 0) {
        word = bytes[0] | (uint64_t)bytes[length >> 1] << 8 | (uint64_t)bytes[length - 1] << 16;
    }
    return mix(hash ^ word);
}

static inline int is_equal(const uint8_t *left, const uint8_t *right, size_t length) {
    if (length >= 8) {
        if (load_word(left + length - 8) != load_word(right + length - 8)) return 0;
        for (size_t offset = 0; offset + 8 < length; offset += 8) {
            if (load_word(left + offset) != load_word(right + offset)) return 0;
        }
        return 1;
    }
    if (length >= 4) return load_half(left) == load_half(right) && load_half(left + length - 4) == load_half(right + length - 4);
    for (size_t place = 0; place < length; place++) {
        if (left[place] != right[place]) return 0;
    }
    return 1;
}

#define TAG 0xFFFFFFFF00000000ULL
/// The slot that holds the string, or the free one where it belongs.
static inline size_t slot_of(
    const uint8_t *text, size_t length, uint64_t hash, const uint64_t *slots, size_t mask, const uint8_t *entry_bytes,
    const uint32_t *entry_offsets) {
    size_t slot = (size_t)(hash >> 32) & mask;
    while (slots[slot]) {
        if (((slots[slot] ^ hash) & TAG) == 0) {
            size_t entry = (size_t)(slots[slot] & ~TAG) - 1;
            uint32_t start = entry_offsets[entry];
            if (entry_offsets[entry + 1] - start == length && is_equal(text, entry_bytes + start, length)) break;
        }
        slot = (slot + 1) & mask;
    }
    return slot;
}
