#include "CKernels.h"
#include "string_slots.h"

#include <string.h>

uint64_t ck_hash(const uint8_t *bytes, size_t length) { return hash_of(bytes, length); }

void ck_hash_strings(const uint8_t *bytes, const uint32_t *offsets, size_t count, uint64_t *hashes) {
    for (size_t place = 0; place < count; place++) {
        hashes[place] = hash_of(bytes + offsets[place], offsets[place + 1] - offsets[place]);
    }
}

/// Look-ups on their way at once: their slots are asked for before they are read.
#define AHEAD 12

void ck_find_strings(
    const uint8_t *bytes, const uint32_t *offsets, const uint64_t *hashes, size_t count, const uint64_t *slots, size_t mask,
    const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes) {
    for (size_t place = 0; place < count; place++) {
        if (place + AHEAD < count) __builtin_prefetch(slots + ((size_t)(hashes[place + AHEAD] >> 32) & mask), 0, 3);
        size_t slot = slot_of(
            bytes + offsets[place], offsets[place + 1] - offsets[place], hashes[place], slots, mask, entry_bytes, entry_offsets);
        codes[place] = slots[slot] ? (uint32_t)(slots[slot] & ~TAG) - 1 : UINT32_MAX;
    }
}

size_t ck_intern_strings(
    const uint8_t *bytes, const uint32_t *offsets, const uint64_t *hashes, size_t count, uint64_t *slots, size_t mask,
    uint8_t *entry_bytes, uint32_t *entry_offsets, size_t entry_count, uint32_t *codes) {
    for (size_t place = 0; place < count; place++) {
        if (place + AHEAD < count) __builtin_prefetch(slots + ((size_t)(hashes[place + AHEAD] >> 32) & mask), 0, 3);
        size_t length = offsets[place + 1] - offsets[place];
        size_t slot =
            slot_of(bytes + offsets[place], length, hashes[place], slots, mask, entry_bytes, entry_offsets);
        if (!slots[slot]) {
            uint32_t start = entry_offsets[entry_count];
            if (length > 0) memcpy(entry_bytes + start, bytes + offsets[place], length);
            entry_count++;
            entry_offsets[entry_count] = start + (uint32_t)length;
            slots[slot] = (hashes[place] & TAG) | (uint64_t)entry_count;
        }
        codes[place] = (uint32_t)(slots[slot] & ~TAG) - 1;
    }
    return entry_count;
}

void ck_place_strings(const uint64_t *hashes, size_t first, size_t count, uint64_t *slots, size_t mask) {
    for (size_t place = 0; place < count; place++) {
        size_t slot = (size_t)(hashes[place] >> 32) & mask;
        while (slots[slot]) slot = (slot + 1) & mask;
        slots[slot] = (hashes[place] & TAG) | (uint64_t)(first + place + 1);
    }
}

void ck_move_slots(const uint64_t *old, size_t old_count, uint64_t *slots, size_t mask) {
    for (size_t place = 0; place < old_count; place++) {
        if (!old[place]) continue;
        size_t slot = (size_t)(old[place] >> 32) & mask;
        while (slots[slot]) slot = (slot + 1) & mask;
        slots[slot] = old[place];
    }
}

/// The first eight bytes as a number in the order of texts, zeros behind a shorter one.
static inline uint64_t first_word(const uint8_t *bytes, size_t length) {
    if (length >= 8) return __builtin_bswap64(load_word(bytes));
    uint64_t word = 0;
    for (size_t place = 0; place < length; place++) word |= (uint64_t)bytes[place] << (56 - 8 * place);
    return word;
}

/// Below 0, 0 or above 0 as the first text comes before the other one, equals it, or comes after it.
static inline int order(const uint8_t *left, size_t left_length, const uint8_t *right, size_t right_length) {
    uint64_t left_word = first_word(left, left_length), right_word = first_word(right, right_length);
    if (left_word != right_word) return left_word < right_word ? -1 : 1;
    size_t shared = left_length < right_length ? left_length : right_length;
    if (shared > 8) {
        int difference = memcmp(left + 8, right + 8, shared - 8);
        if (difference) return difference;
    }
    return left_length < right_length ? -1 : left_length > right_length;
}

void ck_text_extremes(
    const uint8_t *bytes, const uint32_t *offsets, const uint32_t *codes, const uint8_t *mask, const uint32_t *groups,
    size_t count, int32_t is_maximum, uint32_t *best) {
    for (size_t row = 0; row < count; row++) {
        if (mask && !mask[row]) continue;
        uint32_t code = codes ? codes[row] : (uint32_t)row;
        uint32_t *known = best + (groups ? groups[row] : 0);
        if (*known == code) continue;
        if (*known != UINT32_MAX) {
            int found = order(
                bytes + offsets[code], offsets[code + 1] - offsets[code], bytes + offsets[*known],
                offsets[*known + 1] - offsets[*known]);
            if (is_maximum ? found <= 0 : found >= 0) continue;
        }
        *known = code;
    }
}

size_t ck_gathered_length(const uint32_t *offsets, size_t string_count, const int32_t *places, size_t count) {
    size_t total = 0;
    for (size_t row = 0; row < count; row++) {
        if ((uint32_t)places[row] >= string_count) return SIZE_MAX;
        total += offsets[places[row] + 1] - offsets[places[row]];
    }
    return total;
}

void ck_gather_strings(
    const uint8_t *bytes, const uint32_t *offsets, const int32_t *places, size_t count, uint32_t *gathered_offsets,
    uint8_t *gathered_bytes) {
    uint32_t end = 0;
    gathered_offsets[0] = 0;
    for (size_t row = 0; row < count; row++) {
        const uint8_t *text = bytes + offsets[places[row]];
        size_t length = offsets[places[row] + 1] - offsets[places[row]];
        uint8_t *target = gathered_bytes + end;
        if (length >= 8 && length <= 16) {
            uint64_t first = load_word(text), last = load_word(text + length - 8);
            memcpy(target, &first, 8);
            memcpy(target + length - 8, &last, 8);
        } else if (length > 0) {
            memcpy(target, text, length);
        }
        end += (uint32_t)length;
        gathered_offsets[row + 1] = end;
    }
}
