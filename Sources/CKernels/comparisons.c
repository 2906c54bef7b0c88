#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define CK_EACH_COMPARISON(CASE) \
    CASE(CK_EQUAL, ==, EQ)       \
    CASE(CK_NOT_EQUAL, !=, NE)   \
    CASE(CK_LESS, <, LT)         \
    CASE(CK_LESS_OR_EQUAL, <=, LE) \
    CASE(CK_GREATER, >, NLE)     \
    CASE(CK_GREATER_OR_EQUAL, >=, NLT)

// For any processor, and, within a function for a better one, for that.
static inline __attribute__((always_inline)) void compare_rows(
    int32_t comparison, const int64_t *left, const int64_t *right, size_t row, size_t count, uint8_t *mask) {
    switch (comparison) {
#define CASE(NAME, OPERATOR, PREDICATE) \
    case NAME:                          \
        for (; row < count; row++) mask[row] = left[row] OPERATOR right[row]; \
        break;
        CK_EACH_COMPARISON(CASE)
#undef CASE
    }
}

static inline __attribute__((always_inline)) void compare_constant(
    int32_t comparison, const int64_t *left, int64_t right, size_t row, size_t count, uint8_t *mask) {
    switch (comparison) {
#define CASE(NAME, OPERATOR, PREDICATE) \
    case NAME:                          \
        for (; row < count; row++) mask[row] = left[row] OPERATOR right; \
        break;
        CK_EACH_COMPARISON(CASE)
#undef CASE
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void compare_rows_avx2(
    int32_t comparison, const int64_t *left, const int64_t *right, size_t count, uint8_t *mask) {
    compare_rows(comparison, left, right, 0, count, mask);
}

__attribute__((target("avx2"))) static void compare_constant_avx2(
    int32_t comparison, const int64_t *left, int64_t right, size_t count, uint8_t *mask) {
    compare_constant(comparison, left, right, 0, count, mask);
}

// 64 rows at a time: eight comparisons make the bits of one register of bytes.
#define COMPARE_64(PREDICATE, RIGHT)                                                                             \
    for (; row + 64 <= count; row += 64) {                                                                       \
        uint64_t bits = 0;                                                                                       \
        for (size_t lane = 0; lane < 64; lane += 8) {                                                            \
            __m512i own = _mm512_loadu_si512(left + row + lane);                                                 \
            bits |= (uint64_t)_mm512_cmp_epi64_mask(own, RIGHT, _MM_CMPINT_##PREDICATE) << lane;                 \
        }                                                                                                        \
        _mm512_storeu_si512(mask + row, _mm512_maskz_set1_epi8(bits, 1));                                        \
    }                                                                                                            \
    break;

__attribute__((target("avx512f,avx512bw"))) static void compare_rows_avx512(
    int32_t comparison, const int64_t *left, const int64_t *right, size_t count, uint8_t *mask) {
    size_t row = 0;
    switch (comparison) {
#define CASE(NAME, OPERATOR, PREDICATE) \
    case NAME:                          \
        COMPARE_64(PREDICATE, _mm512_loadu_si512(right + row + lane))
        CK_EACH_COMPARISON(CASE)
#undef CASE
    }
    compare_rows(comparison, left, right, row, count, mask);
}

__attribute__((target("avx512f,avx512bw"))) static void compare_constant_avx512(
    int32_t comparison, const int64_t *left, int64_t right, size_t count, uint8_t *mask) {
    size_t row = 0;
    __m512i constant = _mm512_set1_epi64(right);
    switch (comparison) {
#define CASE(NAME, OPERATOR, PREDICATE) \
    case NAME:                          \
        COMPARE_64(PREDICATE, constant)
        CK_EACH_COMPARISON(CASE)
#undef CASE
    }
    compare_constant(comparison, left, right, row, count, mask);
}
#endif

void ck_compare_rows(
    int32_t level, int32_t comparison, const int64_t *left, const int64_t *right, size_t count, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return compare_rows_avx512(comparison, left, right, count, mask);
    if (level >= CK_LEVEL_AVX2) return compare_rows_avx2(comparison, left, right, count, mask);
#endif
    (void)level;
    compare_rows(comparison, left, right, 0, count, mask);
}

void ck_compare_constant(
    int32_t level, int32_t comparison, const int64_t *left, int64_t right, size_t count, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return compare_constant_avx512(comparison, left, right, count, mask);
    if (level >= CK_LEVEL_AVX2) return compare_constant_avx2(comparison, left, right, count, mask);
#endif
    (void)level;
    compare_constant(comparison, left, right, 0, count, mask);
}
