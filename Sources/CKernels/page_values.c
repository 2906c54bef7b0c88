#include "CKernels.h"
#include "loading.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Source: Apache Parquet, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid" and "Plain".

static inline uint32_t unpack_scalar(
    const uint8_t *bytes, size_t first, size_t count, uint32_t width, uint32_t *values, uint32_t largest) {
    uint64_t mask = width == 0 ? 0 : ~0ULL >> (64 - width);
    for (size_t row = first; row < count; row++) {
        uint64_t bit = (uint64_t)row * width;
        uint32_t value = (uint32_t)(load_word(bytes + (bit >> 3)) >> (bit & 7) & mask);
        values[row] = value;
        largest = value > largest ? value : largest;
    }
    return largest;
}

#if defined(__x86_64__)
/// Eight numbers a step: four bytes that hold a number are brought into its lane, and shifted down there.
__attribute__((target("avx2"))) static uint32_t unpack_avx2(
    const uint8_t *bytes, size_t count, uint32_t width, uint32_t *values) {
    size_t groups = count / 8;
    uint8_t places[32];
    uint32_t shifts[8];
    for (uint32_t lane = 0; lane < 8; lane++) {
        // The upper four lanes are loaded from where the fifth number begins.
        uint32_t bit = lane < 4 ? lane * width : lane * width - (4 * width >> 3 << 3);
        for (uint32_t byte = 0; byte < 4; byte++) places[lane * 4 + byte] = (uint8_t)((bit >> 3) + byte);
        shifts[lane] = bit & 7;
    }
    __m256i shuffle = _mm256_loadu_si256((const __m256i *)places), shift = _mm256_loadu_si256((const __m256i *)shifts);
    __m256i mask = _mm256_set1_epi32((int32_t)((1U << width) - 1));
    __m256i largest = _mm256_setzero_si256();
    const uint8_t *from = bytes;
    for (size_t group = 0; group < groups; group++) {
        __m256i words = _mm256_inserti128_si256(
            _mm256_castsi128_si256(_mm_loadu_si128((const __m128i *)from)),
            _mm_loadu_si128((const __m128i *)(from + (4 * width >> 3))), 1);
        __m256i numbers = _mm256_and_si256(_mm256_srlv_epi32(_mm256_shuffle_epi8(words, shuffle), shift), mask);
        _mm256_storeu_si256((__m256i *)(values + group * 8), numbers);
        largest = _mm256_max_epu32(largest, numbers);
        from += width;
    }
    uint32_t lanes[8], found = 0;
    _mm256_storeu_si256((__m256i *)lanes, largest);
    for (int lane = 0; lane < 8; lane++) found = lanes[lane] > found ? lanes[lane] : found;
    return unpack_scalar(bytes, groups * 8, count, width, values, found);
}
#endif

uint32_t ck_unpack_codes(int32_t level, const uint8_t *bytes, size_t count, uint32_t width, uint32_t *values) {
#if defined(__x86_64__)
    // Four bytes hold a number of 25 bits wherever it begins in the first.
    if (level >= CK_LEVEL_AVX2 && width > 0 && width <= 25) return unpack_avx2(bytes, count, width, values);
#endif
    return unpack_scalar(bytes, 0, count, width, values, 0);
}

/// Reads the head of a run: its length into `result->found`, of rows or of groups of eight; 0 where it is damaged.
static inline int read_head(
    const uint8_t *bytes, size_t *position, size_t end, int *is_packed, ck_hybrid_result *result) {
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64; shift += 7) {
        if (*position >= end) {
            result->status = CK_HYBRID_NUMBER_CUT;
            return 0;
        }
        uint8_t next = bytes[(*position)++];
        value |= (uint64_t)(next & 0x7F) << shift;
        if (next >= 0x80) continue;
        *is_packed = value & 1;
        result->found = value >> 1;
        if (result->found > 0 && !(*is_packed && result->found > INT32_MAX)) return 1;
        result->status = *is_packed ? CK_HYBRID_GROUPS : CK_HYBRID_RUN_CUT;
        return 0;
    }
    result->status = CK_HYBRID_LONG_NUMBER;
    return 0;
}

ck_hybrid_result ck_read_codes(
    int32_t level, const uint8_t *bytes, size_t start, size_t end, uint32_t width, size_t count, uint32_t *values) {
    ck_hybrid_result result = {start, 0, CK_HYBRID_SOUND, 0};
    size_t position = start, row = 0, value_size = (width + 7) / 8;
    while (row < count) {
        int is_packed;
        if (!read_head(bytes, &position, end, &is_packed, &result)) return result;
        uint64_t length = result.found;
        if (is_packed) {
            size_t rows = length * 8 < count - row ? (size_t)length * 8 : count - row;
            if ((rows * width + 7) / 8 > end - position) {
                result.status = CK_HYBRID_CODES_CUT;
                return result;
            }
            uint32_t largest = ck_unpack_codes(level, bytes + position, rows, width, values + row);
            if (largest > result.largest) result.largest = largest;
            size_t size = (size_t)length * width;
            position = size < end - position ? position + size : end;
            row += rows;
        } else {
            if (value_size > end - position) {
                result.status = CK_HYBRID_RUN_CUT;
                return result;
            }
            uint32_t value = 0;
            for (size_t place = 0; place < value_size; place++) value |= (uint32_t)bytes[position + place] << (8 * place);
            position += value_size;
            if (width < 32 && value >> width) {
                result.found = value;
                result.status = CK_HYBRID_WIDE_VALUE;
                return result;
            }
            size_t rows = length < count - row ? (size_t)length : count - row;
            for (size_t place = 0; place < rows; place++) values[row + place] = value;
            if (value > result.largest) result.largest = value;
            row += rows;
        }
    }
    result.position = position;
    return result;
}

ck_hybrid_result ck_read_levels(const uint8_t *bytes, size_t start, size_t end, size_t count, uint8_t *mask) {
    ck_hybrid_result result = {start, 0, CK_HYBRID_SOUND, 0};
    size_t position = start, row = 0;
    while (row < count) {
        int is_packed;
        if (!read_head(bytes, &position, end, &is_packed, &result)) return result;
        uint64_t length = result.found;
        if (is_packed) {
            size_t rows = length * 8 < count - row ? (size_t)length * 8 : count - row;
            if ((rows + 7) / 8 > end - position) {
                result.status = CK_HYBRID_CODES_CUT;
                return result;
            }
            for (size_t place = 0; place < rows; place += 8) {
                // Each byte of the word keeps one bit of the byte, which then becomes a one.
                uint64_t word = (uint64_t)bytes[position + place / 8] * 0x0101010101010101ULL & 0x8040201008040201ULL;
                word = (word + 0x7F7F7F7F7F7F7F7FULL) >> 7 & 0x0101010101010101ULL;
                memcpy(mask + row + place, &word, rows - place < 8 ? rows - place : 8);
            }
            position = length < end - position ? position + (size_t)length : end;
            row += rows;
        } else {
            if (position >= end) {
                result.status = CK_HYBRID_RUN_CUT;
                return result;
            }
            uint8_t value = bytes[position++];
            if (value > 1) {
                result.found = value;
                result.status = CK_HYBRID_WIDE_VALUE;
                return result;
            }
            size_t rows = length < count - row ? (size_t)length : count - row;
            memset(mask + row, value, rows);
            row += rows;
        }
    }
    for (size_t place = 0; place < count; place++) result.largest += mask[place];
    result.position = position;
    return result;
}

void ck_spread_words(const uint8_t *mask, size_t count, size_t present, uint64_t *values) {
    // From behind: where a value goes to, none is that is still to be moved. A row without one gets that of a neighbour.
    for (size_t row = count; row > present && present > 0;) {
        row--;
        values[row] = values[present - 1];
        present -= mask[row];
    }
}

void ck_spread_halves(const uint8_t *mask, size_t count, size_t present, uint32_t *values) {
    for (size_t row = count; row > present && present > 0;) {
        row--;
        values[row] = values[present - 1];
        present -= mask[row];
    }
}

size_t ck_read_strings(
    const uint8_t *bytes, size_t start, size_t end, size_t count, uint32_t first, uint32_t *ends, uint8_t *strings) {
    size_t position = start;
    // All that is not sizes: there is room for as much.
    size_t left = end - start - 4 * count, written = 0;
    for (size_t place = 0; place < count; place++) {
        if (end - position < 4) return SIZE_MAX;
        uint32_t length;
        memcpy(&length, bytes + position, 4);
        position += 4;
        if (length > left || length > end - position) return SIZE_MAX;
        memcpy(strings + written, bytes + position, 16);
        if (length > 16) memcpy(strings + written + 16, bytes + position + 16, length - 16);
        position += length;
        written += length;
        left -= length;
        ends[place] = first + (uint32_t)written;
    }
    return written;
}
