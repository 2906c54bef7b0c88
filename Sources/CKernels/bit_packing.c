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
