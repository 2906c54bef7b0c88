#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Numbers of 1, 2 or 4 bits one behind the other, the first one lowest: eight of them are `width` bytes, and none reaches over the end
// of a byte.

static void pack_stream_portable(
    const int64_t *values, size_t row, size_t count, int64_t base, uint32_t width, uint8_t *stream) {
    uint64_t mask = (1u << width) - 1;
    for (; row < count; row++) {
        size_t bit = row * width;
        uint64_t number = ((uint64_t)values[row] - (uint64_t)base) & mask;
        stream[bit >> 3] = (uint8_t)(stream[bit >> 3] | number << (bit & 7));
    }
}

static void unpack_stream_portable(const uint8_t *stream, size_t row, size_t count, uint32_t width, uint8_t *bytes) {
    uint32_t mask = (1u << width) - 1;
    for (; row < count; row++) {
        size_t bit = row * width;
        bytes[row] = (uint8_t)(stream[bit >> 3] >> (bit & 7) & mask);
    }
}

#if defined(__x86_64__)
#define CK_BMI2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,bmi,bmi2,popcnt")))

CK_AVX512 static inline __attribute__((always_inline)) void pack_stream_of(const int64_t *values, size_t count, int64_t base, uint32_t width, uint8_t *stream) {
    const uint64_t mask = 0x0101010101010101u * ((1u << width) - 1);
    const __m512i bases = _mm512_set1_epi64(base);
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        __m512i numbers = _mm512_sub_epi64(_mm512_loadu_si512(values + row), bases);
        uint64_t eight = (uint64_t)_mm_cvtsi128_si64(_mm512_cvtepi64_epi8(numbers));
        uint64_t packed = _pext_u64(eight, mask);
        memcpy(stream + (row >> 3) * width, &packed, width);
    }
    pack_stream_portable(values, row, count, base, width, stream);
}

CK_BMI2 static inline __attribute__((always_inline)) void unpack_stream_of(const uint8_t *stream, size_t count, uint32_t width, uint8_t *bytes) {
    const uint64_t mask = 0x0101010101010101u * ((1u << width) - 1);
    size_t row = 0;
    for (; row + 8 <= count; row += 8) {
        uint64_t packed = 0;
        memcpy(&packed, stream + (row >> 3) * width, width);
        uint64_t eight = _pdep_u64(packed, mask);
        memcpy(bytes + row, &eight, 8);
    }
    unpack_stream_portable(stream, row, count, width, bytes);
}

CK_AVX512 static void pack_stream_avx512(const int64_t *values, size_t count, int64_t base, uint32_t width, uint8_t *stream) {
    switch (width) {
    case 1: return pack_stream_of(values, count, base, 1, stream);
    case 2: return pack_stream_of(values, count, base, 2, stream);
    default: return pack_stream_of(values, count, base, 4, stream);
    }
}

CK_BMI2 static void unpack_stream_bmi2(const uint8_t *stream, size_t count, uint32_t width, uint8_t *bytes) {
    switch (width) {
    case 1: return unpack_stream_of(stream, count, 1, bytes);
    case 2: return unpack_stream_of(stream, count, 2, bytes);
    default: return unpack_stream_of(stream, count, 4, bytes);
    }
}
#endif

void ck_pack_stream(int32_t level, const int64_t *values, size_t count, int64_t base, uint32_t width, uint64_t *words) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return pack_stream_avx512(values, count, base, width, (uint8_t *)words);
#endif
    pack_stream_portable(values, 0, count, base, width, (uint8_t *)words);
}

void ck_unpack_stream(int32_t level, const uint64_t *words, size_t count, uint32_t width, uint8_t *bytes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) return unpack_stream_bmi2((const uint8_t *)words, count, width, bytes);
#endif
    unpack_stream_portable((const uint8_t *)words, 0, count, width, bytes);
}
