#include "CKernels.h"
#include "loading.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Fields of one column of a block become values. Each function stops at the first field that is not of its plain form and
// leaves it to the caller, so that the forms here can stay few and without branches.

static const uint64_t powers_of_ten[CK_DECIMAL_POWERS] = {
    1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
    10000000000000, 100000000000000, 1000000000000000, 10000000000000000,
};

// Without its quotes, if it has any.
#define FIELD_OF_ROW(row) \
    const uint32_t *record = ends + (size_t)(row) * columns; \
    size_t end = record[column]; \
    size_t start = column == 0 ? starts[row] : (size_t)record[column - 1] + 1; \
    size_t is_quoted = bytes[start] == quote && end - start > 1; \
    start += is_quoted; \
    end -= is_quoted

#define STORE_NULL_OR_STOP \
    if (start == end) { \
        if (!mask) return index; \
        mask[index] = 0; \
        values[index] = 0; \
        continue; \
    }

static size_t decimals_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t scale, const uint64_t *limits, int64_t *values, uint8_t *mask) {
    int32_t most_decimals = scale > 16 ? 16 : scale;
    for (size_t index = 0; index < count; index++) {
        FIELD_OF_ROW(rows[index]);
        STORE_NULL_OR_STOP;
        int negative = bytes[start] == '-';
        start += (size_t)negative;
        size_t length = end - start;
        if (length == 0 || length > 16) return index;
        uint64_t number = 0;
        int32_t decimals = -1;
        size_t digits = 0;
        for (size_t offset = start; offset < end; offset++) {
            uint8_t byte = bytes[offset];
            if (byte == '.' && decimals < 0) {
                decimals = 0;
                continue;
            }
            uint8_t digit = (uint8_t)(byte - '0');
            if (digit > 9) return index;
            number = number * 10 + digit;
            digits++;
            if (decimals >= 0) decimals++;
        }
        if (digits == 0 || (decimals >= 0 && scale < 0) || decimals > most_decimals) return index;
        int32_t power = (scale < 0 ? 0 : scale) - (decimals < 0 ? 0 : decimals);
        if (power > 16 || number > limits[power]) return index;
        int64_t value = (int64_t)(number * powers_of_ten[power]);
        values[index] = negative ? -value : value;
    }
    return count;
}

#if defined(__x86_64__)
/// Sixteen bytes read at `length` keep the last `length`.
static const uint8_t kept_bytes[32] = {
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
    0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
};

/// Each byte's place takes the byte before it; the first becomes 0.
static const int8_t moved_bytes[16] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14};

__attribute__((target("avx2"))) static size_t decimals_avx2(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t scale, const uint64_t *limits, int64_t *values, uint8_t *mask) {
    int32_t full_power = scale < 0 ? 0 : scale;
    int32_t most_decimals = scale > 16 ? 16 : scale;
    const __m128i zeros = _mm_set1_epi8('0'), nines = _mm_set1_epi8(9), dots = _mm_set1_epi8('.' - '0');
    const __m128i lanes = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const __m128i before = _mm_loadu_si128((const __m128i *)moved_bytes);
    const __m128i tens = _mm_set1_epi16(1 << 8 | 10);
    const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
    const __m128i ten_thousands = _mm_set1_epi32(1 << 16 | 10000);
    for (size_t index = 0; index < count; index++) {
        FIELD_OF_ROW(rows[index]);
        STORE_NULL_OR_STOP;
        size_t negative = bytes[start] == '-';
        size_t length = end - start - negative;
        // Of length 0 as well: the subtraction wraps.
        if (length - 1 > 15) return index;
        __m128i kept = _mm_loadu_si128((const __m128i *)(kept_bytes + length));
        __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(bytes + end - 16)), zeros);
        digits = _mm_and_si128(digits, kept);
        __m128i points = _mm_cmpeq_epi8(digits, dots);
        uint32_t digit_bits = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, nines), digits));
        uint32_t point_bits = (uint32_t)_mm_movemask_epi8(points);
        // Without a point as if it stood behind the last byte.
        int32_t place = __builtin_ctz(point_bits | 1u << 16);
        int32_t decimals = 15 - place;
        uint32_t has_point = point_bits != 0;
        // Bytes up to the point's take what is before them.
        __m128i low = _mm_cmpgt_epi8(_mm_set1_epi8((char)(has_point ? place + 1 : 0)), lanes);
        __m128i moved = _mm_shuffle_epi8(digits, _mm_blendv_epi8(lanes, before, low));
        __m128i pairs = _mm_maddubs_epi16(moved, tens);
        __m128i fours = _mm_madd_epi16(pairs, hundreds);
        __m128i packed = _mm_packus_epi32(fours, fours);
        uint64_t halves = (uint64_t)_mm_cvtsi128_si64(_mm_madd_epi16(packed, ten_thousands));
        uint64_t number = (halves & 0xFFFFFFFF) * 100000000 + (halves >> 32);
        int32_t power = full_power - (decimals < 0 ? 0 : decimals);
        if ((digit_bits | point_bits) != 0xFFFF || (point_bits & (point_bits - 1)) != 0 || length == has_point
            || (has_point && decimals > most_decimals) || power > 16 || number > limits[power]) {
            return index;
        }
        int64_t value = (int64_t)(number * powers_of_ten[power]);
        values[index] = (value ^ -(int64_t)negative) + (int64_t)negative;
    }
    return count;
}
#endif

/// `yyyy-mm-dd` as days since 1970-01-01; INT64_MIN if it is anything else or no real day.
static int64_t dashed_days(uint64_t word, uint16_t tail) {
    word ^= 0x2D30302D30303030;
    // Digits must be 0…9 and dashes 0 after the exclusive or.
    if (((word + 0x7F76767F76767676) | word) & 0x8080808080808080) return INT64_MIN;
    tail ^= 0x3030;
    if (((tail + 0x7676) | tail) & 0x8080) return INT64_MIN;
    uint32_t year = (word & 0xFF) * 1000 + (word >> 8 & 0xFF) * 100 + (word >> 16 & 0xFF) * 10 + (word >> 24 & 0xFF);
    uint32_t month = (word >> 40 & 0xFF) * 10 + (word >> 48 & 0xFF);
    uint32_t day = (tail & 0xFFu) * 10 + (tail >> 8);
    if (month - 1 > 11 || year == 0 || day == 0) return INT64_MIN;
    if (day > 28) {
        static const uint8_t lengths[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
        uint32_t is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        if (day > lengths[month - 1] + (month == 2 ? is_leap : 0)) return INT64_MIN;
    }
    // Years begin in March, so that the leap day is the last one; 719,468 days are from 0000-03-01 to 1970-01-01.
    int64_t shifted = month <= 2 ? (int64_t)year - 1 : year;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t century = shifted / 100;
    return shifted * 365 + shifted / 4 - century + century / 4 + day_of_year - 719468;
}

static size_t timestamps_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int64_t *values, uint8_t *mask) {
    uint64_t known_word = 0;
    uint16_t known_tail = 0;
    int64_t known_days = INT64_MIN;
    for (size_t index = 0; index < count; index++) {
        FIELD_OF_ROW(rows[index]);
        STORE_NULL_OR_STOP;
        if (end - start != 19) return index;
        const uint8_t *field = bytes + start;
        uint64_t word = load_word(field);
        uint16_t tail;
        memcpy(&tail, field + 8, 2);
        // Neighbouring lines mostly have the same day.
        if (word != known_word || tail != known_tail || known_days == INT64_MIN) {
            known_days = dashed_days(word, tail);
            if (known_days == INT64_MIN) return index;
            known_word = word;
            known_tail = tail;
        }
        uint64_t time = load_word(field + 11) ^ 0x30303A30303A3030;
        uint64_t is_wrong = ((time + 0x76767F76767F7676) | time) & 0x8080808080808080;
        // Pairs of digits: hours in byte 0, minutes in byte 3, seconds in byte 6.
        uint64_t pairs = time * 10 + (time >> 8);
        uint64_t hours = pairs & 0xFF, minutes = pairs >> 24 & 0xFF, seconds = pairs >> 48 & 0xFF;
        if (is_wrong | (hours > 23) | (minutes > 59) | (seconds > 59) | ((field[10] != ' ') & (field[10] != 'T'))) {
            return index;
        }
        values[index] = (known_days * 86400 + (int64_t)(hours * 3600 + minutes * 60 + seconds)) * 1000000;
    }
    return count;
}

static size_t dates_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t *values, uint8_t *mask) {
    uint64_t known_word = 0;
    uint16_t known_tail = 0;
    int64_t known_days = INT64_MIN;
    for (size_t index = 0; index < count; index++) {
        FIELD_OF_ROW(rows[index]);
        STORE_NULL_OR_STOP;
        if (end - start != 10) return index;
        uint64_t word = load_word(bytes + start);
        uint16_t tail;
        memcpy(&tail, bytes + start + 8, 2);
        if (word != known_word || tail != known_tail || known_days == INT64_MIN) {
            known_days = dashed_days(word, tail);
            if (known_days == INT64_MIN) return index;
            known_word = word;
            known_tail = tail;
        }
        values[index] = (int32_t)known_days;
    }
    return count;
}

/// The bits of a word that a format's prefix takes.
static inline uint64_t prefix_bits(const ck_identifier_format *format) {
    return format->prefix_length == 0 ? 0 : ~0ULL >> (64 - 8 * format->prefix_length);
}

/// The number that the last `digits` bytes before `end` write, up to eight; sets `is_wrong` if one is no digit.
static inline uint64_t number_before(const uint8_t *end, int32_t digits, uint64_t *is_wrong) {
    int32_t dropped = 64 - 8 * digits;
    uint64_t word = (load_word(end - 8) ^ 0x3030303030303030) >> dropped << dropped;
    *is_wrong |= ((word + 0x7676767676767676) | word) & 0x8080808080808080;
    word = word * 10 + (word >> 8);
    return (((word & 0x000000FF000000FF) * 0x000F424000000064) + ((word >> 16 & 0x000000FF000000FF) * 0x0000271000000001)) >> 32;
}

static size_t identifiers_portable(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, const ck_identifier_format *format, uint64_t *values, uint8_t *mask) {
    const uint64_t taken = prefix_bits(format);
    const int32_t digits = format->digit_count;
    for (size_t index = 0; index < count; index++) {
        FIELD_OF_ROW(rows[index]);
        // A text that is quoted and empty is no NULL.
        if (is_quoted && start == end) return index;
        STORE_NULL_OR_STOP;
        if (end - start != (size_t)(format->prefix_length + digits)) return index;
        if (((load_word(bytes + start) ^ format->prefix) & taken) != 0) return index;
        uint64_t is_wrong = 0;
        uint64_t number = number_before(bytes + end, digits > 8 ? 8 : digits, &is_wrong);
        if (digits > 8) number += number_before(bytes + end - 8, digits > 16 ? 8 : digits - 8, &is_wrong) * 100000000;
        if (digits > 16) number += number_before(bytes + end - 16, digits - 16, &is_wrong) * 10000000000000000;
        if (is_wrong) return index;
        values[index] = format->tag | number;
    }
    return count;
}

#if defined(__x86_64__)
#include "field_values_avx512.h"
#endif

size_t ck_decimals(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t scale, const uint64_t *limits, int64_t *values, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        return decimals_avx512(bytes, starts, ends, columns, column, rows, count, quote, scale, limits, values, mask);
    }
    if (level >= CK_LEVEL_AVX2) {
        return decimals_avx2(bytes, starts, ends, columns, column, rows, count, quote, scale, limits, values, mask);
    }
#endif
    return decimals_portable(bytes, starts, ends, columns, column, rows, count, quote, scale, limits, values, mask);
}

size_t ck_timestamps(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int64_t *values, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        return timestamps_avx512(bytes, starts, ends, columns, column, rows, count, quote, values, mask);
    }
#endif
    return timestamps_portable(bytes, starts, ends, columns, column, rows, count, quote, values, mask);
}

size_t ck_dates(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t *values, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        return dates_avx512(bytes, starts, ends, columns, column, rows, count, quote, values, mask);
    }
#endif
    return dates_portable(bytes, starts, ends, columns, column, rows, count, quote, values, mask);
}

size_t ck_identifiers(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, const ck_identifier_format *format, uint64_t *codes, uint8_t *mask) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX512) {
        return identifiers_avx512(bytes, starts, ends, columns, column, rows, count, quote, format, codes, mask);
    }
#endif
    return identifiers_portable(bytes, starts, ends, columns, column, rows, count, quote, format, codes, mask);
}
