#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Codes of 32 bits straight from packed numbers, without 64-bit lanes between. Groups as in bit_packing.c.

static inline __attribute__((always_inline)) void unpack_codes(
    const uint32_t *restrict words, size_t groups, uint32_t base, uint32_t width, uint32_t *restrict codes) {
    uint32_t mask = 0xFFFFFFFFu >> (32 - width);
    for (size_t group = 0; group < groups; group++, words += 32 * width, codes += 1024) {
        for (uint32_t row = 0; row < 32; row++) {
            uint32_t bit = row * width, shift = bit & 31;
            const uint32_t *low = words + (bit >> 5) * 32;
            if (shift + width <= 32) {
                for (int lane = 0; lane < 32; lane++) codes[row * 32 + lane] = base + ((low[lane] >> shift) & mask);
            } else {
                const uint32_t *high = low + 32;
                for (int lane = 0; lane < 32; lane++)
                    codes[row * 32 + lane] = base + ((low[lane] >> shift | high[lane] << (32 - shift)) & mask);
            }
        }
    }
}

static size_t expand_code_classes_portable(
    const uint8_t *classes, size_t row, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    size_t next, uint32_t *codes) {
    const uint32_t table[4] = {common[0], common[1], common[2], 0};
    for (; row < count; row++) {
        uint32_t number = classes[row] & 3;
        uint32_t is_other = (number + 1) >> 2;
        uint32_t other = next < other_count ? others[next] : 0;
        codes[row] = table[number] | (other & (0 - is_other));
        next += is_other;
    }
    return next;
}

static size_t expand_code_stream_portable(
    const uint8_t *stream, size_t row, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    size_t next, uint32_t *codes) {
    const uint32_t table[4] = {common[0], common[1], common[2], 0};
    for (; row < count; row++) {
        uint32_t number = stream[row >> 2] >> (2 * (row & 3)) & 3;
        uint32_t is_other = (number + 1) >> 2;
        uint32_t other = next < other_count ? others[next] : 0;
        codes[row] = table[number] | (other & (0 - is_other));
        next += is_other;
    }
    return next;
}

static size_t expand_code_groups_portable(
    const uint32_t *words, size_t groups, const uint32_t *common, const uint32_t *others, size_t other_count, uint32_t *codes) {
    size_t next = 0;
    for (size_t group = 0; group < groups; group++, words += 64, codes += 1024) {
        uint8_t classes[1024];
        for (uint32_t row = 0; row < 32; row++) {
            const uint32_t *lanes = words + (row >> 4) * 32;
            for (uint32_t lane = 0; lane < 32; lane++) classes[row * 32 + lane] = (lanes[lane] >> ((2 * row) & 31)) & 3;
        }
        next = expand_code_classes_portable(classes, 0, 1024, common, others, other_count, next, codes);
    }
    return next;
}

static inline __attribute__((always_inline)) void code_bounds(
    const uint32_t *codes, size_t count, uint32_t *low, uint32_t *high) {
    uint32_t smallest = UINT32_MAX, largest = 0;
    for (size_t row = 0; row < count; row++) {
        smallest = codes[row] < smallest ? codes[row] : smallest;
        largest = codes[row] > largest ? codes[row] : largest;
    }
    *low = smallest;
    *high = largest;
}

#if defined(__x86_64__)
#define CK_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,popcnt")))

CK_AVX2 static void unpack_codes_avx2(
    const uint32_t *words, size_t groups, uint32_t base, uint32_t width, uint32_t *codes) {
    unpack_codes(words, groups, base, width, codes);
}

CK_AVX2 static size_t expand_code_groups_avx2(
    const uint32_t *words, size_t groups, const uint32_t *common, const uint32_t *others, size_t other_count, uint32_t *codes) {
    const __m256i table = _mm256_setr_epi32((int32_t)common[0], (int32_t)common[1], (int32_t)common[2], 0, 0, 0, 0, 0);
    const __m256i three = _mm256_set1_epi32(3);
    size_t next = 0;
    for (size_t group = 0; group < groups; group++, words += 64) {
        for (uint32_t row = 0; row < 32; row++, codes += 32) {
            const uint32_t *lanes = words + (row >> 4) * 32;
            const __m128i shift = _mm_cvtsi32_si128((int32_t)((2 * row) & 31));
            for (uint32_t part = 0; part < 32; part += 8) {
                __m256i eight = _mm256_loadu_si256((const __m256i *)(lanes + part));
                __m256i numbers = _mm256_and_si256(_mm256_srl_epi32(eight, shift), three);
                __m256i is_other = _mm256_cmpeq_epi32(numbers, three);
                uint32_t chosen = (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(is_other));
                __m256i known = _mm256_permutevar8x32_epi32(table, numbers);
                // For each chosen lane the number of the next one, as a byte.
                uint64_t bytes = _pdep_u64(chosen, 0x0101010101010101u) * 0xFF;
                __m256i places = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((int64_t)_pdep_u64(0x0706050403020100u, bytes)));
                uint32_t few[8] = {0};
                const uint32_t *source = others + next;
                if (__builtin_expect(next + 8 > other_count, 0)) {
                    for (size_t left = 0; next + left < other_count; left++) few[left] = source[left];
                    source = few;
                }
                __m256i spread = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)source), places);
                _mm256_storeu_si256((__m256i *)(codes + part), _mm256_blendv_epi8(known, spread, is_other));
                next += (size_t)_mm_popcnt_u32(chosen);
            }
        }
    }
    return next;
}

CK_AVX512 static void unpack_codes_avx512(
    const uint32_t *words, size_t groups, uint32_t base, uint32_t width, uint32_t *codes) {
    unpack_codes(words, groups, base, width, codes);
}

CK_AVX2 static void code_bounds_avx2(const uint32_t *codes, size_t count, uint32_t *low, uint32_t *high) {
    code_bounds(codes, count, low, high);
}

CK_AVX512 static void code_bounds_avx512(const uint32_t *codes, size_t count, uint32_t *low, uint32_t *high) {
    code_bounds(codes, count, low, high);
}

CK_AVX512 static size_t expand_code_groups_avx512(
    const uint32_t *words, size_t groups, const uint32_t *common, const uint32_t *others, size_t other_count, uint32_t *codes) {
    const __m512i table = _mm512_zextsi128_si512(_mm_setr_epi32((int32_t)common[0], (int32_t)common[1], (int32_t)common[2], 0));
    const __m512i three = _mm512_set1_epi32(3);
    size_t next = 0;
    for (size_t group = 0; group < groups; group++, words += 64) {
        for (uint32_t word = 0; word < 2; word++) {
            __m512i halves[2] = {_mm512_loadu_si512(words + word * 32), _mm512_loadu_si512(words + word * 32 + 16)};
            for (uint32_t row = 0; row < 16; row++, codes += 32) {
                for (uint32_t part = 0; part < 2; part++) {
                    __m512i numbers = _mm512_and_si512(halves[part], three);
                    halves[part] = _mm512_srli_epi32(halves[part], 2);
                    __mmask16 is_other = _mm512_cmpeq_epi32_mask(numbers, three);
                    __m512i known = _mm512_permutexvar_epi32(numbers, table);
                    __m512i source;
                    if (__builtin_expect(next + 16 <= other_count, 1)) {
                        source = _mm512_loadu_si512(others + next);
                    } else {
                        size_t left = next < other_count ? other_count - next : 0;
                        source = _mm512_maskz_loadu_epi32((__mmask16)((1u << left) - 1), others + (left ? next : 0));
                    }
                    _mm512_storeu_si512(codes + 16 * part, _mm512_mask_expand_epi32(known, is_other, source));
                    next += (size_t)_mm_popcnt_u32(is_other);
                }
            }
        }
    }
    return next;
}

CK_AVX512 static size_t expand_code_stream_avx512(
    const uint8_t *stream, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count, uint32_t *codes) {
    const __m512i table = _mm512_zextsi128_si512(_mm_setr_epi32((int32_t)common[0], (int32_t)common[1], (int32_t)common[2], 0));
    const __m512i three = _mm512_set1_epi32(3);
    const __m512i shifts = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    size_t row = 0, next = 0;
    for (; row + 16 <= count && next + 16 <= other_count; row += 16) {
        uint32_t sixteen;
        memcpy(&sixteen, stream + (row >> 2), 4);
        __m512i numbers = _mm512_and_si512(_mm512_srlv_epi32(_mm512_set1_epi32((int32_t)sixteen), shifts), three);
        __mmask16 is_other = _mm512_cmpeq_epi32_mask(numbers, three);
        __m512i known = _mm512_permutexvar_epi32(numbers, table);
        _mm512_storeu_si512(codes + row, _mm512_mask_expand_epi32(known, is_other, _mm512_loadu_si512(others + next)));
        next += (size_t)_mm_popcnt_u32(is_other);
    }
    return expand_code_stream_portable(stream, row, count, common, others, other_count, next, codes);
}

CK_AVX512 static size_t expand_code_classes_avx512(
    const uint8_t *classes, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count, uint32_t *codes) {
    const __m512i table = _mm512_zextsi128_si512(_mm_setr_epi32((int32_t)common[0], (int32_t)common[1], (int32_t)common[2], 0));
    const __m512i three = _mm512_set1_epi32(3);
    size_t row = 0, next = 0;
    for (; row + 16 <= count && next + 16 <= other_count; row += 16) {
        __m512i numbers = _mm512_and_si512(_mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(classes + row))), three);
        __mmask16 is_other = _mm512_cmpeq_epi32_mask(numbers, three);
        __m512i known = _mm512_permutexvar_epi32(numbers, table);
        _mm512_storeu_si512(codes + row, _mm512_mask_expand_epi32(known, is_other, _mm512_loadu_si512(others + next)));
        next += (size_t)_mm_popcnt_u32(is_other);
    }
    return expand_code_classes_portable(classes, row, count, common, others, other_count, next, codes);
}
#endif

void ck_unpack32_codes(
    int32_t level, const uint64_t *words, size_t groups, uint32_t base, uint32_t width, uint32_t *codes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return unpack_codes_avx512((const uint32_t *)words, groups, base, width, codes);
    if (level >= CK_LEVEL_AVX2) return unpack_codes_avx2((const uint32_t *)words, groups, base, width, codes);
#endif
    unpack_codes((const uint32_t *)words, groups, base, width, codes);
}

size_t ck_expand_code_groups(
    int32_t level, const uint64_t *words, size_t groups, const uint32_t *common, const uint32_t *others,
    size_t other_count, uint32_t *codes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512)
        return expand_code_groups_avx512((const uint32_t *)words, groups, common, others, other_count, codes);
    if (level >= CK_LEVEL_AVX2)
        return expand_code_groups_avx2((const uint32_t *)words, groups, common, others, other_count, codes);
#endif
    return expand_code_groups_portable((const uint32_t *)words, groups, common, others, other_count, codes);
}

size_t ck_expand_code_classes(
    int32_t level, const uint8_t *classes, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    uint32_t *codes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return expand_code_classes_avx512(classes, count, common, others, other_count, codes);
#endif
    return expand_code_classes_portable(classes, 0, count, common, others, other_count, 0, codes);
}

size_t ck_expand_code_stream(
    int32_t level, const uint64_t *words, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    uint32_t *codes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512)
        return expand_code_stream_avx512((const uint8_t *)words, count, common, others, other_count, codes);
#endif
    return expand_code_stream_portable((const uint8_t *)words, 0, count, common, others, other_count, 0, codes);
}

void ck_code_bounds(int32_t level, const uint32_t *codes, size_t count, uint32_t *low, uint32_t *high) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return code_bounds_avx512(codes, count, low, high);
    if (level >= CK_LEVEL_AVX2) return code_bounds_avx2(codes, count, low, high);
#endif
    code_bounds(codes, count, low, high);
}

void ck_look_up_codes(const uint32_t *codes, size_t count, const uint32_t *table, uint32_t *found) {
    for (size_t row = 0; row < count; row++) found[row] = table[codes[row]];
}
