#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Kernels that spread few values over many rows, or pick few out of many. Portable forms have no branch that depends on the data.

static size_t expand_classes_portable(
    const uint8_t *classes, size_t row, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    size_t next, int64_t *values) {
    const int64_t table[4] = {common[0], common[1], common[2], 0};
    if (other_count == 0) {
        for (; row < count; row++) values[row] = table[classes[row] & 3];
        return next;
    }
    for (; row < count; row++) {
        uint64_t number = classes[row] & 3;
        uint64_t is_other = (number + 1) >> 2;
        size_t place = next < other_count ? next : other_count - 1;
        values[row] = table[number] | (others[place] & (int64_t)(0 - is_other));
        next += is_other;
    }
    return next;
}

static size_t pick_portable(
    const int64_t *values, const uint8_t *flags, size_t row, size_t count, size_t limit, size_t next, int64_t *picked) {
    if (limit == 0) return 0;
    for (; row < count; row++) {
        // Every row is written, the next one over it if it was not picked; behind the last one to pick none.
        size_t place = next < limit ? next : limit - 1;
        picked[place] = flags[row] && next < limit ? values[row] : picked[place];
        next += flags[row];
    }
    return next;
}

static size_t repeat_portable(
    const int64_t *values, const uint8_t *flags, size_t row, size_t count, size_t run, int64_t *rows) {
    for (; row < count; row++) {
        run += flags[row];
        rows[row] = values[run - 1];
    }
    return run;
}

static inline int64_t rounded_quotient(int64_t product, int64_t divisor) {
    int64_t quotient = product / divisor;
    int64_t rest = product % divisor;
    if (rest >= divisor - rest) quotient++;
    if (rest <= -divisor - rest) quotient--;
    return quotient;
}

static void products_portable(
    const int64_t *left, const int64_t *right, size_t row, size_t count, int64_t divisor, int64_t *values) {
    for (; row < count; row++) {
        int64_t product = (int64_t)((uint64_t)left[row] * (uint64_t)right[row]);
        values[row] = rounded_quotient(product, divisor);
    }
}

#if defined(__x86_64__)
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,popcnt")))

CK_AVX512 static size_t expand_classes_avx512(
    const uint8_t *classes, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    int64_t *values) {
    const __m512i table = _mm512_setr_epi64(common[0], common[1], common[2], 0, 0, 0, 0, 0);
    const __m512i three = _mm512_set1_epi64(3);
    size_t row = 0, next = 0;
    for (; row + 8 <= count && next + 8 <= other_count; row += 8) {
        __m512i numbers = _mm512_and_epi64(
            _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(classes + row))), three);
        __mmask8 is_other = _mm512_cmpeq_epi64_mask(numbers, three);
        __m512i known = _mm512_permutexvar_epi64(numbers, table);
        __m512i source = _mm512_loadu_si512(others + next);
        _mm512_storeu_si512(values + row, _mm512_mask_expand_epi64(known, is_other, source));
        next += (size_t)_mm_popcnt_u32(is_other);
    }
    return expand_classes_portable(classes, row, count, common, others, other_count, next, values);
}

CK_AVX512 static size_t pick_avx512(
    const int64_t *values, const uint8_t *flags, size_t count, size_t limit, int64_t *picked) {
    size_t row = 0, next = 0;
    for (; row + 8 <= count && next + 8 <= limit; row += 8) {
        __m128i bytes = _mm_loadl_epi64((const __m128i *)(flags + row));
        __mmask8 mask = (__mmask8)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_setzero_si128()));
        _mm512_storeu_si512(picked + next, _mm512_maskz_compress_epi64(mask, _mm512_loadu_si512(values + row)));
        next += (size_t)_mm_popcnt_u32(mask);
    }
    return pick_portable(values, flags, row, count, limit, next, picked);
}

/// For each byte of eight flags, how many of them are set up to each row.
static uint64_t running_counts[256];

__attribute__((constructor)) static void fill_running_counts(void) {
    for (uint32_t flags = 0; flags < 256; flags++) {
        uint64_t counts = 0, count = 0;
        for (uint32_t row = 0; row < 8; row++) {
            count += (flags >> row) & 1;
            counts |= count << (8 * row);
        }
        running_counts[flags] = counts;
    }
}

CK_AVX512 static size_t repeat_avx512(
    const int64_t *values, size_t value_count, const uint8_t *flags, size_t count, int64_t *rows) {
    size_t row = 0, run = 0;
    // The value before the first run is never read: the first flag is a one.
    if (count > 0) {
        run = 1;
        rows[0] = values[0];
        row = 1;
    }
    for (; row + 8 <= count && run + 15 <= value_count; row += 8) {
        __m128i bytes = _mm_loadl_epi64((const __m128i *)(flags + row));
        uint32_t mask = (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_setzero_si128())) & 0xFF;
        __m512i places = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128((int64_t)running_counts[mask]));
        __m512i low = _mm512_loadu_si512(values + run - 1);
        __m512i high = _mm512_loadu_si512(values + run + 7);
        _mm512_storeu_si512(rows + row, _mm512_permutex2var_epi64(low, places, high));
        run += (size_t)_mm_popcnt_u32(mask);
    }
    return repeat_portable(values, flags, row, count, run, rows);
}

CK_AVX512 static void products_avx512(
    const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values) {
    const __m512d inverse = _mm512_set1_pd(1.0 / (double)divisor);
    const __m512i divisors = _mm512_set1_epi64(divisor);
    const __m512i negative_divisors = _mm512_set1_epi64(-divisor);
    const __m512i limit = _mm512_set1_epi64((int64_t)1 << 52);
    const __m512i zero = _mm512_setzero_si512();
    const __m512i one = _mm512_set1_epi64(1);
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i product = _mm512_mullo_epi64(_mm512_loadu_si512(left + row), _mm512_loadu_si512(right + row));
        if (_mm512_cmpge_epi64_mask(_mm512_abs_epi64(product), limit) != 0
            || _mm512_cmplt_epi64_mask(_mm512_abs_epi64(product), zero) != 0) {
            products_portable(left, right, row, row + 8, divisor, values);
            continue;
        }
        // The nearest quotient, or one beside it; twice the exact rest tells.
        __m512i quotient = _mm512_cvtpd_epi64(_mm512_mul_pd(_mm512_cvtepi64_pd(product), inverse));
        __m512i rest = _mm512_sub_epi64(product, _mm512_mullo_epi64(quotient, divisors));
        __m512i twice = _mm512_add_epi64(rest, rest);
        __mmask8 is_positive = _mm512_cmpgt_epi64_mask(product, zero);
        __mmask8 up = _mm512_cmpgt_epi64_mask(twice, divisors)
            | (_mm512_cmpeq_epi64_mask(twice, divisors) & is_positive);
        __mmask8 down = _mm512_cmplt_epi64_mask(twice, negative_divisors)
            | (_mm512_cmpeq_epi64_mask(twice, negative_divisors) & (__mmask8)~is_positive);
        quotient = _mm512_mask_add_epi64(quotient, up, quotient, one);
        quotient = _mm512_mask_sub_epi64(quotient, down, quotient, one);
        _mm512_storeu_si512(values + row, quotient);
    }
    products_portable(left, right, row, count, divisor, values);
}
#endif

size_t ck_expand_classes(
    int32_t level, const uint8_t *classes, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return expand_classes_avx512(classes, count, common, others, other_count, values);
#endif
    return expand_classes_portable(classes, 0, count, common, others, other_count, 0, values);
}

size_t ck_pick(
    int32_t level, const int64_t *values, const uint8_t *flags, size_t count, size_t limit, int64_t *picked) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return pick_avx512(values, flags, count, limit, picked);
#endif
    return pick_portable(values, flags, 0, count, limit, 0, picked);
}

size_t ck_repeat(
    int32_t level, const int64_t *values, size_t value_count, const uint8_t *flags, size_t count, int64_t *rows) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return repeat_avx512(values, value_count, flags, count, rows);
#endif
    return repeat_portable(values, flags, 0, count, 0, rows);
}

void ck_products(
    int32_t level, const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        products_avx512(left, right, count, divisor, values);
        return;
    }
#endif
    products_portable(left, right, 0, count, divisor, values);
}
