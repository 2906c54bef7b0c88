#include "CKernels.h"
#include "loading.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Lanes on their way into a block: sorted samples, values picked, classed and split.

#if defined(__x86_64__)
#define AVX512 __attribute__((target("avx512f,avx512vl,avx512dq,popcnt")))
#endif

static void sort_few(int64_t *values, size_t count) {
    for (size_t place = 1; place < count; place++) {
        int64_t value = values[place];
        size_t target = place;
        for (; target > 0 && values[target - 1] > value; target--) values[target] = values[target - 1];
        values[target] = value;
    }
}

void ck_sort_lanes(int64_t *values, size_t count, int64_t *room) {
    if (count <= 32) {
        sort_few(values, count);
        return;
    }
    uint64_t different = 0;
    for (size_t place = 1; place < count; place++) different |= (uint64_t)(values[place] ^ values[0]);
    int64_t *source = values, *target = room;
    // Byte by byte from the lowest, those that are the same in all values left out.
    for (int shift = 0; shift < 64; shift += 8) {
        if ((different >> shift & 0xFF) == 0) continue;
        // Negative numbers come first.
        uint64_t turned = shift == 56 ? 0x80 : 0;
        uint32_t places[256] = {0};
        for (size_t place = 0; place < count; place++) places[((uint64_t)source[place] >> shift & 0xFF) ^ turned]++;
        uint32_t sum = 0;
        for (size_t byte = 0; byte < 256; byte++) {
            uint32_t found = places[byte];
            places[byte] = sum;
            sum += found;
        }
        for (size_t place = 0; place < count; place++) {
            int64_t value = source[place];
            target[places[((uint64_t)value >> shift & 0xFF) ^ turned]++] = value;
        }
        int64_t *swapped = source;
        source = target;
        target = swapped;
    }
    if (source != values) memcpy(values, source, count * sizeof *values);
}

// Looks whether there are too many only after so many rows: no more than these are written beyond the limit.
#define HEADS_BLOCK (CK_KEY_HEADS_SLACK - 8)

static size_t key_heads_portable(const uint64_t *keys, size_t row, size_t count, size_t limit, size_t next, int32_t *rows) {
    while (row < count) {
        size_t end = count - row < HEADS_BLOCK ? count : row + HEADS_BLOCK;
        for (; row < end; row++) {
            // Every row is written, the next one over it if it is none of them.
            rows[next] = (int32_t)row;
            next += keys[row] != keys[row - 1];
        }
        if (next > limit) return next;
    }
    return next;
}

#if defined(__x86_64__)
AVX512 static size_t key_heads_avx512(const uint64_t *keys, size_t count, size_t limit, int32_t *rows) {
    size_t next = 1, row = 1;
    rows[0] = 0;
    __m256i numbers = _mm256_setr_epi32(1, 2, 3, 4, 5, 6, 7, 8);
    for (; row + 8 <= count; row += 8) {
        if (next > limit) return next;
        __mmask8 heads = _mm512_cmpneq_epu64_mask(_mm512_loadu_si512(keys + row), _mm512_loadu_si512(keys + row - 1));
        _mm256_storeu_si256((__m256i *)(rows + next), _mm256_maskz_compress_epi32(heads, numbers));
        next += (size_t)_mm_popcnt_u32(heads);
        numbers = _mm256_add_epi32(numbers, _mm256_set1_epi32(8));
    }
    return next > limit ? next : key_heads_portable(keys, row, count, limit, next, rows);
}
#endif

size_t ck_key_heads(int32_t level, const uint64_t *keys, size_t count, size_t limit, int32_t *rows) {
    if (count == 0) return 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return key_heads_avx512(keys, count, limit, rows);
#endif
    (void)level;
    rows[0] = 0;
    return key_heads_portable(keys, 1, count, limit, 1, rows);
}

static size_t pick_lanes_portable(const int64_t *values, const int64_t *flags, size_t count, int64_t *picked) {
    size_t next = 0;
    for (size_t row = 0; row < count; row++) {
        picked[next] = values[row];
        next += (size_t)(flags[row] & 1);
    }
    return next;
}

#if defined(__x86_64__)
AVX512 static size_t pick_lanes_avx512(const int64_t *values, const int64_t *flags, size_t count, int64_t *picked) {
    size_t next = 0, row = 0;
    for (; row + 8 <= count; row += 8) {
        __mmask8 taken = _mm512_test_epi64_mask(_mm512_loadu_si512(flags + row), _mm512_set1_epi64(1));
        // Compressed in a register: straight to memory it is far slower.
        _mm512_storeu_si512(picked + next, _mm512_maskz_compress_epi64(taken, _mm512_loadu_si512(values + row)));
        next += (size_t)__builtin_popcount(taken);
    }
    return next + pick_lanes_portable(values + row, flags + row, count - row, picked + next);
}
#endif

size_t ck_pick_lanes(int32_t level, const int64_t *values, const int64_t *flags, size_t count, int64_t *picked) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return pick_lanes_avx512(values, flags, count, picked);
#endif
    return pick_lanes_portable(values, flags, count, picked);
}

static size_t classify_portable(
    const int64_t *values, size_t count, const int64_t *common, int64_t *classes, int64_t *others) {
    size_t next = 0;
    for (size_t row = 0; row < count; row++) {
        int64_t value = values[row];
        int64_t number = value == common[0] ? 0 : value == common[1] ? 1 : value == common[2] ? 2 : 3;
        classes[row] = number;
        others[next] = value;
        next += (size_t)(number == 3);
    }
    return next;
}

#if defined(__x86_64__)
AVX512 static size_t classify_avx512(
    const int64_t *values, size_t count, const int64_t *common, int64_t *classes, int64_t *others) {
    const __m512i first = _mm512_set1_epi64(common[0]), second = _mm512_set1_epi64(common[1]);
    const __m512i third = _mm512_set1_epi64(common[2]);
    size_t next = 0, row = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i value = _mm512_loadu_si512(values + row);
        __mmask8 is_third = _mm512_cmpeq_epi64_mask(value, third), is_second = _mm512_cmpeq_epi64_mask(value, second);
        __mmask8 is_first = _mm512_cmpeq_epi64_mask(value, first);
        __m512i number = _mm512_mask_mov_epi64(_mm512_set1_epi64(3), is_third, _mm512_set1_epi64(2));
        number = _mm512_mask_mov_epi64(number, is_second, _mm512_set1_epi64(1));
        _mm512_storeu_si512(classes + row, _mm512_maskz_mov_epi64((__mmask8)~is_first, number));
        __mmask8 is_other = (__mmask8)~(is_first | is_second | is_third);
        _mm512_storeu_si512(others + next, _mm512_maskz_compress_epi64(is_other, value));
        next += (size_t)__builtin_popcount(is_other);
    }
    return next + classify_portable(values + row, count - row, common, classes + row, others + next);
}
#endif

size_t ck_classify(
    int32_t level, const int64_t *values, size_t count, const int64_t *common, int64_t *classes, int64_t *others) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return classify_avx512(values, count, common, classes, others);
#endif
    return classify_portable(values, count, common, classes, others);
}

// With a factor that the compiler knows a product does for the division.
#define SPLIT_BY(factor) \
    for (size_t row = 0; row < count; row++) { \
        int64_t value = (int64_t)((uint64_t)values[row] - (uint64_t)base); \
        int64_t lowered = (int64_t)((uint64_t)value - (value < 0 ? (uint64_t)(factor) - 1 : 0)); \
        int64_t quotient = lowered / (factor); \
        quotients[row] = quotient; \
        rests[row] = (int64_t)((uint64_t)value - (uint64_t)quotient * (uint64_t)(factor)); \
    } \
    return

void ck_split(const int64_t *values, size_t count, int64_t base, int64_t factor, int64_t *quotients, int64_t *rests) {
    switch (factor) {
    case 10: SPLIT_BY(10);
    case 100: SPLIT_BY(100);
    case 1000: SPLIT_BY(1000);
    case 10000: SPLIT_BY(10000);
    case 86400: SPLIT_BY(86400);
    default: SPLIT_BY(factor);
    }
}

static uint64_t present_count(const uint8_t *mask, size_t first, size_t end) {
    uint64_t count = 0;
    for (size_t row = first; row < end; row++) count += mask[row];
    return count;
}

static void signs_portable(
    const int64_t *values, const int32_t *starts, size_t run_count, int64_t *room, uint8_t *signs) {
    size_t count = (size_t)starts[run_count];
    // Rows above 0 in the lower half, below 0 in the upper one, each of all rows before; no branch depends on a run's length.
    uint64_t signs_before = 0;
    for (size_t row = 0; row < count; row++) {
        room[row] = (int64_t)signs_before;
        signs_before += (uint64_t)(values[row] > 0) | (uint64_t)(values[row] < 0) << 32;
    }
    room[count] = (int64_t)signs_before;
    for (size_t run = 0; run < run_count; run++) {
        uint64_t found = (uint64_t)room[starts[run + 1]] - (uint64_t)room[starts[run]];
        uint64_t rows = (uint64_t)(uint32_t)(starts[run + 1] - starts[run]);
        signs[run] = (uint8_t)(found == rows ? 0 : found == rows << 32 ? 1 : 2);
    }
}

#if defined(__x86_64__)
/// Whether all bits from `first` to before `end` are set; the bits are followed by eight bytes that may be read.
static inline int are_set(const uint8_t *bits, size_t first, size_t end) {
    for (; first + 56 < end; first += 56) {
        uint64_t word = load_word(bits + first / 8) >> first % 8;
        if ((~word & 0xFFFFFFFFFFFFFFULL) != 0) return 0;
    }
    uint64_t wanted = ((uint64_t)1 << (end - first)) - 1;
    return (~(load_word(bits + first / 8) >> first % 8) & wanted) == 0;
}

/// A bit a row in `room`: those above 0, and behind them those below. There are 64 rows or more.
AVX512 static void signs_avx512(
    const int64_t *values, const int32_t *starts, size_t run_count, int64_t *room, uint8_t *signs) {
    size_t count = (size_t)starts[run_count];
    uint8_t *above = (uint8_t *)room, *below = above + count / 8 + 16;
    const __m512i zero = _mm512_setzero_si512();
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i eight = _mm512_loadu_si512(values + row);
        above[row / 8] = (uint8_t)_mm512_cmpgt_epi64_mask(eight, zero);
        below[row / 8] = (uint8_t)_mm512_movepi64_mask(eight);
    }
    if (row < count) {
        __m512i rest = _mm512_maskz_loadu_epi64((__mmask8)((1u << (count - row)) - 1), values + row);
        above[row / 8] = (uint8_t)_mm512_cmpgt_epi64_mask(rest, zero);
        below[row / 8] = (uint8_t)_mm512_movepi64_mask(rest);
    }
    for (size_t run = 0; run < run_count; run++) {
        size_t first = (size_t)starts[run], end = (size_t)starts[run + 1];
        signs[run] = (uint8_t)(are_set(above, first, end) ? 0 : are_set(below, first, end) ? 1 : 2);
    }
}
#endif

void ck_run_signs(
    int32_t level, const int64_t *values, const uint8_t *mask, const int32_t *starts, size_t run_count, int64_t *room,
    uint8_t *signs, int64_t *sums, uint8_t *present) {
    if (run_count == 0) return;
    size_t count = (size_t)starts[run_count];
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512 && count >= 64) {
        signs_avx512(values, starts, run_count, room, signs);
    } else {
        signs_portable(values, starts, run_count, room, signs);
    }
#else
    (void)level;
    signs_portable(values, starts, run_count, room, signs);
#endif
    if (sums) {
        uint64_t sum_before = 0;
        for (size_t row = 0; row < count; row++) {
            room[row] = (int64_t)sum_before;
            sum_before += (uint64_t)values[row];
        }
        room[count] = (int64_t)sum_before;
        for (size_t run = 0; run < run_count; run++) {
            sums[run] = (int64_t)((uint64_t)room[starts[run + 1]] - (uint64_t)room[starts[run]]);
        }
    }
    if (mask) {
        for (size_t run = 0; run < run_count; run++) {
            present[run] = present_count(mask, (size_t)starts[run], (size_t)starts[run + 1]) > 0;
        }
    }
}

static void changes_portable(const int64_t *values, size_t first, size_t count, size_t *changed, int64_t *low, int64_t *high) {
    for (size_t row = first; row < count; row++) {
        int64_t difference = (int64_t)((uint64_t)values[row] - (uint64_t)values[row - 1]);
        *changed += difference != 0;
        if (difference < *low) *low = difference;
        if (difference > *high) *high = difference;
    }
}

#if defined(__x86_64__)
AVX512 static size_t changes_avx512(const int64_t *values, size_t count, size_t *changed, int64_t *low, int64_t *high) {
    __m512i lows = _mm512_set1_epi64(INT64_MAX), highs = _mm512_set1_epi64(INT64_MIN);
    size_t row = 1, found = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i differences = _mm512_sub_epi64(_mm512_loadu_si512(values + row), _mm512_loadu_si512(values + row - 1));
        found += (size_t)__builtin_popcount(_mm512_test_epi64_mask(differences, differences));
        lows = _mm512_min_epi64(lows, differences);
        highs = _mm512_max_epi64(highs, differences);
    }
    *changed = found;
    *low = _mm512_reduce_min_epi64(lows);
    *high = _mm512_reduce_max_epi64(highs);
    return row;
}
#endif

size_t ck_changes(int32_t level, const int64_t *values, size_t count, int64_t *low, int64_t *high) {
    size_t changed = 0, row = 1;
    *low = INT64_MAX;
    *high = INT64_MIN;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) row = changes_avx512(values, count, &changed, low, high);
#endif
    (void)level;
    changes_portable(values, row, count, &changed, low, high);
    return changed;
}

static void flags_portable(const int64_t *values, size_t first, size_t count, int64_t *flags) {
    for (size_t row = first; row < count; row++) flags[row] = values[row] != values[row - 1];
}

#if defined(__x86_64__)
AVX512 static size_t flags_avx512(const int64_t *values, size_t count, int64_t *flags) {
    const __m512i one = _mm512_set1_epi64(1);
    size_t row = 1;
    for (; row + 8 <= count; row += 8) {
        __mmask8 is_new = _mm512_cmpneq_epi64_mask(_mm512_loadu_si512(values + row), _mm512_loadu_si512(values + row - 1));
        _mm512_storeu_si512(flags + row, _mm512_maskz_mov_epi64(is_new, one));
    }
    return row;
}
#endif

void ck_run_flags(int32_t level, const int64_t *values, size_t count, int64_t *flags) {
    if (count == 0) return;
    size_t row = 1;
    flags[0] = 1;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) row = flags_avx512(values, count, flags);
#endif
    (void)level;
    flags_portable(values, row, count, flags);
}

// Exact division without dividing: multiplied by the inverse of the factor's odd part modulo 2^64 and rotated by its power of
// two, multiples of the factor become their quotients, and everything else becomes larger than any.
// Source: Granlund and Montgomery, "Division by invariant integers using multiplication" (1994), section 9.

static uint64_t quotients_portable(
    const int64_t *values, size_t first, size_t count, int64_t base, uint64_t inverse, int shift, int64_t *quotients) {
    uint64_t largest = 0;
    for (size_t row = first; row < count; row++) {
        uint64_t product = ((uint64_t)values[row] - (uint64_t)base) * inverse;
        uint64_t quotient = product >> shift | product << ((64 - shift) & 63);
        if (quotient > largest) largest = quotient;
        quotients[row] = (int64_t)quotient;
    }
    return largest;
}

#if defined(__x86_64__)
AVX512 static size_t quotients_avx512(
    const int64_t *values, size_t count, int64_t base, uint64_t inverse, int shift, int64_t *quotients, uint64_t *largest) {
    const __m512i bases = _mm512_set1_epi64(base), inverses = _mm512_set1_epi64((long long)inverse);
    const __m512i shifts = _mm512_set1_epi64(shift);
    __m512i most = _mm512_setzero_si512();
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i product = _mm512_mullo_epi64(_mm512_sub_epi64(_mm512_loadu_si512(values + row), bases), inverses);
        __m512i quotient = _mm512_rorv_epi64(product, shifts);
        most = _mm512_max_epu64(most, quotient);
        _mm512_storeu_si512(quotients + row, quotient);
    }
    *largest = _mm512_reduce_max_epu64(most);
    return row;
}
#endif

int32_t ck_exact_quotients(
    int32_t level, const int64_t *values, size_t count, int64_t base, int64_t factor, int64_t *quotients) {
    int shift = __builtin_ctzll((uint64_t)factor);
    uint64_t odd = (uint64_t)factor >> shift, inverse = odd, largest = 0;
    for (int step = 0; step < 5; step++) inverse *= 2 - odd * inverse;
    size_t row = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) row = quotients_avx512(values, count, base, inverse, shift, quotients, &largest);
#endif
    (void)level;
    uint64_t rest = quotients_portable(values, row, count, base, inverse, shift, quotients);
    return (rest > largest ? rest : largest) <= UINT64_MAX / (uint64_t)factor;
}

#if defined(__x86_64__)
/// A bit for each of eight values that is not the common one.
AVX512 static inline uint32_t unlike_avx512(const int64_t *values, __m512i common) {
    return _mm512_cmpneq_epi64_mask(_mm512_loadu_si512(values), common);
}

AVX512 static size_t count_unlike_avx512(const int64_t *values, size_t count, int64_t common, size_t *found) {
    const __m512i commons = _mm512_set1_epi64(common);
    size_t row = 0;
    for (; row + 8 <= count; row += 8) *found += (size_t)__builtin_popcount(unlike_avx512(values + row, commons));
    return row;
}

AVX512 static size_t exceptions_avx512(
    const int64_t *values, size_t count, int64_t common, int64_t *gaps, int64_t *exceptions, size_t *found, size_t *next) {
    const __m512i commons = _mm512_set1_epi64(common);
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        for (uint32_t unlike = unlike_avx512(values + row, commons); unlike; unlike &= unlike - 1) {
            size_t place = row + (size_t)__builtin_ctz(unlike);
            gaps[*found] = (int64_t)(place - *next);
            exceptions[*found] = values[place];
            *next = place + 1;
            *found += 1;
        }
    }
    return row;
}
#endif

size_t ck_count_unlike(int32_t level, const int64_t *values, size_t count, int64_t common) {
    size_t found = 0, row = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) row = count_unlike_avx512(values, count, common, &found);
#endif
    (void)level;
    for (; row < count; row++) found += values[row] != common;
    return found;
}

void ck_exceptions(
    int32_t level, const int64_t *values, size_t count, int64_t common, int64_t *gaps, int64_t *exceptions) {
    size_t found = 0, next = 0, row = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) row = exceptions_avx512(values, count, common, gaps, exceptions, &found, &next);
#endif
    (void)level;
    for (; row < count; row++) {
        if (values[row] == common) continue;
        gaps[found] = (int64_t)(row - next);
        exceptions[found++] = values[row];
        next = row + 1;
    }
}
