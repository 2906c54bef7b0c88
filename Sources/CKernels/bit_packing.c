#include "CKernels.h"

#include <string.h>

// Source: docs/file-format.md, "Bit packing". A group is 1024 numbers of at most 32 bits in 32 lanes of 32 bits: number i
// is row i / 32 of lane i mod 32, and word k of lane l is the 32-bit word k * 32 + l of the group.

static inline __attribute__((always_inline)) void pack_group(
    const int64_t *values, int64_t base, uint32_t width, uint32_t *words) {
    memset(words, 0, 128 * (size_t)width);
    for (uint32_t row = 0; row < 32; row++) {
        const int64_t *from = values + row * 32;
        uint32_t bit = row * width;
        uint32_t *low = words + (bit >> 5) * 32;
        uint32_t shift = bit & 31;
        uint32_t numbers[32];
        for (int lane = 0; lane < 32; lane++) numbers[lane] = (uint32_t)((uint64_t)from[lane] - (uint64_t)base);
        for (int lane = 0; lane < 32; lane++) low[lane] |= numbers[lane] << shift;
        if (shift + width > 32) {
            uint32_t *high = low + 32;
            for (int lane = 0; lane < 32; lane++) high[lane] |= numbers[lane] >> (32 - shift);
        }
    }
}

static void pack_portable(const int64_t *values, size_t groups, int64_t base, uint32_t width, uint32_t *words) {
    for (size_t group = 0; group < groups; group++) {
        pack_group(values + group * 1024, base, width, words + group * 32 * width);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void pack_avx2(
    const int64_t *values, size_t groups, int64_t base, uint32_t width, uint32_t *words) {
    for (size_t group = 0; group < groups; group++) {
        pack_group(values + group * 1024, base, width, words + group * 32 * width);
    }
}
#endif

void ck_pack32_at_level(
    int32_t level, const int64_t *values, size_t groups, int64_t base, uint32_t width, uint64_t *words) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) {
        pack_avx2(values, groups, base, width, (uint32_t *)words);
        return;
    }
#endif
    pack_portable(values, groups, base, width, (uint32_t *)words);
}

void ck_pack32(const int64_t *values, size_t groups, int64_t base, uint32_t width, uint64_t *words) {
    ck_pack32_at_level(ck_level(), values, groups, base, width, words);
}

/// Calls `put` with each number of a group, lane after lane of a row.
#define CK_EACH_NUMBER(words, width, put) \
    uint32_t mask = 0xFFFFFFFFu >> (32 - (width)); \
    for (uint32_t row = 0; row < 32; row++) { \
        uint32_t bit = row * (width), shift = bit & 31; \
        const uint32_t *low = (words) + (bit >> 5) * 32; \
        if (shift + (width) <= 32) { \
            for (int lane = 0; lane < 32; lane++) put(row * 32 + (uint32_t)lane, (low[lane] >> shift) & mask); \
        } else { \
            const uint32_t *high = low + 32; \
            for (int lane = 0; lane < 32; lane++) \
                put(row * 32 + (uint32_t)lane, (low[lane] >> shift | high[lane] << (32 - shift)) & mask); \
        } \
    }

static inline __attribute__((always_inline)) void unpack_groups(
    const uint32_t *restrict words, size_t groups, int64_t base, uint32_t factor, uint32_t width, int64_t *restrict values) {
    for (size_t group = 0; group < groups; group++, words += 32 * width, values += 1024) {
        if (factor == 1) {
#define CK_PUT(place, number) values[place] = (int64_t)((uint64_t)base + (number))
            CK_EACH_NUMBER(words, width, CK_PUT)
#undef CK_PUT
        } else {
#define CK_PUT(place, number) values[place] = (int64_t)((uint64_t)base + (uint64_t)(number) * factor)
            CK_EACH_NUMBER(words, width, CK_PUT)
#undef CK_PUT
        }
    }
}

static inline __attribute__((always_inline)) void unpack_byte_groups(
    const uint32_t *restrict words, size_t groups, uint32_t width, uint8_t *restrict bytes) {
    for (size_t group = 0; group < groups; group++, words += 32 * width, bytes += 1024) {
#define CK_PUT(place, number) bytes[place] = (uint8_t)(number)
        CK_EACH_NUMBER(words, width, CK_PUT)
#undef CK_PUT
    }
}

#if defined(__x86_64__)
#define CK_TARGETS_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl")))

__attribute__((target("avx2"))) static void unpack_avx2(
    const uint32_t *words, size_t groups, int64_t base, uint32_t factor, uint32_t width, int64_t *values) {
    unpack_groups(words, groups, base, factor, width, values);
}

CK_TARGETS_AVX512 static void unpack_avx512(
    const uint32_t *words, size_t groups, int64_t base, uint32_t factor, uint32_t width, int64_t *values) {
    unpack_groups(words, groups, base, factor, width, values);
}

__attribute__((target("avx2"))) static void unpack_bytes_avx2(
    const uint32_t *words, size_t groups, uint32_t width, uint8_t *bytes) {
    unpack_byte_groups(words, groups, width, bytes);
}

CK_TARGETS_AVX512 static void unpack_bytes_avx512(
    const uint32_t *words, size_t groups, uint32_t width, uint8_t *bytes) {
    unpack_byte_groups(words, groups, width, bytes);
}
#endif

void ck_unpack32(
    int32_t level, const uint64_t *words, size_t groups, int64_t base, uint32_t factor, uint32_t width, int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return unpack_avx512((const uint32_t *)words, groups, base, factor, width, values);
    if (level >= CK_LEVEL_AVX2) return unpack_avx2((const uint32_t *)words, groups, base, factor, width, values);
#endif
    unpack_groups((const uint32_t *)words, groups, base, factor, width, values);
}

void ck_unpack32_bytes(int32_t level, const uint64_t *words, size_t groups, uint32_t width, uint8_t *bytes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return unpack_bytes_avx512((const uint32_t *)words, groups, width, bytes);
    if (level >= CK_LEVEL_AVX2) return unpack_bytes_avx2((const uint32_t *)words, groups, width, bytes);
#endif
    unpack_byte_groups((const uint32_t *)words, groups, width, bytes);
}

static inline __attribute__((always_inline)) void join_planes(
    const uint8_t *restrict planes, size_t plane_count, size_t count, int64_t base, int64_t *restrict values) {
    for (size_t row = 0; row < count; row++) {
        uint64_t value = (uint64_t)base;
        for (size_t plane = 0; plane < plane_count; plane++) value += (uint64_t)planes[plane * count + row] << (8 * plane);
        values[row] = (int64_t)value;
    }
}

/// With the number of planes known, so that the loop over them is none.
static inline __attribute__((always_inline)) void join_any_planes(
    const uint8_t *planes, size_t plane_count, size_t count, int64_t base, int64_t *values) {
    switch (plane_count) {
    case 0: join_planes(planes, 0, count, base, values); break;
    case 1: join_planes(planes, 1, count, base, values); break;
    case 2: join_planes(planes, 2, count, base, values); break;
    case 3: join_planes(planes, 3, count, base, values); break;
    case 4: join_planes(planes, 4, count, base, values); break;
    default: join_planes(planes, plane_count, count, base, values);
    }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void join_planes_avx2(
    const uint8_t *planes, size_t plane_count, size_t count, int64_t base, int64_t *values) {
    join_any_planes(planes, plane_count, count, base, values);
}

CK_TARGETS_AVX512 static void join_planes_avx512(
    const uint8_t *planes, size_t plane_count, size_t count, int64_t base, int64_t *values) {
    join_any_planes(planes, plane_count, count, base, values);
}
#endif

void ck_join_planes(
    int32_t level, const uint8_t *planes, size_t plane_count, size_t count, int64_t base, int64_t *values) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return join_planes_avx512(planes, plane_count, count, base, values);
    if (level >= CK_LEVEL_AVX2) return join_planes_avx2(planes, plane_count, count, base, values);
#endif
    join_any_planes(planes, plane_count, count, base, values);
}
