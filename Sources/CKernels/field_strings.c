#include "CKernels.h"
#include "string_slots.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,bmi2")))
#endif

// Fields of a block looked up in a table of strings: all are hashed first, then what their look-ups will read is asked for, and
// only then are they compared.

/// Fields on their way at once.
#define TOGETHER 256

#if defined(__x86_64__)
/// As `hash_of` for up to 64 bytes, without a branch on the length. Longer ones are left to `hash_of`.
AVX512 static inline uint64_t hash_wide(const uint8_t *bytes, size_t length) {
    if (length > 64) return hash_of(bytes, length);
    static const uint64_t secrets[8] = {
        0xBE4BA423396CFEB8ULL, 0x1CAD21F72C81017CULL, 0xDB979083E96DD4DEULL, 0x1F67B3B7A4A44072ULL,
        0x78E5C0CC4EE679CBULL, 0x2172FFCC7DD05A82ULL, 0x8E2443F7744608B8ULL, 0x4C263A81E69035E0ULL,
    };
    __m512i data = _mm512_maskz_loadu_epi8(_bzhi_u64(~0ULL, (uint32_t)length), bytes);
    __m512i keyed = _mm512_xor_si512(data, _mm512_loadu_si512(secrets));
    __m512i products = _mm512_mul_epu32(keyed, _mm512_srli_epi64(keyed, 32));
    // Words are added to the product of their neighbour, so that a product of 0 loses nothing.
    __m512i sums = _mm512_add_epi64(products, _mm512_shuffle_epi32(data, (_MM_PERM_ENUM)0x4E));
    __m256i half = _mm256_add_epi64(
        _mm512_castsi512_si256(sums), _mm256_mul_epu32(_mm512_extracti64x4_epi64(sums, 1), _mm256_set1_epi64x(0x9E3779B1)));
    half = _mm256_add_epi64(half, _mm256_srli_epi64(_mm512_extracti64x4_epi64(sums, 1), 29));
    __m128i quarter = _mm_add_epi64(
        _mm256_castsi256_si128(half), _mm_slli_epi64(_mm256_extracti128_si256(half, 1), 5));
    uint64_t low = (uint64_t)_mm_cvtsi128_si64(quarter), high = (uint64_t)_mm_extract_epi64(quarter, 1);
    return mix(low ^ mix(high ^ (uint64_t)length));
}

/// Whether two texts of the same length are equal; up to 64 bytes without a branch on the length.
AVX512 static inline int is_equal_wide(const uint8_t *left, const uint8_t *right, size_t length) {
    if (length > 64) return is_equal(left, right, length);
    __mmask64 taken = _bzhi_u64(~0ULL, (uint32_t)length);
    return _mm512_cmpneq_epi8_mask(_mm512_maskz_loadu_epi8(taken, left), _mm512_maskz_loadu_epi8(taken, right)) == 0;
}
#endif

#define HASH_FIELDS_BODY(hash_of) \
    for (size_t index = 0; index < count; index++) { \
        size_t row = rows ? rows[index] : index; \
        const uint32_t *record = ends + row * columns; \
        uint32_t start = first == 0 ? starts[row] : record[first - 1] + 1, end = record[last]; \
        fields[index] = (uint64_t)end << 32 | start; \
        hashes[index] = hash_of(bytes + start, end - start); \
    }

static void hash_fields_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first, size_t last,
    const uint32_t *rows, size_t count, uint64_t *fields, uint64_t *hashes) {
    HASH_FIELDS_BODY(hash_of)
}

#define FIND_FIELDS_BODY(is_equal) \
    while (count > 0) { \
        size_t together = count < TOGETHER ? count : TOGETHER; \
        for (size_t index = 0; index < together; index++) { \
            __builtin_prefetch(slots + ((size_t)(hashes[index] >> 32) & mask), 0, 3); \
        } \
        uint32_t entries[TOGETHER]; \
        for (size_t index = 0; index < together; index++) { \
            uint64_t slot = slots[(size_t)(hashes[index] >> 32) & mask]; \
            /* Mostly the first slot is the one. A free one, or another's, is looked into below. */ \
            entries[index] = ((slot ^ hashes[index]) & TAG) == 0 ? (uint32_t)slot : 0; \
            uint32_t entry = entries[index] ? entries[index] - 1 : 0; \
            const uint8_t *text = entry_bytes + entry_offsets[entry]; \
            __builtin_prefetch(text, 0, 3); \
            __builtin_prefetch(text + 63, 0, 3); \
        } \
        for (size_t index = 0; index < together; index++) { \
            size_t start = (uint32_t)fields[index], length = (size_t)(fields[index] >> 32) - start; \
            uint32_t entry = entries[index]; \
            if (entry) { \
                uint32_t offset = entry_offsets[entry - 1]; \
                if (entry_offsets[entry] - offset == length && is_equal(bytes + start, entry_bytes + offset, length)) { \
                    codes[index] = entry - 1; \
                    continue; \
                } \
            } \
            size_t slot = slot_of(bytes + start, length, hashes[index], slots, mask, entry_bytes, entry_offsets); \
            codes[index] = slots[slot] ? (uint32_t)(slots[slot] & ~TAG) - 1 : UINT32_MAX; \
        } \
        fields += together; \
        hashes += together; \
        codes += together; \
        count -= together; \
    }

static void find_fields_portable(
    const uint8_t *bytes, const uint64_t *fields, const uint64_t *hashes, size_t count, const uint64_t *slots, size_t mask,
    const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes) {
    FIND_FIELDS_BODY(is_equal)
}

#if defined(__x86_64__)
AVX512 static void hash_fields_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first, size_t last,
    const uint32_t *rows, size_t count, uint64_t *fields, uint64_t *hashes) {
    HASH_FIELDS_BODY(hash_wide)
}

AVX512 static void find_fields_avx512(
    const uint8_t *bytes, const uint64_t *fields, const uint64_t *hashes, size_t count, const uint64_t *slots, size_t mask,
    const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes) {
    FIND_FIELDS_BODY(is_equal_wide)
}

AVX512 static uint64_t hash_field_avx512(const uint8_t *bytes, size_t length) { return hash_wide(bytes, length); }
#endif

uint64_t ck_hash_field(int32_t level, const uint8_t *bytes, size_t length) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return hash_field_avx512(bytes, length);
#endif
    return hash_of(bytes, length);
}

void ck_hash_fields(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first,
    size_t last, const uint32_t *rows, size_t count, uint64_t *fields, uint64_t *hashes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        hash_fields_avx512(bytes, starts, ends, columns, first, last, rows, count, fields, hashes);
        return;
    }
#endif
    hash_fields_portable(bytes, starts, ends, columns, first, last, rows, count, fields, hashes);
}

void ck_find_fields(
    int32_t level, const uint8_t *bytes, const uint64_t *fields, const uint64_t *hashes, size_t count,
    const uint64_t *slots, size_t mask, const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        find_fields_avx512(bytes, fields, hashes, count, slots, mask, entry_bytes, entry_offsets, codes);
        return;
    }
#endif
    find_fields_portable(bytes, fields, hashes, count, slots, mask, entry_bytes, entry_offsets, codes);
}

size_t ck_short_strings(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, const uint32_t *table, uint32_t *codes) {
    for (size_t index = 0; index < count; index++) {
        const uint32_t *record = ends + (size_t)rows[index] * columns;
        size_t start = column == 0 ? starts[rows[index]] : (size_t)record[column - 1] + 1;
        size_t length = record[column] - start;
        // The byte behind a string of one is taken as a zero; a string of two has none.
        uint32_t first = bytes[start], second = length == 2 ? bytes[start + 1] : 0;
        if (length - 1 > 1 || (first | second) > 0x7F || (length == 2 && second == 0)) return index;
        uint32_t code = table[second << 7 | first];
        if (code == UINT32_MAX) return index;
        codes[index] = code;
    }
    return count;
}
