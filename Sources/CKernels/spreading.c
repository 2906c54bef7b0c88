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

static size_t expand_portable(
    const int64_t *values, size_t value_count, const uint8_t *mask, size_t row, size_t count, size_t next, int64_t *rows) {
    // No branch depends on the mask. Behind the last value there is nothing left to read.
    for (; row < count && next < value_count; row++) {
        rows[row] = values[next] & (0 - (int64_t)mask[row]);
        next += mask[row];
    }
    for (; row < count; row++) {
        rows[row] = 0;
        next += mask[row];
    }
    return next;
}

static size_t pick_32_portable(
    const uint32_t *values, const uint64_t *bits, size_t row, size_t count, size_t limit, size_t next, uint32_t *picked) {
    // Every row is written while there is room, the next one over it if it was not picked.
    for (; row < count && next < limit; row++) {
        picked[next] = values[row];
        next += (bits[row >> 6] >> (row & 63)) & 1;
    }
    for (; row < count; row++) next += (bits[row >> 6] >> (row & 63)) & 1;
    return next;
}

static size_t repeat_portable(
    const int64_t *values, const uint64_t *bits, size_t row, size_t count, size_t run, int64_t *rows) {
    for (; row < count; row++) {
        run += (bits[row >> 6] >> (row & 63)) & 1;
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

static size_t band_portable(
    const int64_t *values, size_t row, size_t count, int64_t low, int64_t high, int64_t *band, size_t found, size_t *below) {
    for (; row < count; row++) {
        // Every value is written, the next one over it if it lies outside.
        int64_t value = values[row];
        band[found] = value;
        found += value >= low && value <= high;
        *below += value < low;
    }
    return found;
}

static size_t mask_rows_portable(const uint8_t *mask, size_t row, size_t count, size_t found, int32_t *rows) {
    for (; row + 8 <= count; row += 8) {
        uint64_t eight;
        __builtin_memcpy(&eight, mask + row, 8);
        if (eight == 0) continue;
        for (size_t lane = 0; lane < 8; lane++) {
            rows[found] = (int32_t)(row + lane);
            found += mask[row + lane];
        }
    }
    for (; row < count; row++) {
        rows[found] = (int32_t)row;
        found += mask[row];
    }
    return found;
}

static size_t ranks_portable(
    const uint8_t *bytes, uint8_t value, const int32_t *places, size_t place_count, int32_t *ranks) {
    size_t row = 0, found = 0;
    for (size_t index = 0; index < place_count; index++) {
        size_t end = (size_t)places[index];
        for (; row < end; row++) found += bytes[row] == value;
        ranks[index] = (int32_t)found;
    }
    return found;
}

#if defined(__x86_64__)
#define CK_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))

/// For each choice of four rows, which half-lanes bring the chosen of four values to the front (compress), and which bring
/// the values at the front to the chosen rows (expand).
static uint8_t compressing[16][8];
static uint8_t expanding[16][8];
/// For each choice of rows 1 to 3, how many are chosen up to each of rows 0 to 3, as half-lanes.
static uint8_t counting[8][8];
/// For each four classes of two bits, which half-lanes of the table they are; and which of the rows have class 3.
static uint8_t classing[256][8];
static uint8_t class_three[256];

static void set_lane(uint8_t *half_lanes, uint32_t lane, uint32_t source) {
    half_lanes[2 * lane] = (uint8_t)(2 * source);
    half_lanes[2 * lane + 1] = (uint8_t)(2 * source + 1);
}

__attribute__((constructor)) static void fill_choices(void) {
    for (uint32_t chosen = 0; chosen < 16; chosen++) {
        uint32_t count = 0;
        for (uint32_t row = 0; row < 4; row++) {
            set_lane(expanding[chosen], row, count);
            if (!((chosen >> row) & 1)) continue;
            set_lane(compressing[chosen], count, row);
            count++;
        }
    }
    for (uint32_t chosen = 0; chosen < 8; chosen++) {
        uint32_t count = 0;
        set_lane(counting[chosen], 0, 0);
        for (uint32_t row = 1; row < 4; row++) {
            count += (chosen >> (row - 1)) & 1;
            set_lane(counting[chosen], row, count);
        }
    }
    for (uint32_t classes = 0; classes < 256; classes++) {
        for (uint32_t row = 0; row < 4; row++) {
            uint32_t number = (classes >> (2 * row)) & 3;
            set_lane(classing[classes], row, number);
            if (number == 3) class_three[classes] |= (uint8_t)(1 << row);
        }
    }
}

CK_AVX2 static inline __m256i half_lanes(const uint8_t *bytes) {
    return _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)bytes));
}

static inline uint32_t four_bytes(const uint8_t *bytes) {
    uint32_t word;
    __builtin_memcpy(&word, bytes, 4);
    return word;
}

/// Four bytes of zeros and ones as four bits.
static inline uint32_t four_flags(const uint8_t *flags) { return (four_bytes(flags) * 0x01020408u >> 24) & 15; }

CK_AVX2 static size_t expand_classes_avx2(
    const uint8_t *classes, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    int64_t *values) {
    const __m256i table = _mm256_setr_epi64x(common[0], common[1], common[2], 0);
    const __m256i bits = _mm256_setr_epi64x(1, 2, 4, 8);
    size_t row = 0, next = 0;
    for (; row + 4 <= count && next + 4 <= other_count; row += 4) {
        uint32_t word = four_bytes(classes + row) & 0x03030303u;
        uint32_t numbers = (word | word >> 6 | word >> 12 | word >> 18) & 0xFF;
        uint32_t chosen = class_three[numbers];
        __m256i known = _mm256_permutevar8x32_epi32(table, half_lanes(classing[numbers]));
        __m256i source = _mm256_loadu_si256((const __m256i *)(others + next));
        __m256i spread = _mm256_permutevar8x32_epi32(source, half_lanes(expanding[chosen]));
        __m256i mask = _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(chosen), bits), bits);
        _mm256_storeu_si256((__m256i *)(values + row), _mm256_blendv_epi8(known, spread, mask));
        next += (size_t)_mm_popcnt_u32(chosen);
    }
    return expand_classes_portable(classes, row, count, common, others, other_count, next, values);
}

CK_AVX2 static size_t pick_avx2(
    const int64_t *values, const uint8_t *flags, size_t count, size_t limit, int64_t *picked) {
    size_t row = 0, next = 0;
    for (; row + 4 <= count && next + 4 <= limit; row += 4) {
        uint32_t chosen = four_flags(flags + row);
        __m256i source = _mm256_loadu_si256((const __m256i *)(values + row));
        _mm256_storeu_si256(
            (__m256i *)(picked + next), _mm256_permutevar8x32_epi32(source, half_lanes(compressing[chosen])));
        next += (size_t)_mm_popcnt_u32(chosen);
    }
    return pick_portable(values, flags, row, count, limit, next, picked);
}

CK_AVX2 static size_t repeat_avx2(
    const int64_t *values, size_t value_count, const uint64_t *bits, size_t count, int64_t *rows) {
    size_t row = 0, run = 0;
    // The first flag is a one, so that there is a value before every run but it.
    for (; row + 4 <= count && run + 4 <= value_count; row += 4) {
        uint32_t chosen = (uint32_t)(bits[row >> 6] >> (row & 63)) & 15;
        __m256i source = _mm256_loadu_si256((const __m256i *)(values + run + (chosen & 1) - 1));
        _mm256_storeu_si256(
            (__m256i *)(rows + row), _mm256_permutevar8x32_epi32(source, half_lanes(counting[chosen >> 1])));
        run += (size_t)_mm_popcnt_u32(chosen);
    }
    return repeat_portable(values, bits, row, count, run, rows);
}

/// Whole numbers of less than 52 bits to doubles and back, by their place in the fraction of a large double.
CK_AVX2 static inline __m256d to_doubles(__m256i numbers) {
    const __m256i offset = _mm256_set1_epi64x(0x4338000000000000);
    return _mm256_sub_pd(_mm256_castsi256_pd(_mm256_add_epi64(numbers, offset)), _mm256_castsi256_pd(offset));
}

CK_AVX2 static inline __m256i to_numbers(__m256d numbers) {
    const __m256i offset = _mm256_set1_epi64x(0x4338000000000000);
    return _mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(numbers, _mm256_castsi256_pd(offset))), offset);
}

CK_AVX2 static void products_avx2(
    const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values) {
    const __m256d exact_divisor = _mm256_set1_pd((double)divisor);
    const __m256d inverse = _mm256_set1_pd(1.0 / (double)divisor);
    const __m256d one = _mm256_set1_pd(1.0);
    const __m256i half_range = _mm256_set1_epi64x((int64_t)1 << 31);
    const __m256i half_limit = _mm256_set1_epi64x((int64_t)1 << 50);
    // A divisor of more bits than a fraction is not exact as a double.
    size_t row = divisor < ((int64_t)1 << 50) ? 0 : count;
    for (; row + 4 <= count; row += 4) {
        __m256i first = _mm256_loadu_si256((const __m256i *)(left + row));
        __m256i second = _mm256_loadu_si256((const __m256i *)(right + row));
        // Bits above the lower 32 of factors moved up by half the range: such do not fit.
        __m256i wide = _mm256_srli_epi64(
            _mm256_or_si256(_mm256_add_epi64(first, half_range), _mm256_add_epi64(second, half_range)), 32);
        __m256i product = _mm256_mul_epi32(first, second);
        __m256i large = _mm256_srli_epi64(_mm256_add_epi64(product, half_limit), 51);
        if (!_mm256_testz_si256(_mm256_or_si256(wide, large), _mm256_or_si256(wide, large))) {
            products_portable(left, right, row, row + 4, divisor, values);
            continue;
        }
        // The nearest quotient, or one beside it; twice the exact rest tells.
        __m256d exact = to_doubles(product);
        __m256d quotient = _mm256_round_pd(
            _mm256_mul_pd(exact, inverse), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
        __m256d rest = _mm256_sub_pd(exact, _mm256_mul_pd(quotient, exact_divisor));
        __m256d twice = _mm256_add_pd(rest, rest);
        __m256d sign = _mm256_set1_pd(-0.0);
        __m256d is_positive = _mm256_cmp_pd(exact, _mm256_setzero_pd(), _CMP_GT_OQ);
        __m256d negative = _mm256_xor_pd(exact_divisor, sign);
        __m256d up = _mm256_or_pd(
            _mm256_cmp_pd(twice, exact_divisor, _CMP_GT_OQ),
            _mm256_and_pd(_mm256_cmp_pd(twice, exact_divisor, _CMP_EQ_OQ), is_positive));
        __m256d down = _mm256_or_pd(
            _mm256_cmp_pd(twice, negative, _CMP_LT_OQ),
            _mm256_andnot_pd(is_positive, _mm256_cmp_pd(twice, negative, _CMP_EQ_OQ)));
        quotient = _mm256_add_pd(quotient, _mm256_and_pd(up, one));
        quotient = _mm256_sub_pd(quotient, _mm256_and_pd(down, one));
        _mm256_storeu_si256((__m256i *)(values + row), to_numbers(quotient));
    }
    if (divisor >= ((int64_t)1 << 50)) row = 0;
    products_portable(left, right, row, count, divisor, values);
}

#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt")))

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

CK_AVX512 static size_t expand_avx512(
    const int64_t *values, size_t value_count, const uint8_t *mask, size_t count, int64_t *rows) {
    size_t row = 0, next = 0;
    for (; row + 8 <= count && next + 8 <= value_count; row += 8) {
        __m128i bytes = _mm_loadl_epi64((const __m128i *)(mask + row));
        __mmask8 present = (__mmask8)_mm_movemask_epi8(_mm_cmpgt_epi8(bytes, _mm_setzero_si128()));
        _mm512_storeu_si512(rows + row, _mm512_maskz_expand_epi64(present, _mm512_loadu_si512(values + next)));
        next += (size_t)_mm_popcnt_u32(present);
    }
    return expand_portable(values, value_count, mask, row, count, next, rows);
}

CK_AVX512 static size_t pick_32_avx512(
    const uint32_t *values, const uint64_t *bits, size_t count, size_t limit, uint32_t *picked) {
    size_t row = 0, next = 0;
    for (; row + 64 <= count && next + 64 <= limit; row += 64) {
        uint64_t word = bits[row >> 6];
        for (size_t part = 0; part < 64; part += 16) {
            __mmask16 mask = (__mmask16)(word >> part);
            _mm512_storeu_si512(picked + next, _mm512_maskz_compress_epi32(mask, _mm512_loadu_si512(values + row + part)));
            next += (size_t)_mm_popcnt_u32(mask);
        }
    }
    return pick_32_portable(values, bits, row, count, limit, next, picked);
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
    const int64_t *values, size_t value_count, const uint64_t *bits, size_t count, int64_t *rows) {
    size_t row = 0, run = 0;
    // The value before the first run is never read: the first flag is a one.
    if (count >= 8 && value_count >= 8) {
        uint32_t mask = (uint32_t)bits[0] & 0xFF;
        __m512i places = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128((int64_t)(running_counts[mask] - 0x0101010101010101u)));
        _mm512_storeu_si512(rows, _mm512_permutexvar_epi64(places, _mm512_loadu_si512(values)));
        run = (size_t)_mm_popcnt_u32(mask);
        row = 8;
    }
    for (; row != 0 && row + 8 <= count && run + 15 <= value_count; row += 8) {
        uint32_t mask = (uint32_t)(bits[row >> 6] >> (row & 63)) & 0xFF;
        __m512i places = _mm512_cvtepu8_epi64(_mm_cvtsi64_si128((int64_t)running_counts[mask]));
        __m512i low = _mm512_loadu_si512(values + run - 1);
        __m512i high = _mm512_loadu_si512(values + run + 7);
        _mm512_storeu_si512(rows + row, _mm512_permutex2var_epi64(low, places, high));
        run += (size_t)_mm_popcnt_u32(mask);
    }
    return repeat_portable(values, bits, row, count, run, rows);
}

/// A double next to 1 / divisor that is not below it.
static double inverse_above(int64_t divisor) {
    double inverse = 1.0 / (double)divisor;
    uint64_t bits;
    __builtin_memcpy(&bits, &inverse, 8);
    bits++;
    __builtin_memcpy(&inverse, &bits, 8);
    return inverse;
}

CK_AVX512 static void products_avx512(
    const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values) {
    // With x = |product| + divisor / 2 the rounded quotient is ⌊x / divisor⌋. The inverse is at most 2^-52 · 3 / 2 of itself too large,
    // and the multiplication adds at most 2^-53: a quotient is never too small, and for x < 2^50 what it is too large by is less than
    // the 1 / divisor that an x below the next multiple lacks.
    const __m512d inverse = _mm512_set1_pd(inverse_above(divisor));
    const __m512i half = _mm512_set1_epi64(divisor / 2);
    const __m512i limit = _mm512_set1_epi64(((int64_t)1 << 50) - divisor / 2);
    const __m512i zero = _mm512_setzero_si512();
    // A divisor of more bits than a fraction is not exact as a double.
    if (divisor >= ((int64_t)1 << 49)) return products_portable(left, right, 0, count, divisor, values);
    for (size_t row = 0; row < count; row += 8) {
        __mmask8 there = count - row < 8 ? (__mmask8)((1u << (count - row)) - 1) : 0xFF;
        __m512i product = _mm512_mullo_epi64(
            _mm512_maskz_loadu_epi64(there, left + row), _mm512_maskz_loadu_epi64(there, right + row));
        // Unsigned: the magnitude of the smallest number there is, too, is above the limit.
        __m512i magnitude = _mm512_abs_epi64(product);
        if (__builtin_expect(_mm512_cmpge_epu64_mask(magnitude, limit) != 0, 0)) {
            products_portable(left, right, row, count - row < 8 ? count : row + 8, divisor, values);
            continue;
        }
        __m512d dividend = _mm512_cvtepi64_pd(_mm512_add_epi64(magnitude, half));
        __m512i quotient = _mm512_cvttpd_epi64(_mm512_mul_pd(dividend, inverse));
        _mm512_mask_storeu_epi64(
            values + row, there, _mm512_mask_sub_epi64(quotient, _mm512_movepi64_mask(product), zero, quotient));
    }
}
CK_AVX2 static size_t ranks_avx2(
    const uint8_t *bytes, uint8_t value, const int32_t *places, size_t place_count, int32_t *ranks) {
    const __m256i pattern = _mm256_set1_epi8((char)value);
    size_t row = 0, found = 0;
    for (size_t index = 0; index < place_count; index++) {
        size_t end = (size_t)places[index];
        for (; row + 32 <= end; row += 32) {
            __m256i data = _mm256_loadu_si256((const __m256i *)(bytes + row));
            found += (size_t)_mm_popcnt_u32((uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(data, pattern)));
        }
        for (; row < end; row++) found += bytes[row] == value;
        ranks[index] = (int32_t)found;
    }
    return found;
}

CK_AVX512 static size_t band_avx512(
    const int64_t *values, size_t count, int64_t low, int64_t high, int64_t *band, size_t *below) {
    const __m512i lows = _mm512_set1_epi64(low), highs = _mm512_set1_epi64(high);
    size_t row = 0, found = 0, less = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i eight = _mm512_loadu_si512(values + row);
        __mmask8 is_below = _mm512_cmplt_epi64_mask(eight, lows);
        __mmask8 inside = _mm512_cmple_epi64_mask(eight, highs) & (__mmask8)~is_below;
        // Eight values are written, however few lie inside: there is room behind the last one.
        _mm512_storeu_si512(band + found, _mm512_maskz_compress_epi64(inside, eight));
        found += (size_t)_mm_popcnt_u32(inside);
        less += (size_t)_mm_popcnt_u32(is_below);
    }
    *below += less;
    return band_portable(values, row, count, low, high, band, found, below);
}

CK_AVX512 static size_t mask_rows_avx512(const uint8_t *mask, size_t count, int32_t *rows) {
    const __m512i lanes = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    size_t row = 0, found = 0;
    for (; row + 64 <= count; row += 64) {
        __m512i bytes = _mm512_loadu_si512(mask + row);
        uint64_t bits = _mm512_test_epi8_mask(bytes, bytes);
        size_t chosen_count = (size_t)_mm_popcnt_u64(bits);
        if (chosen_count <= 2) {
            // Both are written, however few there are: there is room behind the last one. Without a bit it is row 64.
            rows[found] = (int32_t)(row + (size_t)_tzcnt_u64(bits));
            rows[found + 1] = (int32_t)(row + (size_t)_tzcnt_u64(bits & (bits - 1)));
            found += chosen_count;
            continue;
        }
        for (size_t part = row; bits != 0; part += 16, bits >>= 16) {
            __mmask16 chosen = (__mmask16)bits;
            __m512i numbers = _mm512_add_epi32(lanes, _mm512_set1_epi32((int32_t)part));
            // Sixteen rows are written, however few are chosen: there is room behind the last one.
            _mm512_storeu_si512(rows + found, _mm512_maskz_compress_epi32(chosen, numbers));
            found += (size_t)_mm_popcnt_u32(chosen);
        }
    }
    return mask_rows_portable(mask, row, count, found, rows);
}

CK_AVX512 static size_t ranks_avx512(
    const uint8_t *bytes, uint8_t value, const int32_t *places, size_t place_count, int32_t *ranks) {
    const __m512i pattern = _mm512_set1_epi8((char)value);
    size_t row = 0, found = 0;
    for (size_t index = 0; index < place_count; index++) {
        size_t end = (size_t)places[index];
        for (; row + 64 <= end; row += 64) {
            found += (size_t)_mm_popcnt_u64(_mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes + row), pattern));
        }
        if (row < end) {
            // Bytes behind the place are not read.
            __mmask64 rest = (__mmask64)(~0ull >> (64 - (end - row)));
            found += (size_t)_mm_popcnt_u64(
                _mm512_mask_cmpeq_epi8_mask(rest, _mm512_maskz_loadu_epi8(rest, bytes + row), pattern));
            row = end;
        }
        ranks[index] = (int32_t)found;
    }
    return found;
}
#endif

size_t ck_expand_classes(
    int32_t level, const uint8_t *classes, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return expand_classes_avx512(classes, count, common, others, other_count, values);
    if (level >= CK_LEVEL_AVX2) return expand_classes_avx2(classes, count, common, others, other_count, values);
#endif
    return expand_classes_portable(classes, 0, count, common, others, other_count, 0, values);
}

size_t ck_pick(
    int32_t level, const int64_t *values, const uint8_t *flags, size_t count, size_t limit, int64_t *picked) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return pick_avx512(values, flags, count, limit, picked);
    if (level >= CK_LEVEL_AVX2) return pick_avx2(values, flags, count, limit, picked);
#endif
    return pick_portable(values, flags, 0, count, limit, 0, picked);
}

size_t ck_expand(
    int32_t level, const int64_t *values, size_t value_count, const uint8_t *mask, size_t count, int64_t *rows) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return expand_avx512(values, value_count, mask, count, rows);
#endif
    return expand_portable(values, value_count, mask, 0, count, 0, rows);
}

size_t ck_pick_32(
    int32_t level, const uint32_t *values, const uint64_t *bits, size_t count, size_t limit, uint32_t *picked) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return pick_32_avx512(values, bits, count, limit, picked);
#endif
    return pick_32_portable(values, bits, 0, count, limit, 0, picked);
}

size_t ck_repeat(
    int32_t level, const int64_t *values, size_t value_count, const uint64_t *bits, size_t count, int64_t *rows) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return repeat_avx512(values, value_count, bits, count, rows);
    if (level >= CK_LEVEL_AVX2) return repeat_avx2(values, value_count, bits, count, rows);
#endif
    return repeat_portable(values, bits, 0, count, 0, rows);
}

void ck_products(
    int32_t level, const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        products_avx512(left, right, count, divisor, values);
        return;
    }
    if (level >= CK_LEVEL_AVX2) {
        products_avx2(left, right, count, divisor, values);
        return;
    }
#endif
    products_portable(left, right, 0, count, divisor, values);
}

void ck_recall(
    const uint64_t *bits, const uint32_t *codes, size_t count, const int64_t *news, size_t new_count, int64_t *known,
    int64_t *values) {
    size_t row = 0, next = 0;
    // The new value where the flag is 1, without a branch that depends on the data. While 64 are left they may be read.
    for (; row + 64 <= count && next + 64 <= new_count; row += 64) {
        uint64_t word = bits[row >> 6];
        for (size_t lane = 0; lane < 64; lane++, word >>= 1) {
            int64_t flag = (int64_t)(word & 1);
            size_t place = codes[row + lane];
            int64_t old = known[place];
            int64_t value = old ^ ((old ^ news[next]) & -flag);
            known[place] = value;
            values[row + lane] = value;
            next += (size_t)flag;
        }
    }
    for (; row < count; row++) {
        size_t place = codes[row];
        if ((bits[row >> 6] >> (row & 63) & 1) && next < new_count) known[place] = news[next++];
        values[row] = known[place];
    }
}

void ck_map(
    const uint32_t *codes, const uint8_t *widths, size_t count, const int64_t *bases, const int64_t *numbers, int64_t *places,
    int64_t *values) {
    for (size_t row = 0; row < count; row++) {
        size_t width = widths[row];
        int64_t place = places[width];
        values[row] = (int64_t)((uint64_t)bases[codes[row]] + (uint64_t)numbers[place]);
        places[width] = place + (width != 0);
    }
}

size_t ck_ranks(
    int32_t level, const uint8_t *bytes, uint8_t value, const int32_t *places, size_t place_count, int32_t *ranks) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return ranks_avx512(bytes, value, places, place_count, ranks);
    if (level >= CK_LEVEL_AVX2) return ranks_avx2(bytes, value, places, place_count, ranks);
#endif
    return ranks_portable(bytes, value, places, place_count, ranks);
}

size_t ck_band(
    int32_t level, const int64_t *values, size_t count, int64_t low, int64_t high, int64_t *band, size_t *below) {
    *below = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return band_avx512(values, count, low, high, band, below);
#endif
    return band_portable(values, 0, count, low, high, band, 0, below);
}

size_t ck_mask_rows(int32_t level, const uint8_t *mask, size_t count, int32_t *rows) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return mask_rows_avx512(mask, count, rows);
#endif
    return mask_rows_portable(mask, 0, count, 0, rows);
}

void ck_recalled_numbers(
    const uint64_t *bits, const uint32_t *codes, const int32_t *places, size_t place_count, int32_t *known, int32_t *numbers) {
    size_t row = 0;
    int32_t latest = 0;
    for (size_t index = 0; index < place_count; index++) {
        size_t end = (size_t)places[index] + 1;
        // No branch depends on the flags.
        for (; row < end; row++) {
            size_t place = codes[row];
            int32_t flag = (int32_t)(bits[row >> 6] >> (row & 63) & 1);
            int32_t old = known[place];
            latest += flag;
            known[place] = old ^ ((old ^ latest) & -flag);
        }
        numbers[index] = known[codes[end - 1]];
    }
}

/* A key outside of the table reads its first place and drops what stands there. */
#define FIND_DIRECT(name, key) \
    void name( \
        const key *keys, size_t count, uint64_t lowest, const uint32_t *table, size_t table_count, uint32_t *found) { \
        for (size_t row = 0; row < count; row++) { \
            uint64_t place = keys[row] - lowest; \
            uint64_t has_place = place < table_count; \
            found[row] = (table[place & (0 - has_place)] & (uint32_t)(0 - has_place)) - 1; \
        } \
    }

FIND_DIRECT(ck_find_direct, uint64_t)
FIND_DIRECT(ck_find_direct_32, uint32_t)

void ck_look_up_bytes(const uint32_t *codes, size_t count, const uint8_t *table, uint8_t *bytes) {
    for (size_t row = 0; row < count; row++) bytes[row] = table[codes[row]];
}

void ck_look_up_lanes(const uint32_t *codes, size_t count, const int64_t *table, int64_t *lanes) {
    for (size_t row = 0; row < count; row++) lanes[row] = table[codes[row]];
}

void ck_mark_codes(const uint32_t *codes, size_t count, uint8_t *seen) {
    for (size_t row = 0; row < count; row++) seen[codes[row]] = 1;
}
