#include "CKernels.h"

#include <string.h>

/// Two digits of a number below 100.
static inline uint8_t *put_pair(uint8_t *text, uint32_t number) {
    text[0] = (uint8_t)('0' + number / 10);
    text[1] = (uint8_t)('0' + number % 10);
    return text + 2;
}

/// At least one digit.
static inline uint8_t *put_number(uint8_t *text, uint64_t number) {
    uint8_t digits[20];
    size_t first = 20;
    while (number >= 10) {
        digits[--first] = (uint8_t)('0' + number % 10);
        number /= 10;
    }
    digits[--first] = (uint8_t)('0' + number);
    memcpy(text, digits + first, 20 - first);
    return text + (20 - first);
}

static inline uint8_t *put_decimal(uint8_t *text, int64_t value, uint32_t scale, uint64_t power) {
    uint64_t magnitude = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    *text = '-';
    text += value < 0;
    if (scale == 0) return put_number(text, magnitude);
    uint64_t rest = magnitude % power;
    text = put_number(text, magnitude / power);
    *text++ = '.';
    for (uint32_t place = scale; place > 0; place--) {
        text[place - 1] = (uint8_t)('0' + rest % 10);
        rest /= 10;
    }
    return text + scale;
}

/// Days from 0000-03-01 to 1970-01-01.
#define FIRST_DAY 719468
/// 0001-01-01 and 9999-12-31.
#define LOWEST_DAY (-719162)
#define HIGHEST_DAY 2932896

/// Source: Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days), of days that are not negative.
static inline uint8_t *put_date(uint8_t *text, int64_t day) {
    uint32_t all = (uint32_t)(day + FIRST_DAY);
    uint32_t era = all / 146097, day_of_era = all % 146097;
    uint32_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    uint32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    uint32_t month = (5 * day_of_year + 2) / 153;
    uint32_t year = year_of_era + era * 400 + (month >= 10);
    text = put_pair(put_pair(text, year / 100), year % 100);
    *text++ = '-';
    text = put_pair(text, month < 10 ? month + 3 : month - 9);
    *text++ = '-';
    return put_pair(text, day_of_year - (153 * month + 2) / 5 + 1);
}

static inline uint64_t place_of(size_t start, size_t size) { return (uint64_t)start | (uint64_t)size << 32; }

size_t ck_decimal_texts(
    const int64_t *values, const uint8_t *mask, size_t count, uint32_t scale, uint64_t null_place, uint8_t *text, size_t end,
    uint64_t *places) {
    uint64_t power = 1;
    for (uint32_t place = 0; place < scale; place++) power *= 10;
    int64_t before = 0;
    uint64_t known = 0;
    for (size_t row = 0; row < count; row++) {
        if (mask && !mask[row]) {
            places[row] = null_place;
            continue;
        }
        if (!known || values[row] != before) {
            size_t start = end;
            end = (size_t)(put_decimal(text + end, values[row], scale, power) - text);
            known = place_of(start, end - start);
            before = values[row];
        }
        places[row] = known;
    }
    return end;
}

size_t ck_date_texts(
    const int32_t *days, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text, size_t end, uint64_t *places) {
    int32_t before = 0;
    uint64_t known = 0;
    for (size_t row = 0; row < count; row++) {
        if (mask && !mask[row]) {
            places[row] = null_place;
            continue;
        }
        if (!known || days[row] != before) {
            if (days[row] < LOWEST_DAY || days[row] > HIGHEST_DAY) return SIZE_MAX;
            put_date(text + end, days[row]);
            known = place_of(end, 10);
            end += 10;
            before = days[row];
        }
        places[row] = known;
    }
    return end;
}

size_t ck_time_texts(
    const int64_t *times, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text, size_t end, uint64_t *places) {
    const int64_t day_length = 86400000000;
    int64_t before = 0, known_day = INT64_MIN;
    uint64_t known = 0;
    size_t day_start = 0;
    for (size_t row = 0; row < count; row++) {
        if (mask && !mask[row]) {
            places[row] = null_place;
            continue;
        }
        if (known && times[row] == before) {
            places[row] = known;
            continue;
        }
        int64_t day = times[row] / day_length - (times[row] % day_length < 0);
        if (day < LOWEST_DAY || day > HIGHEST_DAY) return SIZE_MAX;
        uint64_t rest = (uint64_t)(times[row] - day * day_length);
        size_t start = end;
        uint8_t *target = text + end;
        if (day == known_day) {
            memcpy(target, text + day_start, 10);
        } else {
            put_date(target, day);
            known_day = day;
        }
        day_start = start;
        uint32_t seconds = (uint32_t)(rest / 1000000), fraction = (uint32_t)(rest % 1000000);
        target[10] = ' ';
        put_pair(target + 11, seconds / 3600);
        target[13] = ':';
        put_pair(target + 14, seconds / 60 % 60);
        target[16] = ':';
        target = put_pair(target + 17, seconds % 60);
        if (fraction) {
            *target++ = '.';
            for (uint32_t unit = 100000; fraction; unit /= 10) {
                *target++ = (uint8_t)('0' + fraction / unit);
                fraction %= unit;
            }
        }
        end = (size_t)(target - text);
        known = place_of(start, end - start);
        before = times[row];
        places[row] = known;
    }
    return end;
}

static inline int is_plain(const uint8_t *bytes, size_t length) {
    if (length == 0 || bytes[0] == ' ' || bytes[length - 1] == ' ') return 0;
    uint8_t found = 0;
    for (size_t place = 0; place < length; place++) {
        found |= bytes[place] < 0x20 || bytes[place] == '"' || bytes[place] == ',';
    }
    return !found;
}

size_t ck_field_texts(
    const uint8_t *bytes, const uint32_t *offsets, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text,
    size_t end, uint64_t *places) {
    for (size_t row = 0; row < count; row++) {
        if (mask && !mask[row]) {
            places[row] = null_place;
            continue;
        }
        const uint8_t *field = bytes + offsets[row];
        size_t length = offsets[row + 1] - offsets[row], start = end;
        if (is_plain(field, length)) {
            memcpy(text + end, field, length);
            end += length;
        } else {
            text[end++] = '"';
            for (size_t place = 0; place < length; place++) {
                text[end] = '"';
                end += field[place] == '"';
                text[end++] = field[place];
            }
            text[end++] = '"';
        }
        places[row] = place_of(start, end - start);
    }
    return end;
}

void ck_entry_places(
    const uint32_t *codes, const uint8_t *mask, size_t count, uint64_t null_place, const uint64_t *entries, uint64_t *places) {
    if (!mask) {
        for (size_t row = 0; row < count; row++) places[row] = entries[codes[row]];
        return;
    }
    for (size_t row = 0; row < count; row++) places[row] = mask[row] ? entries[codes[row]] : null_place;
}

size_t ck_rows_length(const ck_row_field *fields, size_t field_count, size_t first, size_t end) {
    uint64_t total = 0;
    for (size_t field = 0; field < field_count; field++) {
        const uint64_t *places = fields[field].places;
        for (size_t row = first; row < end; row++) total += places[row] >> 32;
    }
    return (size_t)total + (end - first) * field_count;
}

void ck_join_rows(
    const ck_row_field *fields, size_t field_count, size_t first, size_t end, uint8_t separator, uint8_t *text) {
    for (size_t row = first; row < end; row++) {
        for (size_t field = 0; field < field_count; field++) {
            uint64_t place = fields[field].places[row];
            const uint8_t *from = fields[field].text + (uint32_t)place;
            size_t length = (size_t)(place >> 32);
            // Sixteen bytes may be read and written in any case.
            memcpy(text, from, 16);
            if (__builtin_expect(length > 16, 0)) memcpy(text + 16, from + 16, length - 16);
            text += length;
            *text++ = separator;
        }
        text[-1] = '\n';
    }
}
