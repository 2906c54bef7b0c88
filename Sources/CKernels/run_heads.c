#include "CKernels.h"
#include "loading.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Whether `length` bytes at two places are equal. The last word is looked at first: identifiers that follow each other
/// differ at their ends.
static inline int is_same(const uint8_t *left, const uint8_t *right, size_t length) {
    if (length < 8) {
        // Both places have eight readable bytes; a shift by 64 would be no shift.
        return length == 0 || ((load_word(left) ^ load_word(right)) << (64 - 8 * length)) == 0;
    }
    if (load_word(left + length - 8) != load_word(right + length - 8)) return 0;
    size_t offset = 0;
    for (; offset + 32 <= length; offset += 32) {
        uint64_t difference = (load_word(left + offset) ^ load_word(right + offset))
            | (load_word(left + offset + 8) ^ load_word(right + offset + 8))
            | (load_word(left + offset + 16) ^ load_word(right + offset + 16))
            | (load_word(left + offset + 24) ^ load_word(right + offset + 24));
        if (difference) return 0;
    }
    for (; offset + 8 < length; offset += 8) {
        if (load_word(left + offset) != load_word(right + offset)) return 0;
    }
    return 1;
}

#define RUN_HEADS_BODY(is_same) \
    size_t count = 0; \
    size_t known_start = (size_t)before_start; \
    size_t known_length = before_start < 0 ? SIZE_MAX : (size_t)(before_end - before_start); \
    for (size_t row = 0; row < rows; row++) { \
        const uint32_t *record = ends + row * columns; \
        size_t start = first == 0 ? starts[row] : (size_t)record[first - 1] + 1; \
        size_t length = record[last] - start; \
        heads[count] = (uint32_t)row; \
        count += !(length == known_length && is_same(bytes + start, bytes + known_start, length)); \
        known_start = start; \
        known_length = length; \
    } \
    return count

static size_t heads_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first, size_t last,
    size_t rows, ptrdiff_t before_start, ptrdiff_t before_end, uint32_t *heads) {
    RUN_HEADS_BODY(is_same);
}

#if defined(__x86_64__)
/// As `is_same`, for 32 bytes or more with 32 at a time; the last 32 overlap those before.
__attribute__((target("avx2"))) static inline int is_same_avx2(
    const uint8_t *left, const uint8_t *right, size_t length) {
    if (length < 32) return is_same(left, right, length);
    __m256i difference = _mm256_xor_si256(
        _mm256_loadu_si256((const __m256i *)(left + length - 32)),
        _mm256_loadu_si256((const __m256i *)(right + length - 32)));
    for (size_t offset = 0; offset + 32 < length; offset += 32) {
        difference = _mm256_or_si256(
            difference,
            _mm256_xor_si256(
                _mm256_loadu_si256((const __m256i *)(left + offset)),
                _mm256_loadu_si256((const __m256i *)(right + offset))));
    }
    return _mm256_testz_si256(difference, difference);
}

__attribute__((target("avx2"))) static size_t heads_avx2(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first, size_t last,
    size_t rows, ptrdiff_t before_start, ptrdiff_t before_end, uint32_t *heads) {
    RUN_HEADS_BODY(is_same_avx2);
}

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi2")))

/// Up to 128 bytes of the row before stay in two registers: the first 64 and, of more, the last 64.
AVX512 static size_t heads_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first, size_t last,
    size_t rows, ptrdiff_t before_start, ptrdiff_t before_end, uint32_t *heads) {
    size_t count = 0;
    size_t known_start = (size_t)before_start, known_length = SIZE_MAX;
    __m512i known_front = _mm512_setzero_si512(), known_back = known_front;
    if (before_start >= 0) {
        known_length = (size_t)(before_end - before_start);
        __mmask64 taken = _bzhi_u64(~0ULL, known_length > 64 ? 64 : (uint32_t)known_length);
        known_front = _mm512_maskz_loadu_epi8(taken, bytes + known_start);
        if (known_length > 64) known_back = _mm512_loadu_si512(bytes + before_end - 64);
    }
    for (size_t row = 0; row < rows; row++) {
        const uint32_t *record = ends + row * columns;
        size_t start = first == 0 ? starts[row] : (size_t)record[first - 1] + 1;
        size_t end = record[last], length = end - start;
        __m512i front, back = known_back;
        __mmask64 difference;
        if (length <= 32) {
            __m256i half = _mm256_maskz_loadu_epi8(_bzhi_u32(~0U, (uint32_t)length), bytes + start);
            difference = _mm256_cmpneq_epi8_mask(half, _mm512_castsi512_si256(known_front));
            front = _mm512_castsi256_si512(half);
        } else if (length <= 64) {
            front = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ULL, (uint32_t)length), bytes + start);
            difference = _mm512_cmpneq_epi8_mask(front, known_front);
        } else {
            front = _mm512_loadu_si512(bytes + start);
            back = _mm512_loadu_si512(bytes + end - 64);
            difference = _mm512_cmpneq_epi8_mask(front, known_front) | _mm512_cmpneq_epi8_mask(back, known_back);
            if (length > 128 && length == known_length) {
                for (size_t offset = 64; offset + 64 < length; offset += 64) {
                    difference |= _mm512_cmpneq_epi8_mask(
                        _mm512_loadu_si512(bytes + start + offset), _mm512_loadu_si512(bytes + known_start + offset));
                }
            }
        }
        heads[count] = (uint32_t)row;
        count += (size_t)((length != known_length) | (difference != 0));
        known_front = front;
        known_back = back;
        known_start = start;
        known_length = length;
    }
    return count;
}

#undef AVX512
#endif

size_t ck_run_heads(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first,
    size_t last, size_t rows, ptrdiff_t before_start, ptrdiff_t before_end, uint32_t *heads) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        return heads_avx512(bytes, starts, ends, columns, first, last, rows, before_start, before_end, heads);
    }
    if (level >= CK_LEVEL_AVX2) {
        return heads_avx2(bytes, starts, ends, columns, first, last, rows, before_start, before_end, heads);
    }
#endif
    return heads_portable(bytes, starts, ends, columns, first, last, rows, before_start, before_end, heads);
}
