// Fields of one column, eight at a time. Included by field_values.c alone, whose kernels for one field at a time take what
// is not of the usual form: quoted fields, long numbers, the last rows.

#define AVX512 \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512cd,avx512vbmi,avx512vbmi2,bmi,bmi2,popcnt,lzcnt")))

/// Fields collected before they are computed: their words stay in the nearest cache.
#define COLLECTED 256
/// Groups of eight that turned out to be of another form, after which a call goes on field by field.
#define MOST_MISSED_GROUPS 8

/// Whether no field of a column is read in a group: those of the first begin where the record does, not behind another's end, and
/// where a value may begin with the quote, quoted fields look like such that are not.
static inline int has_no_groups(size_t column, int32_t quote) {
    return column == 0 || (quote >= '0' && quote <= '9') || quote == '-' || quote == '+' || quote == '.';
}

/// Where the field begins less one, and in the upper half where it ends.
static inline uint64_t borders_of(const uint32_t *before_end, size_t columns, uint32_t row) {
    return load_word((const uint8_t *)(before_end + (size_t)row * columns));
}

// The words of fields are loaded by plain code, outside of AVX-512 functions: a compiler that may gather would gather, which is
// slower than eight loads.

/// The last eight bytes of each field.
__attribute__((noinline)) static void collect_ends(
    const uint8_t *bytes, const uint32_t *before_end, size_t columns, const uint32_t *rows, size_t count, uint64_t *borders,
    uint64_t *words) {
    for (size_t index = 0; index < count; index++) {
        uint64_t border = borders_of(before_end, columns, rows[index]);
        borders[index] = border;
        words[index] = load_word(bytes + (border >> 32) - 8);
    }
}

/// The words of each field from byte 0 and 8 on.
__attribute__((noinline)) static void collect_dates(
    const uint8_t *bytes, const uint32_t *before_end, size_t columns, const uint32_t *rows, size_t count, uint64_t *borders,
    uint64_t *dates, uint64_t *tails) {
    for (size_t index = 0; index < count; index++) {
        uint64_t border = borders_of(before_end, columns, rows[index]);
        const uint8_t *field = bytes + (uint32_t)border + 1;
        borders[index] = border;
        dates[index] = load_word(field);
        tails[index] = load_word(field + 8);
    }
}

/// The words of each field from byte 11 on.
__attribute__((noinline)) static void collect_times(
    const uint8_t *bytes, const uint64_t *borders, size_t count, uint64_t *times) {
    for (size_t index = 0; index < count; index++) times[index] = load_word(bytes + (uint32_t)borders[index] + 12);
}

/// The first eight bytes of each field, and the three words before its end.
__attribute__((noinline)) static void collect_identifiers(
    const uint8_t *bytes, const uint32_t *before_end, size_t columns, const uint32_t *rows, size_t count, uint64_t *borders,
    uint64_t *fronts, uint64_t (*words)[COLLECTED]) {
    for (size_t index = 0; index < count; index++) {
        uint64_t border = borders_of(before_end, columns, rows[index]);
        const uint8_t *end = bytes + (border >> 32);
        borders[index] = border;
        fronts[index] = load_word(bytes + (uint32_t)border + 1);
        words[0][index] = load_word(end - 8);
        words[1][index] = load_word(end - 16);
        words[2][index] = load_word(end - 24);
    }
}

AVX512 static inline __m512i lengths_of(__m512i borders) {
    __m512i before = _mm512_and_si512(borders, _mm512_set1_epi64(0xFFFFFFFF));
    return _mm512_sub_epi64(_mm512_sub_epi64(_mm512_srli_epi64(borders, 32), before), _mm512_set1_epi64(1));
}

/// The lanes with a byte that is set in the mask.
AVX512 static inline __mmask8 lanes_of(__mmask64 bytes) {
    __m512i wide = _mm512_movm_epi8(bytes);
    return _mm512_test_epi64_mask(wide, wide);
}

/// The numbers that eight digits each are, 0…9 in a byte, the first in the lowest.
AVX512 static inline __m512i numbers_of(__m512i digits) {
    __m512i pairs = _mm512_maddubs_epi16(digits, _mm512_set1_epi16(1 << 8 | 10));
    __m512i fours = _mm512_madd_epi16(pairs, _mm512_set1_epi32(1 << 16 | 100));
    return _mm512_add_epi64(_mm512_mul_epu32(fours, _mm512_set1_epi64(10000)), _mm512_srli_epi64(fours, 32));
}

/// The entry of sixteen that each index names.
AVX512 static inline __m512i entries_of(const uint64_t *table, __m512i index) {
    return _mm512_permutex2var_epi64(_mm512_loadu_si512(table), index, _mm512_loadu_si512(table + 8));
}

/// Reads fields in groups of eight into `values`: the words of up to `COLLECTED` fields by `COLLECT`, then for each group `OTHERS`,
/// the lanes of another form, whose values it leaves in `found`, and `STORE` of the values in `kept`. Groups with a field of another
/// form, or with an empty one where there is no mask, are read by `ONE_BY_ONE`, and so is all that follows too many of them: the
/// whole where `never`. The function has the fields' places under the names that all these kernels have.
#define READ_IN_EIGHTS(never, COLLECT, OTHERS, STORE, ONE_BY_ONE) \
    size_t index = 0, first = 0, collected = 0, missed = (never) ? MOST_MISSED_GROUPS : 0; \
    while (index < count) { \
        if (count - index >= 8 && missed < MOST_MISSED_GROUPS) { \
            if (index + 8 > collected) { \
                first = index; \
                collected = count - index > COLLECTED ? index + COLLECTED : count; \
                COLLECT; \
            } \
            size_t place = index - first; \
            __m512i length = lengths_of(_mm512_loadu_si512(borders + place)), found; \
            __mmask8 empty = _mm512_testn_epi64_mask(length, length); \
            __mmask8 others = OTHERS; \
            if (((others & ~empty) == 0) & ((empty == 0) | (mask != 0))) { \
                __m512i kept = _mm512_maskz_mov_epi64((__mmask8)~empty, found); \
                STORE; \
                if (empty) _mm_mask_storeu_epi8(mask + index, empty, _mm_setzero_si128()); \
                index += 8; \
                continue; \
            } \
            missed++; \
        } \
        size_t part = missed < MOST_MISSED_GROUPS && count - index > 8 ? 8 : count - index; \
        size_t read = ONE_BY_ONE; \
        index += read; \
        if (read < part) break; \
    } \
    return index

/// The mask from a row on; none where there is none.
static inline uint8_t *mask_from(uint8_t *mask, size_t row) { return mask ? mask + row : mask; }

/// Eight decimals of up to eight characters behind the sign; returns the lanes of any other form.
AVX512 static inline __mmask8 eight_decimals(
    __m512i words, __m512i length, int32_t scale, const uint64_t *limits, __m512i *values) {
    const __m512i zero = _mm512_setzero_si512(), ones = _mm512_set1_epi64(-1), eight = _mm512_set1_epi64(8);
    const __m512i full = _mm512_set1_epi64(64);
    __m512i bits = _mm512_slli_epi64(length, 3);
    // Shifts by 64 or more give 0; those below 0 count as such.
    __m512i dropped = _mm512_sub_epi64(full, bits);
    __m512i first = _mm512_and_si512(_mm512_srlv_epi64(words, dropped), _mm512_set1_epi64(0xFF));
    __mmask8 negative = _mm512_cmpeq_epi64_mask(first, _mm512_set1_epi64('-'));
    dropped = _mm512_mask_add_epi64(dropped, negative, dropped, eight);
    bits = _mm512_mask_sub_epi64(bits, negative, bits, eight);
    __m512i digits = _mm512_xor_si512(words, _mm512_set1_epi8('0'));
    digits = _mm512_sllv_epi64(_mm512_srlv_epi64(digits, dropped), dropped);
    __mmask64 points = _mm512_cmpeq_epi8_mask(digits, _mm512_set1_epi8('.' ^ '0'));
    __mmask8 wrong = lanes_of(_mm512_cmpgt_epu8_mask(digits, _mm512_set1_epi8(9)) ^ points);
    __m512i point = _mm512_movm_epi8(points);
    __mmask8 has_point = _mm512_test_epi64_mask(point, point);
    // Bits behind the last point, 64 without one.
    __m512i behind = _mm512_lzcnt_epi64(point);
    __m512i lone = _mm512_sllv_epi64(_mm512_set1_epi64(0xFF), _mm512_sub_epi64(_mm512_set1_epi64(56), behind));
    wrong |= _mm512_cmpneq_epi64_mask(lone, point);
    // What is before the point moves up by a byte.
    __m512i above = _mm512_sllv_epi64(ones, _mm512_sub_epi64(full, behind));
    __m512i moved = _mm512_slli_epi64(_mm512_andnot_si512(_mm512_or_si512(above, point), digits), 8);
    __m512i number = numbers_of(_mm512_or_si512(_mm512_and_si512(digits, above), moved));
    __m512i decimals = _mm512_maskz_srli_epi64(has_point, behind, 3);
    __m512i digit_bits = _mm512_mask_sub_epi64(bits, has_point, bits, eight);
    // From one digit to eight.
    wrong |= _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(digit_bits, eight), _mm512_set1_epi64(56));
    wrong |= _mm512_cmpgt_epu64_mask(length, eight);
    wrong |= _mm512_mask_cmpgt_epi64_mask(has_point, decimals, _mm512_set1_epi64(scale));
    __m512i power = _mm512_sub_epi64(_mm512_set1_epi64(scale < 0 ? 0 : scale), decimals);
    wrong |= _mm512_cmpgt_epu64_mask(number, entries_of(limits, power));
    __m512i value = _mm512_mullo_epi64(number, entries_of(powers_of_ten, power));
    *values = _mm512_mask_sub_epi64(value, negative, zero, value);
    return wrong;
}

AVX512 static size_t decimals_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t scale, const uint64_t *limits, int64_t *values, uint8_t *mask) {
    uint64_t borders[COLLECTED], words[COLLECTED];
    // Powers are looked up among sixteen.
    READ_IN_EIGHTS(
        scale > 15 || has_no_groups(column, quote),
        collect_ends(bytes, ends + column - 1, columns, rows + index, collected - index, borders, words),
        eight_decimals(_mm512_loadu_si512(words + place), length, scale, limits, &found),
        _mm512_storeu_si512(values + index, kept),
        decimals_avx2(
            bytes, starts, ends, columns, column, rows + index, part, quote, scale, limits, values + index,
            mask_from(mask, index)));
}

/// Eight times `yyyy-mm-dd` as days since 1970-01-01; `wrong` becomes the lanes of any other form and, among the real days,
/// those with a 29 February.
AVX512 static inline __m512i eight_days(__m512i dates, __m512i tails, __mmask8 *wrong) {
    /// Days from 1 March on before each month of 0…15, and the month's.
    static const uint64_t days_before[16] = {0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
    static const uint64_t lengths[16] = {0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const __m512i one = _mm512_set1_epi64(1), low = _mm512_set1_epi64(0xFFFFFFFF);
    // Digits become 0…9 and dashes 0.
    __m512i date = _mm512_xor_si512(dates, _mm512_set1_epi64(0x2D30302D30303030));
    __m512i tail = _mm512_and_si512(_mm512_xor_si512(tails, _mm512_set1_epi64(0x3030)), _mm512_set1_epi64(0xFFFF));
    __mmask64 odd = _mm512_cmpgt_epu8_mask(date, _mm512_set1_epi64(0x0009090009090909))
        | _mm512_cmpgt_epu8_mask(tail, _mm512_set1_epi8(9));
    __m512i pairs = _mm512_maddubs_epi16(date, _mm512_set1_epi64(0x00010A00010A010A));
    __m512i halves = _mm512_madd_epi16(pairs, _mm512_set1_epi64(0x0001000100010064));
    __m512i year = _mm512_and_si512(halves, low), month = _mm512_srli_epi64(halves, 32);
    __m512i day = _mm512_maddubs_epi16(tail, _mm512_set1_epi64(0x010A));
    *wrong = lanes_of(odd) | _mm512_testn_epi64_mask(year, year)
        | _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(month, one), _mm512_set1_epi64(11))
        | _mm512_cmpgt_epu64_mask(_mm512_sub_epi64(day, one), _mm512_sub_epi64(entries_of(lengths, month), one))
        | _mm512_mask_cmpeq_epi64_mask(
            _mm512_cmpeq_epi64_mask(month, _mm512_set1_epi64(2)), day, _mm512_set1_epi64(29));
    // As in `dashed_days`; a product and a shift divide years up to 9999 by 100.
    __mmask8 is_early = _mm512_cmplt_epu64_mask(month, _mm512_set1_epi64(3));
    __m512i shifted = _mm512_mask_sub_epi64(year, is_early, year, one);
    __m512i century = _mm512_srli_epi64(_mm512_mul_epu32(shifted, _mm512_set1_epi64(5243)), 19);
    __m512i leaps = _mm512_sub_epi64(_mm512_srli_epi64(shifted, 2), century);
    leaps = _mm512_add_epi64(leaps, _mm512_srli_epi64(century, 2));
    __m512i days = _mm512_add_epi64(_mm512_mul_epu32(shifted, _mm512_set1_epi64(365)), leaps);
    days = _mm512_add_epi64(days, entries_of(days_before, month));
    return _mm512_add_epi64(days, _mm512_sub_epi64(day, _mm512_set1_epi64(719469)));
}

/// The seconds of eight times `hh:mm:ss`; adds the lanes of any other form to `wrong`.
AVX512 static inline __m512i eight_times(__m512i times, __mmask8 *wrong) {
    __m512i time = _mm512_xor_si512(times, _mm512_set1_epi64(0x30303A30303A3030));
    __mmask64 odd = _mm512_cmpgt_epu8_mask(time, _mm512_set1_epi64(0x0905000905000902));
    // Hours, tens of minutes, minutes, seconds.
    __m512i parts = _mm512_maddubs_epi16(time, _mm512_set1_epi64(0x010A00010A00010A));
    __m512i hours = _mm512_and_si512(parts, _mm512_set1_epi64(0xFFFF));
    *wrong |= lanes_of(odd) | _mm512_cmpgt_epu64_mask(hours, _mm512_set1_epi64(23));
    __m512i halves = _mm512_madd_epi16(parts, _mm512_set1_epi64(0x0001003C003C0E10));
    return _mm512_add_epi64(_mm512_and_si512(halves, _mm512_set1_epi64(0xFFFFFFFF)), _mm512_srli_epi64(halves, 32));
}

/// Eight times `yyyy-mm-dd hh:mm:ss`, or with a T between them, as microseconds; returns the lanes of any other form.
AVX512 static inline __mmask8 eight_moments(
    const uint64_t *dates, const uint64_t *tails, const uint64_t *times, __m512i length, __m512i *moments) {
    __mmask8 others;
    __m512i tail = _mm512_loadu_si512(tails);
    __m512i days = eight_days(_mm512_loadu_si512(dates), tail, &others);
    __m512i seconds = eight_times(_mm512_loadu_si512(times), &others);
    __m512i between = _mm512_and_si512(tail, _mm512_set1_epi64(0xFF0000));
    __m512i moment = _mm512_add_epi64(_mm512_mullo_epi64(days, _mm512_set1_epi64(86400)), seconds);
    *moments = _mm512_mullo_epi64(moment, _mm512_set1_epi64(1000000));
    return others | _mm512_cmpneq_epi64_mask(length, _mm512_set1_epi64(19))
        | (_mm512_cmpneq_epi64_mask(between, _mm512_set1_epi64(' ' << 16))
           & _mm512_cmpneq_epi64_mask(between, _mm512_set1_epi64('T' << 16)));
}

AVX512 static size_t timestamps_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int64_t *values, uint8_t *mask) {
    uint64_t borders[COLLECTED], dates[COLLECTED], tails[COLLECTED], times[COLLECTED];
    READ_IN_EIGHTS(
        has_no_groups(column, quote),
        (collect_dates(bytes, ends + column - 1, columns, rows + index, collected - index, borders, dates, tails),
         collect_times(bytes, borders, collected - index, times)),
        eight_moments(dates + place, tails + place, times + place, length, &found),
        _mm512_storeu_si512(values + index, kept),
        timestamps_portable(
            bytes, starts, ends, columns, column, rows + index, part, quote, values + index, mask_from(mask, index)));
}

/// Eight times `yyyy-mm-dd` as days; returns the lanes of any other form.
AVX512 static inline __mmask8 eight_dates(const uint64_t *dates, const uint64_t *tails, __m512i length, __m512i *days) {
    __mmask8 others;
    *days = eight_days(_mm512_loadu_si512(dates), _mm512_loadu_si512(tails), &others);
    return others | _mm512_cmpneq_epi64_mask(length, _mm512_set1_epi64(10));
}

AVX512 static size_t dates_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t *values, uint8_t *mask) {
    uint64_t borders[COLLECTED], dates[COLLECTED], tails[COLLECTED];
    READ_IN_EIGHTS(
        has_no_groups(column, quote),
        collect_dates(bytes, ends + column - 1, columns, rows + index, collected - index, borders, dates, tails),
        eight_dates(dates + place, tails + place, length, &found),
        _mm256_storeu_si256((__m256i *)(values + index), _mm512_cvtepi64_epi32(kept)),
        dates_portable(
            bytes, starts, ends, columns, column, rows + index, part, quote, values + index, mask_from(mask, index)));
}

/// The last `digits` bytes of each word as digits, zeros before them.
AVX512 static inline __m512i last_digits(const uint64_t *words, int32_t digits) {
    __m512i all = _mm512_xor_si512(_mm512_loadu_si512(words), _mm512_set1_epi8('0'));
    __m128i dropped = _mm_cvtsi32_si128(64 - 8 * digits);
    return _mm512_sll_epi64(_mm512_srl_epi64(all, dropped), dropped);
}

/// Eight identifiers of a format as codes; returns the lanes of any other form.
AVX512 static inline __mmask8 eight_identifiers(
    const uint64_t *fronts, uint64_t (*words)[COLLECTED], size_t place, __m512i length, const ck_identifier_format *format,
    __m512i *codes) {
    const int32_t digits = format->digit_count;
    const __m512i nine = _mm512_set1_epi8(9), part_size = _mm512_set1_epi64(100000000);
    __m512i difference = _mm512_xor_si512(_mm512_loadu_si512(fronts + place), _mm512_set1_epi64((int64_t)format->prefix));
    __m512i part = last_digits(words[0] + place, digits > 8 ? 8 : digits);
    __mmask64 odd = _mm512_cmpgt_epu8_mask(part, nine);
    __m512i number = numbers_of(part);
    if (digits > 8) {
        part = last_digits(words[1] + place, digits > 16 ? 8 : digits - 8);
        odd |= _mm512_cmpgt_epu8_mask(part, nine);
        __m512i middle = numbers_of(part);
        if (digits > 16) {
            part = last_digits(words[2] + place, digits - 16);
            odd |= _mm512_cmpgt_epu8_mask(part, nine);
            middle = _mm512_add_epi64(middle, _mm512_mul_epu32(numbers_of(part), part_size));
        }
        number = _mm512_add_epi64(number, _mm512_mullo_epi64(middle, part_size));
    }
    *codes = _mm512_or_si512(number, _mm512_set1_epi64((int64_t)format->tag));
    return lanes_of(odd) | _mm512_cmpneq_epi64_mask(length, _mm512_set1_epi64((int64_t)format->prefix_length + digits))
        | _mm512_test_epi64_mask(difference, _mm512_set1_epi64((int64_t)prefix_bits(format)));
}

AVX512 static size_t identifiers_avx512(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, const ck_identifier_format *format, uint64_t *codes, uint8_t *mask) {
    uint64_t borders[COLLECTED], fronts[COLLECTED], words[3][COLLECTED];
    // A quote that is the first byte of all such values is no part of a quoted one.
    int begins_prefix = format->prefix_length > 0 && (int32_t)(format->prefix & 0xFF) == quote;
    READ_IN_EIGHTS(
        has_no_groups(column, quote) || begins_prefix,
        collect_identifiers(
            bytes, ends + column - 1, columns, rows + index, collected - index, borders, fronts, words),
        eight_identifiers(fronts, words, place, length, format, &found),
        _mm512_storeu_si512(codes + index, kept),
        identifiers_portable(
            bytes, starts, ends, columns, column, rows + index, part, quote, format, codes + index,
            mask_from(mask, index)));
}

#undef READ_IN_EIGHTS
#undef AVX512
