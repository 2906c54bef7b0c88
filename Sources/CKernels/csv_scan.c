#include "CKernels.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

typedef struct {
    ck_scan_result result;
    size_t start;
    /// Start of the field and record being read; only valid while `is_synchronized`.
    size_t field_start;
    size_t record_start;
    /// Positions written before that record.
    size_t record_start_count;
    size_t quote_open;
    /// The second quote of a doubled pair, already used.
    size_t skipped;
    int in_quotes;
    int has_newline_in_field;
    int has_text_after_quote;
    int is_synchronized;
} scan_state;

static void scan_begin(scan_state *state, size_t start) {
    memset(state, 0, sizeof *state);
    state->start = start;
    state->field_start = start;
    state->record_start = start;
    state->skipped = (size_t)-1;
    state->result.end = start;
    state->is_synchronized = 1;
}

/// Finds the field and record starts again after blocks of the fast path: they follow the last positions.
static void scan_synchronize(scan_state *state, const uint8_t *bytes, const uint32_t *positions) {
    size_t count = state->result.count;
    state->is_synchronized = 1;
    if (count == 0 || count == state->record_start_count) return;
    state->field_start = (size_t)positions[count - 1] + 1;
    for (size_t index = count; index > state->record_start_count; index--) {
        if (bytes[positions[index - 1]] == '\n') {
            state->record_start = (size_t)positions[index - 1] + 1;
            state->record_start_count = index;
            // A record that ended in the fast path has no text after a quote: quotes end the fast path.
            return;
        }
    }
}

static ck_scan_result scan_discard(scan_state *state, int32_t status) {
    state->result.count = state->record_start_count;
    state->result.end = state->record_start;
    state->result.status = status;
    return state->result;
}

static ck_scan_result scan_unclosed(scan_state *state) { return scan_discard(state, CK_SCAN_UNCLOSED_QUOTE); }

/// Reads one block byte by byte of its mask; returns 1 when the scan is over.
static int scan_block(
    scan_state *state, const uint8_t *bytes, size_t base, uint64_t mask, size_t stop, size_t length,
    uint8_t delimiter, uint8_t quote, uint32_t *positions) {
    while (mask != 0) {
        size_t position = base + (size_t)__builtin_ctzll(mask);
        mask &= mask - 1;
        uint8_t byte = bytes[position];
        if (state->in_quotes) {
            if (position - state->quote_open > CK_QUOTED_FIELD_LIMIT) {
                scan_unclosed(state);
                return 1;
            }
            if (byte == '\n') {
                state->has_newline_in_field = 1;
                state->result.quoted_newline_count++;
                continue;
            }
            if (byte != quote || position == state->skipped) continue;
            if (position + 1 < length && bytes[position + 1] == quote) {
                state->skipped = position + 1;
                state->result.saw_doubled_quote = 1;
                continue;
            }
            state->in_quotes = 0;
            uint8_t next = position + 1 < length ? bytes[position + 1] : '\n';
            int ends_field = next == delimiter || next == '\n'
                || (next == '\r' && position + 2 < length && bytes[position + 2] == '\n');
            if (!ends_field) {
                // A field that took in a line end and then runs into text swallowed other records.
                if (state->has_newline_in_field) {
                    scan_unclosed(state);
                    return 1;
                }
                state->has_text_after_quote = 1;
            }
            continue;
        }
        if (byte == quote) {
            if (position != state->field_start) continue;
            state->in_quotes = 1;
            state->quote_open = position;
            state->has_newline_in_field = 0;
            continue;
        }
        positions[state->result.count++] = (uint32_t)position;
        state->field_start = position + 1;
        if (byte != '\n') continue;
        if (state->has_text_after_quote) {
            scan_discard(state, CK_SCAN_TEXT_AFTER_QUOTE);
            state->result.record_end = position + 1;
            return 1;
        }
        state->result.record_count++;
        state->record_start = position + 1;
        state->record_start_count = state->result.count;
        if (position + 1 >= stop) {
            state->result.end = position + 1;
            state->result.status = CK_SCAN_DONE;
            return 1;
        }
    }
    return 0;
}

/// Whether, in the 64 bytes from `base` on, each quote opens a field as its first byte or closes it as its last one, and no line
/// ends inside quotes. `inside` has a one from each opening quote to the byte before the closing one. Doubled quotes are not
/// regular, nor are quotes within a field that has none at its start.
static inline int quotes_are_regular(
    const uint8_t *bytes, size_t base, size_t start, size_t length, uint8_t delimiter, uint64_t delimiters,
    uint64_t newlines, uint64_t quotes, uint64_t inside) {
    uint64_t opens = quotes & inside, closes = quotes & ~inside;
    uint64_t ends = delimiters | newlines;
    if ((newlines & inside) != 0) return 0;
    uint64_t follows_end = ends << 1;
    if ((opens & 1) != 0) {
        follows_end |= base == start || bytes[base - 1] == delimiter || bytes[base - 1] == '\n';
    }
    if ((opens & ~follows_end) != 0) return 0;
    uint64_t odd = closes & ~(ends >> 1);
    while (odd != 0) {
        size_t next = base + (size_t)__builtin_ctzll(odd) + 1;
        odd &= odd - 1;
        if (next >= length) return 0;
        if (bytes[next] == delimiter || bytes[next] == '\n') continue;
        if (bytes[next] != '\r' || next + 1 >= length || bytes[next + 1] != '\n') return 0;
    }
    return 1;
}

/// Where a search for a cut stands: outside quotes, or at the quote that opens a field.
typedef struct {
    size_t position;
    /// Where the record of `position` starts.
    size_t record_start;
} cut_state;

static inline void emit_bits(uint64_t mask, size_t base, uint32_t *out) {
    while (mask != 0) {
        *out++ = (uint32_t)(base + (size_t)__builtin_ctzll(mask));
        mask &= mask - 1;
    }
}

// scan_full needs the positions to find the record start; the macro keeps the body free of that detail.
#define scan_full(state, bytes) \
    (((state)->is_synchronized ? (void)0 : scan_synchronize((state), (bytes), positions)), \
     scan_discard((state), CK_SCAN_FULL))

/// 0x80 in each byte of `word` that is zero, exact in every byte.
static inline uint64_t zero_bytes(uint64_t word) {
    const uint64_t low = 0x7F7F7F7F7F7F7F7Full;
    return ~(((word & low) + low) | word | low);
}

/// One bit for each byte of the 64 that equals `value`.
static inline uint64_t portable_mask(const uint8_t *block, uint8_t value) {
    uint64_t result = 0;
    uint64_t pattern = 0x0101010101010101ull * value;
    for (int group = 0; group < 8; group++) {
        uint64_t word;
        memcpy(&word, block + group * 8, 8);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        uint64_t bits = ((zero_bytes(word ^ pattern) >> 7) * 0x0102040810204080ull) >> 56;
        result |= bits << (group * 8);
    }
    return result;
}

/// A one from each set bit on up to the bit before the next one: the bytes between the first and second quote, the third and
/// fourth, and so on.
static inline uint64_t portable_inside(uint64_t quotes) {
    quotes ^= quotes << 1;
    quotes ^= quotes << 2;
    quotes ^= quotes << 4;
    quotes ^= quotes << 8;
    quotes ^= quotes << 16;
    quotes ^= quotes << 32;
    return quotes;
}

static inline int portable_has(const uint8_t *bytes, uint8_t value) { return memchr(bytes, value, 256) != 0; }

#define SCAN_HAS(bytes, value) portable_has(bytes, value)
#define SCAN_NAME scan_portable
#define SCAN_CUT_NAME cut_portable
#define SCAN_INSIDE(quotes) portable_inside(quotes)
#define SCAN_TARGET
#define SCAN_MASKS(block, d, n, q) \
    d = portable_mask(block, delimiter); n = portable_mask(block, '\n'); q = portable_mask(block, quote)
#define SCAN_EMIT(mask, base, out, count) \
    do { emit_bits(mask, base, (out) + (count)); (count) += (size_t)__builtin_popcountll(mask); } while (0)
#include "csv_scan_body.h"

#if defined(__x86_64__)

/// As `portable_inside`: a product without carries by a number of ones alone.
__attribute__((target("pclmul"))) static inline uint64_t multiplied_inside(uint64_t quotes) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)quotes), _mm_set1_epi8((char)0xFF), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) static inline uint64_t avx2_mask(
    __m256i low, __m256i high, uint8_t value) {
    __m256i pattern = _mm256_set1_epi8((char)value);
    uint64_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, pattern));
    uint64_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, pattern));
    return a | (b << 32);
}

/// Writes eight positions at a time without asking how many there are; the capacity leaves room for a whole block.
__attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt"))) static inline void avx2_emit(
    uint64_t mask, size_t base, uint32_t *out, size_t *count) {
    size_t found = (size_t)__builtin_popcountll(mask);
    uint32_t *place = out + *count;
    for (size_t done = 0; done < found; done += 8) {
        for (int lane = 0; lane < 8; lane++) {
            place[done + (size_t)lane] = (uint32_t)(base + (size_t)_tzcnt_u64(mask));
            mask = _blsr_u64(mask);
        }
    }
    *count += found;
}

__attribute__((target("avx2"))) static inline int avx2_has(const uint8_t *bytes, uint8_t value) {
    __m256i pattern = _mm256_set1_epi8((char)value), found = _mm256_setzero_si256();
    for (int part = 0; part < 8; part++) {
        __m256i data = _mm256_loadu_si256((const __m256i *)(bytes + part * 32));
        found = _mm256_or_si256(found, _mm256_cmpeq_epi8(data, pattern));
    }
    return !_mm256_testz_si256(found, found);
}

#define SCAN_HAS(bytes, value) avx2_has(bytes, value)
#define SCAN_NAME scan_avx2
#define SCAN_CUT_NAME cut_avx2
#define SCAN_INSIDE(quotes) multiplied_inside(quotes)
#define SCAN_TARGET __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt,pclmul")))
#define SCAN_MASKS(block, d, n, q) \
    __m256i low = _mm256_loadu_si256((const __m256i *)(block)); \
    __m256i high = _mm256_loadu_si256((const __m256i *)((block) + 32)); \
    d = avx2_mask(low, high, delimiter); n = avx2_mask(low, high, '\n'); q = avx2_mask(low, high, quote)
#define SCAN_EMIT(mask, base, out, count) avx2_emit(mask, base, out, &(count))
#include "csv_scan_body.h"

#define AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt,lzcnt,pclmul")))

/// Compresses the byte numbers of the set bits to the front, then widens sixteen at a time.
AVX512 static inline void avx512_emit(uint64_t mask, size_t base, uint32_t *out, size_t *count) {
    const __m512i numbers = _mm512_set_epi64(
        0x3F3E3D3C3B3A3938ll, 0x3736353433323130ll, 0x2F2E2D2C2B2A2928ll, 0x2726252423222120ll, 0x1F1E1D1C1B1A1918ll,
        0x1716151413121110ll, 0x0F0E0D0C0B0A0908ll, 0x0706050403020100ll);
    size_t found = (size_t)__builtin_popcountll(mask);
    __m512i packed = _mm512_maskz_compress_epi8(mask, numbers);
    __m512i offset = _mm512_set1_epi32((int)(uint32_t)base);
    uint32_t *place = out + *count;
    _mm512_storeu_si512(place, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (__builtin_expect(found > 16, 0)) {
        __m128i part1 = _mm512_extracti32x4_epi32(packed, 1);
        __m128i part2 = _mm512_extracti32x4_epi32(packed, 2);
        __m128i part3 = _mm512_extracti32x4_epi32(packed, 3);
        _mm512_storeu_si512(place + 16, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(part1)));
        _mm512_storeu_si512(place + 32, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(part2)));
        _mm512_storeu_si512(place + 48, _mm512_add_epi32(offset, _mm512_cvtepu8_epi32(part3)));
    }
    *count += found;
}

AVX512 static inline int avx512_has(const uint8_t *bytes, uint8_t value) {
    __m512i pattern = _mm512_set1_epi8((char)value);
    __mmask64 found = 0;
    for (int part = 0; part < 4; part++) {
        found |= _mm512_cmpeq_epi8_mask(_mm512_loadu_si512(bytes + part * 64), pattern);
    }
    return found != 0;
}

#define SCAN_HAS(bytes, value) avx512_has(bytes, value)
#define SCAN_NAME scan_avx512
#define SCAN_CUT_NAME cut_avx512
#define SCAN_INSIDE(quotes) multiplied_inside(quotes)
#define SCAN_TARGET AVX512
#define SCAN_MASKS(block, d, n, q) \
    __m512i data = _mm512_loadu_si512(block); \
    d = _mm512_cmpeq_epi8_mask(data, _mm512_set1_epi8((char)delimiter)); \
    n = _mm512_cmpeq_epi8_mask(data, _mm512_set1_epi8('\n')); \
    q = _mm512_cmpeq_epi8_mask(data, _mm512_set1_epi8((char)quote))
#define SCAN_EMIT(mask, base, out, count) avx512_emit(mask, base, out, &(count))
#include "csv_scan_body.h"

#endif

int32_t ck_best_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (!__builtin_cpu_supports("pclmul")) return CK_LEVEL_PORTABLE;
    if (__builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512vbmi")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512cd")) {
        return CK_LEVEL_AVX512;
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2")) {
        return CK_LEVEL_AVX2;
    }
#endif
    return CK_LEVEL_PORTABLE;
}

ck_scan_result ck_scan(
    int32_t level, const uint8_t *bytes, size_t start, size_t stop, size_t length, uint8_t delimiter, uint8_t quote,
    uint32_t *positions, size_t capacity) {
    if (stop > length) stop = length;
#if defined(__x86_64__)
    if (level == CK_LEVEL_AVX512) {
        return scan_avx512(bytes, start, stop, length, delimiter, quote, positions, capacity);
    }
    if (level == CK_LEVEL_AVX2) {
        return scan_avx2(bytes, start, stop, length, delimiter, quote, positions, capacity);
    }
#endif
    return scan_portable(bytes, start, stop, length, delimiter, quote, positions, capacity);
}

static const uint8_t *last_newline(const uint8_t *bytes, size_t start, size_t end) {
    while (end > start) {
        end--;
        if (bytes[end] == '\n') return bytes + end;
    }
    return 0;
}

static cut_state pass_regular(
    int32_t level, const uint8_t *bytes, size_t position, size_t record_start, size_t target, size_t length,
    uint8_t delimiter, uint8_t quote) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) return cut_avx512(bytes, position, record_start, target, length, delimiter, quote);
    if (level >= CK_LEVEL_AVX2) return cut_avx2(bytes, position, record_start, target, length, delimiter, quote);
#endif
    return cut_portable(bytes, position, record_start, target, length, delimiter, quote);
}

void ck_pass_regular(
    int32_t level, const uint8_t *bytes, ck_cut_place *place, size_t target, size_t length, uint8_t delimiter,
    uint8_t quote) {
    if (place->position + 64 >= target) return;
    cut_state state =
        pass_regular(level, bytes, place->position, place->record_start, target, length, delimiter, quote);
    if (state.position > place->position) {
        place->position = state.position;
        place->record_start = state.record_start;
    }
}

size_t ck_last_record_end(
    int32_t level, const uint8_t *bytes, ck_cut_place place, size_t target, size_t length, uint8_t delimiter,
    uint8_t quote, int32_t *is_open) {
    // Invariant: `position` is outside quotes, `record_start` is where its record starts unless a line feed lies
    // between `region` and `position`.
    *is_open = 0;
    size_t position = place.position, region = position, record_start = place.record_start;
    for (;;) {
        if (position + 64 < target) {
            cut_state state = pass_regular(level, bytes, position, record_start, target, length, delimiter, quote);
            if (state.position > position) {
                // What lies between is regular: its line feeds are counted.
                position = region = state.position;
                record_start = state.record_start;
            }
        }
        const uint8_t *found =
            position < target ? (const uint8_t *)memchr(bytes + position, quote, target - position) : 0;
        size_t region_end = found ? (size_t)(found - bytes) : target;
        const uint8_t *newline = last_newline(bytes, region, region_end < region ? region : region_end);
        if (newline) record_start = (size_t)(newline - bytes) + 1;
        if (!found) return record_start;
        size_t open = region_end;
        region = open;
        int is_field_start = open == record_start || bytes[open - 1] == delimiter;
        if (!is_field_start) {
            position = open + 1;
            continue;
        }
        size_t limit = open + CK_QUOTED_FIELD_LIMIT + 1;
        int is_cut = limit > length;
        if (is_cut) limit = length;
        size_t close = open + 1;
        int is_closed = 0;
        while (close < limit) {
            const uint8_t *next = (const uint8_t *)memchr(bytes + close, quote, limit - close);
            if (!next) break;
            close = (size_t)(next - bytes);
            if (close + 1 < length && bytes[close + 1] == quote) {
                close += 2;
                continue;
            }
            is_closed = 1;
            break;
        }
        // What stands behind the closing quote, or another quote, may lie among bytes that are still to come.
        if (is_closed ? close + 2 >= length : is_cut) *is_open = 1;
        if (is_closed) {
            uint8_t after = close + 1 < length ? bytes[close + 1] : '\n';
            int ends_field = after == delimiter || after == '\n'
                || (after == '\r' && close + 2 < length && bytes[close + 2] == '\n');
            if (ends_field || !memchr(bytes + open, '\n', close - open)) {
                position = close + 1;
                region = close + 1;
                continue;
            }
        }
        // Not closed: reading resumes after the first line of the record.
        const uint8_t *line_end = (const uint8_t *)memchr(bytes + record_start, '\n', length - record_start);
        if (!line_end) *is_open = 1;
        size_t resume = line_end ? (size_t)(line_end - bytes) + 1 : length;
        if (resume > target) return record_start;
        record_start = position = region = resume;
    }
}

size_t ck_first_non_ascii(const uint8_t *bytes, size_t length) {
    size_t offset = 0;
    for (; offset + 64 <= length; offset += 64) {
        uint64_t words[8];
        memcpy(words, bytes + offset, 64);
        uint64_t all = words[0] | words[1] | words[2] | words[3] | words[4] | words[5] | words[6] | words[7];
        if (all & 0x8080808080808080ull) break;
    }
    for (; offset < length; offset++) {
        if (bytes[offset] & 0x80) return offset;
    }
    return length;
}

size_t ck_first_malformed_utf8(const uint8_t *bytes, size_t length) {
    size_t offset = 0;
    while (offset < length) {
        uint8_t lead = bytes[offset];
        if (lead < 0x80) {
            if (length - offset >= 8) {
                uint64_t word;
                memcpy(&word, bytes + offset, 8);
                if (!(word & 0x8080808080808080ull)) {
                    offset += 8;
                    continue;
                }
            }
            offset++;
            continue;
        }
        size_t left = length - offset;
        if (lead >= 0xC2 && lead <= 0xDF) {
            if (left < 2 || (bytes[offset + 1] & 0xC0) != 0x80) return offset;
            offset += 2;
        } else if ((lead & 0xF0) == 0xE0) {
            if (left < 3 || (bytes[offset + 1] & 0xC0) != 0x80 || (bytes[offset + 2] & 0xC0) != 0x80) return offset;
            if (lead == 0xE0 && bytes[offset + 1] < 0xA0) return offset;
            if (lead == 0xED && bytes[offset + 1] > 0x9F) return offset;
            offset += 3;
        } else if (lead >= 0xF0 && lead <= 0xF4) {
            if (left < 4 || (bytes[offset + 1] & 0xC0) != 0x80 || (bytes[offset + 2] & 0xC0) != 0x80
                || (bytes[offset + 3] & 0xC0) != 0x80) {
                return offset;
            }
            if (lead == 0xF0 && bytes[offset + 1] < 0x90) return offset;
            if (lead == 0xF4 && bytes[offset + 1] > 0x8F) return offset;
            offset += 4;
        } else {
            return offset;
        }
    }
    return length;
}
