#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx2"))) static void bounds_avx2(
    const int64_t *values, size_t count, int64_t *low, int64_t *high) {
    __m256i lows = _mm256_loadu_si256((const __m256i *)values);
    __m256i highs = lows;
    __m256i more_lows = lows, more_highs = lows;
    size_t index = 0;
    for (; index + 8 <= count; index += 8) {
        __m256i four = _mm256_loadu_si256((const __m256i *)(values + index));
        __m256i next = _mm256_loadu_si256((const __m256i *)(values + index + 4));
        lows = _mm256_blendv_epi8(lows, four, _mm256_cmpgt_epi64(lows, four));
        highs = _mm256_blendv_epi8(highs, four, _mm256_cmpgt_epi64(four, highs));
        more_lows = _mm256_blendv_epi8(more_lows, next, _mm256_cmpgt_epi64(more_lows, next));
        more_highs = _mm256_blendv_epi8(more_highs, next, _mm256_cmpgt_epi64(next, more_highs));
    }
    int64_t lanes[16];
    _mm256_storeu_si256((__m256i *)lanes, lows);
    _mm256_storeu_si256((__m256i *)(lanes + 4), more_lows);
    _mm256_storeu_si256((__m256i *)(lanes + 8), highs);
    _mm256_storeu_si256((__m256i *)(lanes + 12), more_highs);
    for (int lane = 0; lane < 8; lane++) {
        if (lanes[lane] < *low) *low = lanes[lane];
        if (lanes[lane + 8] > *high) *high = lanes[lane + 8];
    }
    for (; index < count; index++) {
        if (values[index] < *low) *low = values[index];
        if (values[index] > *high) *high = values[index];
    }
}

__attribute__((target("avx2"))) static size_t count_avx2(const uint8_t *bytes, size_t length, uint8_t value) {
    __m256i pattern = _mm256_set1_epi8((char)value);
    __m256i totals = _mm256_setzero_si256();
    size_t offset = 0;
    while (offset + 32 <= length) {
        // A byte counts up to 255 before it is added up.
        __m256i counts = _mm256_setzero_si256();
        size_t steps = (length - offset) / 32;
        if (steps > 255) steps = 255;
        for (size_t step = 0; step < steps; step++, offset += 32) {
            __m256i data = _mm256_loadu_si256((const __m256i *)(bytes + offset));
            counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(data, pattern));
        }
        totals = _mm256_add_epi64(totals, _mm256_sad_epu8(counts, _mm256_setzero_si256()));
    }
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)lanes, totals);
    size_t total = lanes[0] + lanes[1] + lanes[2] + lanes[3];
    for (; offset < length; offset++) total += bytes[offset] == value;
    return total;
}

__attribute__((target("avx2"))) static size_t lines_avx2(
    const uint8_t *bytes, size_t length, uint8_t quote, int32_t *has_quote) {
    __m256i feeds = _mm256_set1_epi8('\n'), quotes = _mm256_set1_epi8((char)quote);
    __m256i totals = _mm256_setzero_si256(), found = _mm256_setzero_si256();
    size_t offset = 0;
    while (offset + 64 <= length) {
        // A byte counts up to 255 before it is added up; each step counts twice.
        __m256i counts = _mm256_setzero_si256();
        size_t steps = (length - offset) / 64;
        if (steps > 127) steps = 127;
        for (size_t step = 0; step < steps; step++, offset += 64) {
            __m256i left = _mm256_loadu_si256((const __m256i *)(bytes + offset));
            __m256i right = _mm256_loadu_si256((const __m256i *)(bytes + offset + 32));
            counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(left, feeds));
            counts = _mm256_sub_epi8(counts, _mm256_cmpeq_epi8(right, feeds));
            found = _mm256_or_si256(found, _mm256_cmpeq_epi8(left, quotes));
            found = _mm256_or_si256(found, _mm256_cmpeq_epi8(right, quotes));
        }
        totals = _mm256_add_epi64(totals, _mm256_sad_epu8(counts, _mm256_setzero_si256()));
    }
    uint64_t lanes[4];
    _mm256_storeu_si256((__m256i *)lanes, totals);
    size_t total = lanes[0] + lanes[1] + lanes[2] + lanes[3];
    int32_t saw_quote = !_mm256_testz_si256(found, found);
    for (; offset < length; offset++) {
        total += bytes[offset] == '\n';
        saw_quote |= bytes[offset] == quote;
    }
    *has_quote = saw_quote;
    return total;
}
#endif

#if defined(__x86_64__)
__attribute__((target("avx512f"))) static void bounds_avx512(
    const int64_t *values, size_t count, int64_t *low, int64_t *high) {
    __m512i lows = _mm512_set1_epi64(INT64_MAX), highs = _mm512_set1_epi64(INT64_MIN);
    __m512i other_lows = lows, other_highs = highs;
    size_t index = 0;
    for (; index + 16 <= count; index += 16) {
        __m512i left = _mm512_loadu_si512(values + index), right = _mm512_loadu_si512(values + index + 8);
        lows = _mm512_min_epi64(lows, left);
        highs = _mm512_max_epi64(highs, left);
        other_lows = _mm512_min_epi64(other_lows, right);
        other_highs = _mm512_max_epi64(other_highs, right);
    }
    *low = _mm512_reduce_min_epi64(_mm512_min_epi64(lows, other_lows));
    *high = _mm512_reduce_max_epi64(_mm512_max_epi64(highs, other_highs));
    for (; index < count; index++) {
        if (values[index] < *low) *low = values[index];
        if (values[index] > *high) *high = values[index];
    }
}
#endif

static size_t count_portable(const uint8_t *bytes, size_t length, uint8_t value) {
    size_t total = 0;
    size_t offset = 0;
    // Byte-wide counters in short stretches keep the loop in vector registers.
    while (offset < length) {
        size_t stretch = length - offset < 128 ? length - offset : 128;
        uint8_t narrow = 0;
        for (size_t index = 0; index < stretch; index++) narrow += bytes[offset + index] == value;
        total += narrow;
        offset += stretch;
    }
    return total;
}

size_t ck_count_byte_at_level(int32_t level, const uint8_t *bytes, size_t length, uint8_t value) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2 && length >= 64) return count_avx2(bytes, length, value);
#endif
    return count_portable(bytes, length, value);
}

size_t ck_count_byte(const uint8_t *bytes, size_t length, uint8_t value) {
    return ck_count_byte_at_level(ck_level(), bytes, length, value);
}

size_t ck_count_lines(
    int32_t level, const uint8_t *bytes, size_t length, uint8_t quote, int32_t *has_quote) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) return lines_avx2(bytes, length, quote, has_quote);
#endif
    *has_quote = length > 0 && memchr(bytes, quote, length) != NULL;
    return count_portable(bytes, length, '\n');
}

void ck_bounds_at_level(int32_t level, const int64_t *values, size_t count, int64_t *low, int64_t *high) {
    *low = INT64_MAX;
    *high = INT64_MIN;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512 && count >= 16) {
        bounds_avx512(values, count, low, high);
        return;
    }
    if (level >= CK_LEVEL_AVX2 && count >= 8) {
        bounds_avx2(values, count, low, high);
        return;
    }
#endif
    for (size_t index = 0; index < count; index++) {
        if (values[index] < *low) *low = values[index];
        if (values[index] > *high) *high = values[index];
    }
}

void ck_bounds(const int64_t *values, size_t count, int64_t *low, int64_t *high) {
    ck_bounds_at_level(ck_level(), values, count, low, high);
}

int32_t ck_level(void) {
    static int32_t known = -1;
    int32_t level = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if (level < 0) {
        level = ck_best_level();
        __atomic_store_n(&known, level, __ATOMIC_RELAXED);
    }
    return level;
}
