#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static size_t find_portable(const uint8_t *bytes, size_t start, size_t length, const uint8_t *needle, size_t count) {
    if (length < count) return length;
    size_t last = length - count;
    while (start <= last) {
        const uint8_t *found = (const uint8_t *)memchr(bytes + start, needle[0], last - start + 1);
        if (!found) return length;
        if (memcmp(found, needle, count) == 0) return (size_t)(found - bytes);
        start = (size_t)(found - bytes) + 1;
    }
    return length;
}

#if defined(__x86_64__)

// Places where the first and the last byte are right are few; only there the bytes between them are looked at.

__attribute__((target("avx2,bmi"))) static size_t find_avx2(
    const uint8_t *bytes, size_t start, size_t length, const uint8_t *needle, size_t count) {
    __m256i first = _mm256_set1_epi8((char)needle[0]), last = _mm256_set1_epi8((char)needle[count - 1]);
    for (; start + count - 1 + 32 <= length; start += 32) {
        __m256i heads = _mm256_loadu_si256((const __m256i *)(bytes + start));
        __m256i tails = _mm256_loadu_si256((const __m256i *)(bytes + start + count - 1));
        uint32_t mask = (uint32_t)_mm256_movemask_epi8(
            _mm256_and_si256(_mm256_cmpeq_epi8(heads, first), _mm256_cmpeq_epi8(tails, last)));
        for (; mask != 0; mask &= mask - 1) {
            size_t place = start + (size_t)__builtin_ctz(mask);
            if (memcmp(bytes + place, needle, count) == 0) return place;
        }
    }
    return find_portable(bytes, start, length, needle, count);
}

__attribute__((target("avx512f,avx512bw,avx512vl,bmi"))) static size_t find_avx512(
    const uint8_t *bytes, size_t start, size_t length, const uint8_t *needle, size_t count) {
    __m512i first = _mm512_set1_epi8((char)needle[0]), last = _mm512_set1_epi8((char)needle[count - 1]);
    for (; start + count - 1 + 64 <= length; start += 64) {
        __mmask64 heads = _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes + start), first);
        uint64_t mask = _mm512_mask_cmpeq_epi8_mask(heads, _mm512_loadu_si512(bytes + start + count - 1), last);
        for (; mask != 0; mask &= mask - 1) {
            size_t place = start + (size_t)__builtin_ctzll(mask);
            if (memcmp(bytes + place, needle, count) == 0) return place;
        }
    }
    return find_portable(bytes, start, length, needle, count);
}

#endif

size_t ck_find_bytes(
    int32_t level, const uint8_t *bytes, size_t start, size_t length, const uint8_t *needle, size_t count) {
    if (start >= length) return length;
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return find_avx512(bytes, start, length, needle, count);
    if (level >= CK_LEVEL_AVX2) return find_avx2(bytes, start, length, needle, count);
#endif
    return find_portable(bytes, start, length, needle, count);
}
