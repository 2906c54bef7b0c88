#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Flags as bits: row r is bit r mod 64 of word r / 64, and behind the last flag there are zeros.
// Packed numbers come in groups as in bit_packing.c: number i is row i / 32 of lane i mod 32, so that a row of 32 lanes is half a word.

static void unpack_bits_portable(const uint32_t *words, size_t groups, uint32_t width, uint32_t number, uint32_t *halves) {
    uint32_t mask = 0xFFFFFFFFu >> (32 - width);
    for (size_t group = 0; group < groups; group++, words += 32 * width, halves += 32) {
        for (uint32_t row = 0; row < 32; row++) {
            // One or two bits of a number do not reach over the end of a word.
            const uint32_t *lanes = words + (row * width >> 5) * 32;
            uint32_t shift = (row * width) & 31, half = 0;
            for (uint32_t lane = 0; lane < 32; lane++) half |= (uint32_t)(((lanes[lane] >> shift) & mask) == number) << lane;
            halves[row] = half;
        }
    }
}

static void bit_sums_portable(const uint64_t *bits, size_t count, int32_t *before) {
    int32_t sum = 0;
    for (size_t word = 0; word < count; word++) {
        before[word] = sum;
        sum += (int32_t)__builtin_popcountll(bits[word]);
    }
    before[count] = sum;
}

static void bit_ranks_portable(
    const uint64_t *bits, const int32_t *before, const int32_t *places, size_t count, int32_t *ranks) {
    for (size_t index = 0; index < count; index++) {
        size_t place = (size_t)places[index];
        uint64_t behind = ~0ull << (place & 63);
        ranks[index] = before[place >> 6] + (int32_t)__builtin_popcountll(bits[place >> 6] & ~behind);
    }
}

static void mark_rows_portable(const uint32_t *codes, size_t row, size_t count, const uint8_t *table, uint64_t *bits) {
    for (; row + 64 <= count; row += 64) {
        // Four chains side by side.
        uint64_t parts[4] = {0, 0, 0, 0};
        for (size_t lane = 0; lane < 16; lane++) {
            for (size_t part = 0; part < 4; part++) parts[part] |= (uint64_t)table[codes[row + 16 * part + lane]] << lane;
        }
        bits[row >> 6] = parts[0] | parts[1] << 16 | parts[2] << 32 | parts[3] << 48;
    }
    if (row == count) return;
    uint64_t rest = 0;
    for (size_t lane = 0; row + lane < count; lane++) rest |= (uint64_t)table[codes[row + lane]] << lane;
    bits[row >> 6] = rest;
}

static void flip_bits_portable(const uint64_t *stream, const uint64_t *rows, size_t word_count, uint64_t *bits) {
    size_t next = 0;
    for (size_t word = 0; word < word_count; word++) {
        for (uint64_t left = rows[word]; left != 0; left &= left - 1, next++) {
            bits[word] ^= (left & (0 - left)) & (0 - (stream[next >> 6] >> (next & 63) & 1));
        }
    }
}

static size_t expand_bytes_portable(
    const uint8_t *values, size_t value_count, const uint8_t *mask, size_t row, size_t count, size_t next, uint8_t *rows) {
    for (; row < count && next < value_count; row++) {
        rows[row] = values[next] & (uint8_t)(0 - mask[row]);
        next += mask[row];
    }
    for (; row < count; row++) {
        rows[row] = 0;
        next += mask[row];
    }
    return next;
}

#if defined(__x86_64__)
#define CK_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define CK_AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

CK_AVX2 static void unpack_bits_avx2(
    const uint32_t *words, size_t groups, uint32_t width, uint32_t number, uint32_t *halves) {
    for (size_t group = 0; group < groups; group++, words += 32 * width, halves += 32) {
        for (uint32_t row = 0; row < 32; row++) {
            const uint32_t *lanes = words + (row * width >> 5) * 32;
            uint32_t shift = (row * width) & 31;
            const __m256i mask = _mm256_set1_epi32((int32_t)(((1u << width) - 1) << shift));
            const __m256i wanted = _mm256_set1_epi32((int32_t)(number << shift));
            uint32_t half = 0;
            for (uint32_t part = 0; part < 4; part++) {
                __m256i eight = _mm256_loadu_si256((const __m256i *)(lanes + 8 * part));
                __m256i is_equal = _mm256_cmpeq_epi32(_mm256_and_si256(eight, mask), wanted);
                half |= (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(is_equal)) << (8 * part);
            }
            halves[row] = half;
        }
    }
}

CK_AVX512 static void unpack_bits_avx512(
    const uint32_t *words, size_t groups, uint32_t width, uint32_t number, uint32_t *halves) {
    for (size_t group = 0; group < groups; group++, words += 32 * width, halves += 32) {
        for (uint32_t word = 0; word < width; word++) {
            const __m512i first = _mm512_loadu_si512(words + word * 32);
            const __m512i second = _mm512_loadu_si512(words + word * 32 + 16);
            __m512i mask = _mm512_set1_epi32((int32_t)((1u << width) - 1));
            __m512i wanted = _mm512_set1_epi32((int32_t)number);
            for (uint32_t row = 32 / width * word; row < 32 / width * (word + 1); row++) {
                uint32_t low = _mm512_cmpeq_epi32_mask(_mm512_and_si512(first, mask), wanted);
                uint32_t high = _mm512_cmpeq_epi32_mask(_mm512_and_si512(second, mask), wanted);
                halves[row] = low | high << 16;
                mask = _mm512_slli_epi32(mask, width);
                wanted = _mm512_slli_epi32(wanted, width);
            }
        }
    }
}

CK_AVX2 static void flip_bits_avx2(const uint64_t *stream, const uint64_t *rows, size_t word_count, uint64_t *bits) {
    size_t next = 0;
    for (size_t word = 0; word < word_count; word++) {
        if (rows[word] == 0) continue;
        // In two steps, since none may be by 64 bits. There is a word behind the last one's.
        uint64_t low = stream[next >> 6] >> (next & 63), high = stream[(next >> 6) + 1] << 1 << (63 - (next & 63));
        bits[word] ^= _pdep_u64(low | high, rows[word]);
        next += (size_t)_mm_popcnt_u64(rows[word]);
    }
}

CK_AVX2 static void bit_sums_avx2(const uint64_t *bits, size_t count, int32_t *before) {
    bit_sums_portable(bits, count, before);
}

CK_AVX2 static void bit_ranks_avx2(
    const uint64_t *bits, const int32_t *before, const int32_t *places, size_t count, int32_t *ranks) {
    for (size_t index = 0; index < count; index++) {
        size_t place = (size_t)places[index];
        ranks[index] = before[place >> 6] + (int32_t)_mm_popcnt_u64(_bzhi_u64(bits[place >> 6], place & 63));
    }
}

/// Entries of a table of flags that, a bit each, is looked up in registers: eight pairs of 64 bytes.
enum { small_span = 8192 };

/// Sixteen vectors with the lowest bit of each of the table's bytes.
CK_AVX512 static size_t pack_table(const uint8_t *table, size_t span, __m512i *packed) {
    size_t pair_count = (span + 1023) / 1024;
    for (size_t index = 0; index < 2 * pair_count; index++) packed[index] = _mm512_setzero_si512();
    uint64_t *words = (uint64_t *)packed;
    const __m512i ones = _mm512_set1_epi8(1);
    for (size_t entry = 0; entry < span; entry += 64) {
        __mmask64 there = span - entry < 64 ? ((uint64_t)1 << (span - entry)) - 1 : ~(uint64_t)0;
        words[entry / 64] = _mm512_test_epi8_mask(_mm512_maskz_loadu_epi8(there, table + entry), ones);
    }
    return pair_count;
}

/// The bits of 64 codes.
CK_AVX512 static inline uint64_t flags_of_64(const uint32_t *codes, const __m512i *packed, size_t pair_count) {
    const __m512i even = _mm512_set_epi16(
        62, 60, 58, 56, 54, 52, 50, 48, 46, 44, 42, 40, 38, 36, 34, 32, 30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2, 0);
    __m512i first = _mm512_permutex2var_epi16(_mm512_loadu_si512(codes), even, _mm512_loadu_si512(codes + 16));
    __m512i second = _mm512_permutex2var_epi16(_mm512_loadu_si512(codes + 32), even, _mm512_loadu_si512(codes + 48));
    // Bytes of both, those of the first before those of the second: a narrowing keeps the order.
    __m512i numbers = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm512_cvtepi16_epi8(first)), _mm512_cvtepi16_epi8(second), 1);
    __m512i places = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm512_cvtepi16_epi8(_mm512_srli_epi16(first, 3))),
        _mm512_cvtepi16_epi8(_mm512_srli_epi16(second, 3)), 1);
    __m512i pairs = _mm512_inserti64x4(
        _mm512_castsi256_si512(_mm512_cvtepi16_epi8(_mm512_srli_epi16(first, 10))),
        _mm512_cvtepi16_epi8(_mm512_srli_epi16(second, 10)), 1);
    const __m512i bit_of_number = _mm512_set1_epi64((int64_t)0x8040201008040201u);
    __m512i bits = _mm512_shuffle_epi8(bit_of_number, _mm512_and_si512(numbers, _mm512_set1_epi8(7)));
    __m512i found = _mm512_setzero_si512();
    for (size_t pair = 0; pair < pair_count; pair++) {
        __mmask64 is_here = _mm512_cmpeq_epi8_mask(pairs, _mm512_set1_epi8((char)pair));
        __m512i bytes = _mm512_permutex2var_epi8(packed[2 * pair], places, packed[2 * pair + 1]);
        found = _mm512_mask_mov_epi8(found, is_here, bytes);
    }
    return _mm512_test_epi8_mask(found, bits);
}

CK_AVX512 static size_t mark_rows_avx512(
    const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint64_t *bits) {
    __m512i packed[16];
    size_t pair_count = pack_table(table, span, packed), row = 0;
    for (; row + 64 <= count; row += 64) bits[row >> 6] = flags_of_64(codes + row, packed, pair_count);
    return row;
}

CK_AVX512 static size_t look_up_flags_avx512(
    const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint8_t *flags) {
    __m512i packed[16];
    size_t pair_count = pack_table(table, span, packed), row = 0;
    for (; row + 64 <= count; row += 64) {
        _mm512_storeu_si512(flags + row, _mm512_maskz_set1_epi8(flags_of_64(codes + row, packed, pair_count), 1));
    }
    return row;
}

CK_AVX512 static size_t expand_bytes_avx512(
    const uint8_t *values, size_t value_count, const uint8_t *mask, size_t count, uint8_t *rows) {
    size_t row = 0, next = 0;
    for (; row + 64 <= count && next + 64 <= value_count; row += 64) {
        __m512i bytes = _mm512_loadu_si512(mask + row);
        __mmask64 present = _mm512_test_epi8_mask(bytes, bytes);
        _mm512_storeu_si512(rows + row, _mm512_maskz_expand_epi8(present, _mm512_loadu_si512(values + next)));
        next += (size_t)_mm_popcnt_u64(present);
    }
    return expand_bytes_portable(values, value_count, mask, row, count, next, rows);
}
#endif

void ck_unpack_bits(
    int32_t level, const uint64_t *words, size_t groups, uint32_t width, uint32_t number, uint64_t *bits) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return unpack_bits_avx512((const uint32_t *)words, groups, width, number, (uint32_t *)bits);
    if (level >= CK_LEVEL_AVX2) return unpack_bits_avx2((const uint32_t *)words, groups, width, number, (uint32_t *)bits);
#endif
    unpack_bits_portable((const uint32_t *)words, groups, width, number, (uint32_t *)bits);
}

void ck_flip_bits(
    int32_t level, const uint64_t *stream, const uint64_t *rows, size_t word_count, uint64_t *bits) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) return flip_bits_avx2(stream, rows, word_count, bits);
#endif
    flip_bits_portable(stream, rows, word_count, bits);
}

void ck_bit_sums(int32_t level, const uint64_t *bits, size_t count, int32_t *before) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) return bit_sums_avx2(bits, count, before);
#endif
    bit_sums_portable(bits, count, before);
}

void ck_bit_ranks(
    int32_t level, const uint64_t *bits, const int32_t *before, const int32_t *places, size_t count, int32_t *ranks) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) return bit_ranks_avx2(bits, before, places, count, ranks);
#endif
    bit_ranks_portable(bits, before, places, count, ranks);
}

size_t ck_bit_rows(const uint64_t *bits, size_t count, int32_t *rows) {
    size_t found = 0;
    for (size_t word = 0; word < count; word++) {
        int32_t first = (int32_t)(word * 64);
        for (uint64_t left = bits[word]; left != 0; left &= left - 1) rows[found++] = first + __builtin_ctzll(left);
    }
    return found;
}

void ck_mark_rows(
    int32_t level, const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint64_t *bits) {
    size_t row = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512 && span <= small_span) row = mark_rows_avx512(codes, count, table, span, bits);
#endif
    mark_rows_portable(codes, row, count, table, bits);
}

void ck_look_up_flags(
    int32_t level, const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint8_t *flags) {
    size_t row = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512 && span <= small_span) row = look_up_flags_avx512(codes, count, table, span, flags);
#endif
    for (; row < count; row++) flags[row] = table[codes[row]];
}

size_t ck_expand_bytes(
    int32_t level, const uint8_t *values, size_t value_count, const uint8_t *mask, size_t count, uint8_t *rows) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return expand_bytes_avx512(values, value_count, mask, count, rows);
#endif
    return expand_bytes_portable(values, value_count, mask, 0, count, 0, rows);
}
