#include <string.h>

#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CK_AVX2 __attribute__((target("avx2,bmi,popcnt")))
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,popcnt")))
#endif

// Kernels over runs of rows. Most runs are short (the lines of a claim): eight rows are written at a time, whatever the length, and
// the next run overwrites what was too much, so that no branch depends on how long a run of up to eight rows is.

typedef int32_t lanes __attribute__((vector_size(16)));

static inline void put(int32_t *place, lanes low, lanes high) {
    memcpy(place, &low, sizeof low);
    memcpy(place + 4, &high, sizeof high);
}

typedef int64_t long_lanes __attribute__((vector_size(16)));

static inline void put_long(int64_t *place, long_lanes same) {
    memcpy(place, &same, sizeof same);
    memcpy(place + 2, &same, sizeof same);
    memcpy(place + 4, &same, sizeof same);
    memcpy(place + 6, &same, sizeof same);
}

void ck_run_of_row(const int32_t *starts, size_t run_count, int32_t *rows) {
    for (size_t run = 0; run < run_count; run++) {
        int32_t row = starts[run], end = starts[run + 1], number = (int32_t)run;
        lanes numbers = {number, number, number, number};
        put(rows + row, numbers, numbers);
        for (row += 8; row < end; row += 8) put(rows + row, numbers, numbers);
    }
}

void ck_spread_8(const int32_t *starts, size_t run_count, const uint8_t *values, uint8_t *rows) {
    for (size_t run = 0; run < run_count; run++) {
        int32_t row = starts[run], end = starts[run + 1];
        uint64_t bytes = values[run] * UINT64_C(0x0101010101010101);
        memcpy(rows + row, &bytes, sizeof bytes);
        for (row += 8; row < end; row += 8) memcpy(rows + row, &bytes, sizeof bytes);
    }
}

void ck_spread_32(const int32_t *starts, size_t run_count, const int32_t *values, int32_t *rows) {
    for (size_t run = 0; run < run_count; run++) {
        int32_t row = starts[run], end = starts[run + 1], value = values[run];
        lanes same = {value, value, value, value};
        put(rows + row, same, same);
        for (row += 8; row < end; row += 8) put(rows + row, same, same);
    }
}

void ck_spread_64(const int32_t *starts, size_t run_count, const int64_t *values, int64_t *rows) {
    for (size_t run = 0; run < run_count; run++) {
        int32_t row = starts[run], end = starts[run + 1];
        long_lanes same = {values[run], values[run]};
        put_long(rows + row, same);
        for (row += 8; row < end; row += 8) put_long(rows + row, same);
    }
}

size_t ck_run_rows(const int32_t *starts, size_t run_count, const uint8_t *mask, int32_t *rows) {
    const lanes low = {0, 1, 2, 3}, high = {4, 5, 6, 7};
    size_t count = 0;
    for (size_t run = 0; run < run_count; run++) {
        int32_t row = starts[run], end = starts[run + 1];
        size_t kept = (size_t)(end - row) & (0 - (size_t)mask[run]);
        put(rows + count, low + row, high + row);
        for (size_t place = 8; place < kept; place += 8) {
            row += 8;
            put(rows + count + place, low + row, high + row);
        }
        count += kept;
    }
    return count;
}

static void select_portable(
    const int32_t *starts, size_t run, size_t run_count, const int32_t *selection, size_t count, size_t position, int32_t *kept) {
    for (; run < run_count; run++) {
        int32_t end = starts[run + 1];
        while (position < count && selection[position] < end) position++;
        kept[run + 1] = (int32_t)position;
    }
}

#if defined(__x86_64__)
CK_AVX2 static void select_avx2(
    const int32_t *starts, size_t run_count, const int32_t *selection, size_t count, int32_t *kept) {
    size_t position = 0, run = 0;
    for (; run < run_count && position + 8 <= count; run++) {
        __m256i end = _mm256_set1_epi32(starts[run + 1]);
        int below;
        do {
            __m256i next = _mm256_loadu_si256((const __m256i *)(selection + position));
            below = __builtin_popcount((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpgt_epi32(end, next))));
            position += (size_t)below;
        } while (below == 8 && position + 8 <= count);
        if (below == 8) break;  // Fewer than eight are left, and some of them may be this run's.
        kept[run + 1] = (int32_t)position;
    }
    select_portable(starts, run, run_count, selection, count, position, kept);
}

CK_AVX512 static void select_avx512(
    const int32_t *starts, size_t run_count, const int32_t *selection, size_t count, int32_t *kept) {
    size_t position = 0, run = 0;
    for (; run < run_count && position + 16 <= count; run++) {
        __m512i end = _mm512_set1_epi32(starts[run + 1]);
        int below;
        do {
            __m512i next = _mm512_loadu_si512(selection + position);
            below = __builtin_popcount(_mm512_cmplt_epi32_mask(next, end));
            position += (size_t)below;
        } while (below == 16 && position + 16 <= count);
        if (below == 16) break;  // Fewer than sixteen are left, and some of them may be this run's.
        kept[run + 1] = (int32_t)position;
    }
    select_portable(starts, run, run_count, selection, count, position, kept);
}
#endif

void ck_run_select(
    int32_t level, const int32_t *starts, size_t run_count, const int32_t *selection, size_t count, int32_t *kept) {
    kept[0] = 0;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        select_avx512(starts, run_count, selection, count, kept);
        return;
    }
    if (level >= CK_LEVEL_AVX2) {
        select_avx2(starts, run_count, selection, count, kept);
        return;
    }
#endif
    (void)level;
    select_portable(starts, 0, run_count, selection, count, 0, kept);
}

static void runs_of_rows_halved(
    const int32_t *starts, size_t run_count, const int32_t *rows, size_t count, int32_t *runs) {
    size_t index = 0;
    // Halved without a branch, eight rows side by side: the search for one does not wait for that for another.
    for (; index + 8 <= count; index += 8) {
        size_t first[8] = {0};
        for (size_t left = run_count; left > 1;) {
            size_t half = left / 2;
            for (size_t row = 0; row < 8; row++) {
                size_t is_behind = starts[first[row] + half] <= rows[index + row];
                first[row] += half & (0 - is_behind);
            }
            left -= half;
        }
        for (size_t row = 0; row < 8; row++) runs[index + row] = (int32_t)first[row];
    }
    for (; index < count; index++) {
        size_t first = 0;
        for (size_t left = run_count; left > 1;) {
            size_t half = left / 2;
            if (starts[first + half] <= rows[index]) first += half;
            left -= half;
        }
        runs[index] = (int32_t)first;
    }
}

/// Of rows that ascend, and close enough together: from the run of one to that of the next.
static void runs_of_rows_portable(
    const int32_t *starts, size_t run_count, const int32_t *rows, size_t index, size_t count, size_t run, int32_t *runs) {
    for (; index < count; index++) {
        while (run + 1 < run_count && starts[run + 1] <= rows[index]) run++;
        runs[index] = (int32_t)run;
    }
}

#if defined(__x86_64__)
CK_AVX512 static void runs_of_rows_avx512(
    const int32_t *starts, size_t run_count, const int32_t *rows, size_t count, int32_t *runs) {
    size_t index = 0, run = 0;
    // Sixteen starts behind the run's own at once, for as long as there are so many.
    for (; index < count && run + 17 <= run_count; index++) {
        const __m512i row = _mm512_set1_epi32(rows[index]);
        while (run + 17 <= run_count) {
            __mmask16 are_before = _mm512_cmple_epi32_mask(_mm512_loadu_si512(starts + run + 1), row);
            run += (size_t)_mm_popcnt_u32(are_before);
            if (are_before != 0xFFFF) break;
        }
        while (run + 17 > run_count && run + 1 < run_count && starts[run + 1] <= rows[index]) run++;
        runs[index] = (int32_t)run;
    }
    runs_of_rows_portable(starts, run_count, rows, index, count, run, runs);
}
#endif

void ck_runs_of_rows(
    int32_t level, const int32_t *starts, size_t run_count, const int32_t *rows, size_t count, int32_t *runs) {
    // With a long way from row to row, halving is shorter.
    if (count * 128 < run_count) return runs_of_rows_halved(starts, run_count, rows, count, runs);
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return runs_of_rows_avx512(starts, run_count, rows, count, runs);
#endif
    runs_of_rows_portable(starts, run_count, rows, 0, count, 0, runs);
}

void ck_mark_runs(const int32_t *starts, const uint64_t *flags, size_t run_count, int32_t of_singles, uint64_t *bits) {
    for (size_t run = 0; run < run_count; run++) {
        uint32_t is_single = flags[run >> 6] >> (run & 63) & 1;
        size_t first = (size_t)starts[run], end = (size_t)starts[run + 1];
        if (of_singles) {
            bits[first >> 6] |= (uint64_t)is_single << (first & 63);
        } else if (!is_single) {
            for (; first < end && (first & 63) != 0; first++) bits[first >> 6] |= 1ull << (first & 63);
            for (; first + 64 <= end; first += 64) bits[first >> 6] = ~0ull;
            if (first < end) bits[first >> 6] |= ~0ull >> (64 - (end - first));
        }
    }
}

void ck_join_runs(
    const int32_t *starts, const uint64_t *flags, size_t run_count, const int64_t *singles, const int64_t *others, int64_t *values) {
    size_t row_count = (size_t)starts[run_count], single = 0, other = 0;
    for (size_t run = 0; run < run_count; run++) {
        size_t first = (size_t)starts[run], end = (size_t)starts[run + 1];
        int64_t *to = values + first;
        if (flags[run >> 6] >> (run & 63) & 1) {
            int64_t value = singles[single++];
            // Eight at once, whatever the length: the next run writes over what is too much.
            if (first + 8 <= row_count) {
                for (size_t lane = 0; lane < 8; lane++) to[lane] = value;
                for (size_t lane = 8; lane < end - first; lane++) to[lane] = value;
            } else {
                for (size_t lane = 0; lane < end - first; lane++) to[lane] = value;
            }
        } else {
            memcpy(to, others + other, (end - first) * 8);
            other += end - first;
        }
    }
}
