// Block kernels that the Swift compiler does not vectorize well. Each exists in a portable, an AVX2 and an AVX-512
// variant; `ck_best_level` picks one at run time, and all variants give the same result.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#define CK_LEVEL_PORTABLE 0
#define CK_LEVEL_AVX2 1
#define CK_LEVEL_AVX512 2

/// The fastest level this processor runs.
int32_t ck_best_level(void);
/// `ck_best_level`, found out once.
int32_t ck_level(void);

/// Readable bytes the caller keeps after the end of every buffer given to a kernel.
#define CK_PADDING 64

/// A quoted field of more bytes than this counts as one whose quote is never closed.
#define CK_QUOTED_FIELD_LIMIT 1048576

/// The scan reached a record end at or after `stop`.
#define CK_SCAN_DONE 0
/// The record at `end` has text after a closing quote; it ends before `record_end`.
#define CK_SCAN_TEXT_AFTER_QUOTE 1
/// The record at `end` has a quote that is not closed.
#define CK_SCAN_UNCLOSED_QUOTE 2
/// `positions` is full; the record at `end` is not scanned yet.
#define CK_SCAN_FULL 3

typedef struct {
    /// Positions written: all delimiters and line feeds outside quotes of the records in [start, end).
    size_t count;
    /// Line feeds among them, that is, records.
    size_t record_count;
    /// Line feeds inside quoted fields seen on the way.
    size_t quoted_newline_count;
    /// Where the next record starts; for an irregular status the start of that record.
    size_t end;
    /// For CK_SCAN_TEXT_AFTER_QUOTE: the offset after the record's line feed.
    size_t record_end;
    int32_t status;
    /// Whether a quote byte was seen.
    int32_t saw_quote;
    /// Whether a quoted field holds a quote, that is, two.
    int32_t saw_doubled_quote;
} ck_scan_result;

/// Writes the structure of the records from `start` on, up to the first record end at or after `stop`.
///
/// `start` is a record start; bytes[length - 1] is a line feed; offsets fit 32 bits. A quote opens a quoted field only
/// as the first byte of the field; elsewhere outside quotes it is data.
ck_scan_result ck_scan(
    int32_t level, const uint8_t *bytes, size_t start, size_t stop, size_t length, uint8_t delimiter, uint8_t quote,
    uint32_t *positions, size_t capacity);

/// A place outside of quotes, or at a quote that opens a field, and where its record starts. All zeros: the beginning.
typedef struct {
    size_t position;
    size_t record_start;
} ck_cut_place;

/// Moves the place on towards `target` for as long as every quote opens a field or closes one: what `ck_last_record_end` would
/// do first, for bytes that have just come and are still in the cache.
void ck_pass_regular(
    int32_t level, const uint8_t *bytes, ck_cut_place *place, size_t target, size_t length, uint8_t delimiter,
    uint8_t quote);

/// A record end at or before `target`: the last one, or an earlier one if a quoted field reaches over `target`; 0 if
/// there is none. `ck_scan` of the bytes before it sees the same records.
///
/// Bytes beyond `target` are looked at to judge quoted fields. `is_open` becomes 1 where the answer might be another one if more
/// bytes were there, else 0; with CK_QUOTED_FIELD_LIMIT + 2 of them, or at the end of the input, it is the answer all the same.
/// `place` is at or before `target`.
size_t ck_last_record_end(
    int32_t level, const uint8_t *bytes, ck_cut_place place, size_t target, size_t length, uint8_t delimiter,
    uint8_t quote, int32_t *is_open);

/// Rows at which the bytes from field `first` to field `last` differ from the row before. `ends` has `columns` field ends a
/// row, `starts` the record starts; a negative `before_start` makes row 0 one of them, otherwise these bytes of the row
/// before lie in [before_start, before_end). Returns how many rows were written; up to eight bytes behind a field are read.
size_t ck_run_heads(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first,
    size_t last, size_t rows, ptrdiff_t before_start, ptrdiff_t before_end, uint32_t *heads);

/// Entries of the limits that `ck_decimals` takes: for 10^0 … 10^16.
#define CK_DECIMAL_POWERS 17

/// No byte is a quote.
#define CK_NO_QUOTE -1

/// Reads the fields of one column as decimals scaled by 10^scale: `-`, up to 16 characters of digits and one point. A
/// `scale` below 0 allows no point. Stops at the first field of another form, of too many decimals, or of a magnitude that
/// multiplied by 10^n is above `limits[n]` times 10^n; returns how many of the `count` rows were read.
///
/// `starts` and `ends` as for `ck_run_heads`; `rows` are the rows to read. An empty field is 0 with mask 0; without a mask the
/// reading stops there. A field that begins with `quote`, and then ends with it, is read without the two; CK_NO_QUOTE where none
/// can be. Up to 16 bytes before a field are read.
size_t ck_decimals(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t scale, const uint64_t *limits, int64_t *values,
    uint8_t *mask);

/// As `ck_decimals`, `yyyy-mm-dd hh:mm:ss` or with a T between as microseconds since 1970-01-01 00:00:00.
size_t ck_timestamps(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int64_t *values, uint8_t *mask);

/// As `ck_decimals`, `yyyy-mm-dd` as days since 1970-01-01.
size_t ck_dates(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, int32_t *values, uint8_t *mask);

/// Identifiers of a prefix and digits: how they become codes.
typedef struct {
    /// The bytes of the prefix, the first the lowest, and how many there are: at most 8.
    uint64_t prefix;
    int32_t prefix_length;
    /// 1…18.
    int32_t digit_count;
    /// What the number is put together with.
    uint64_t tag;
} ck_identifier_format;

/// As `ck_decimals`, identifiers of one format as codes. Up to 24 bytes before a field's end are read.
size_t ck_identifiers(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, int32_t quote, const ck_identifier_format *format, uint64_t *codes, uint8_t *mask);

/// How many of the bytes equal `value`.
size_t ck_count_byte(const uint8_t *bytes, size_t length, uint8_t value);
size_t ck_count_byte_at_level(int32_t level, const uint8_t *bytes, size_t length, uint8_t value);

/// The line feeds among the bytes; `has_quote` says whether one equals `quote`.
size_t ck_count_lines(
    int32_t level, const uint8_t *bytes, size_t length, uint8_t quote, int32_t *has_quote);

/// The rows whose key differs from that of the row before, row 0 among them; at most `limit` are wanted, and where there are more
/// the result is more than `limit`. `rows` has room for `limit` and CK_KEY_HEADS_SLACK more.
#define CK_KEY_HEADS_SLACK 64
size_t ck_key_heads(int32_t level, const uint64_t *keys, size_t count, size_t limit, int32_t *rows);

/// Smallest and largest of some numbers; INT64_MAX and INT64_MIN if there are none.
void ck_bounds(const int64_t *values, size_t count, int64_t *low, int64_t *high);
void ck_bounds_at_level(int32_t level, const int64_t *values, size_t count, int64_t *low, int64_t *high);

/// Sorts numbers, the smallest first. `room` is for as many.
void ck_sort_lanes(int64_t *values, size_t count, int64_t *room);

/// The values whose flag is 1; returns how many there are. Flags are zeros and ones; eight lanes more than ones are written at
/// most.
size_t ck_pick_lanes(int32_t level, const int64_t *values, const int64_t *flags, size_t count, int64_t *picked);

/// For each value the number of the first of three common ones that it equals, or 3; the values of class 3 become `others`,
/// of which there is room for eight more than there are values. Returns their number.
size_t ck_classify(
    int32_t level, const int64_t *values, size_t count, const int64_t *common, int64_t *classes, int64_t *others);

/// `value = base + factor * quotient + rest` with rests from 0 to factor - 1, wrapping; the factor is at least 2.
void ck_split(const int64_t *values, size_t count, int64_t base, int64_t factor, int64_t *quotients, int64_t *rests);

/// For each run 0 if all its rows are above 0, 1 if all are below, else 2; its sum, wrapping, if `sums` is given; with a mask
/// whether a row of it is 1. Run n lies from `starts[n]` to before `starts[n + 1]`; there are at most 2^31 rows, and `room` is
/// for one lane more than rows.
void ck_run_signs(
    int32_t level, const int64_t *values, const uint8_t *mask, const int32_t *starts, size_t run_count, int64_t *room,
    uint8_t *signs, int64_t *sums, uint8_t *present);

/// How many of the values, from the second on, differ from the one before; the smallest and the largest difference, wrapping:
/// INT64_MAX and INT64_MIN if there is none.
size_t ck_changes(int32_t level, const int64_t *values, size_t count, int64_t *low, int64_t *high);

/// 1 for each value that differs from the one before, else 0; 1 for the first.
void ck_run_flags(int32_t level, const int64_t *values, size_t count, int64_t *flags);

/// `value = base + factor * quotient` for all values, wrapping; returns 0 if there is no such quotient for one of them, and what is
/// written then means nothing. A value below the base may have one: the distance wraps. The factor is at least 3 and no power of two.
int32_t ck_exact_quotients(
    int32_t level, const int64_t *values, size_t count, int64_t base, int64_t factor, int64_t *quotients);

/// How many of the values are not `common`.
size_t ck_count_unlike(int32_t level, const int64_t *values, size_t count, int64_t common);
/// These values, of which there is room for all, and before each how many values since the one before are `common`.
void ck_exceptions(
    int32_t level, const int64_t *values, size_t count, int64_t common, int64_t *gaps, int64_t *exceptions);

/// Offset of the first byte above 0x7F, or `length`.
size_t ck_first_non_ascii(const uint8_t *bytes, size_t length);

/// Offset of the first byte that is not part of well-formed UTF-8, or `length`. A sequence cut off by the end counts as
/// malformed at its first byte.
size_t ck_first_malformed_utf8(const uint8_t *bytes, size_t length);

/// For each row the common value of class 0, 1 or 2, or the next of the others for class 3. Returns how many of the others
/// were asked for; beyond `other_count` the last one stands for all.
size_t ck_expand_classes(
    int32_t level, const uint8_t *classes, size_t count, const int64_t *common, const int64_t *others, size_t other_count,
    int64_t *values);

/// The values whose flag is 1, at most `limit`; returns how many there are. Flags are zeros and ones.
size_t ck_pick(
    int32_t level, const int64_t *values, const uint8_t *flags, size_t count, size_t limit, int64_t *picked);

/// The next of the values where the bit is 1, else the one before. The first bit is a one, and there are as many values as
/// ones; returns their number. Bits as `ck_unpack_bits` writes them.
size_t ck_repeat(
    int32_t level, const int64_t *values, size_t value_count, const uint64_t *bits, size_t count, int64_t *rows);

/// `left * right / divisor`, wrapping before the division, rounded half away from zero; the divisor is positive.
void ck_products(
    int32_t level, const int64_t *left, const int64_t *right, size_t count, int64_t divisor, int64_t *values);

/// Undoes `ck_pick`: the next of the values where the mask is 1, else 0. Returns how many bytes of the mask are 1; masks are zeros and
/// ones.
size_t ck_expand(
    int32_t level, const int64_t *values, size_t value_count, const uint8_t *mask, size_t count, int64_t *rows);

/// The values whose bit is 1, at most `limit`; returns how many there are. Bits as `ck_unpack_bits` writes them.
size_t ck_pick_32(
    int32_t level, const uint32_t *values, const uint64_t *bits, size_t count, size_t limit, uint32_t *picked);

/// Where the bit is 1 the next of the new values, else the value that the row's code had last. `known` holds the last value of
/// each code. As many bits are ones as there are new values.
void ck_recall(
    const uint64_t *bits, const uint32_t *codes, size_t count, const int64_t *news, size_t new_count, int64_t *known,
    int64_t *values);

/// The base of each row's code and the next number of the row's width. `bases` are by code; `places` has the place of each
/// width's next number, of 65 widths, where that of width 0 stays.
void ck_map(
    const uint32_t *codes, const uint8_t *widths, size_t count, const int64_t *bases, const int64_t *numbers, int64_t *places,
    int64_t *values);

/// For each place how many of the bytes before it are `value`; places ascend. Returns the last of the ranks.
size_t ck_ranks(
    int32_t level, const uint8_t *bytes, uint8_t value, const int32_t *places, size_t place_count, int32_t *ranks);

/// Adds each value to the sum of its group, wrapping, and counts it; where the mask is not NULL, only those whose byte is 1 (bytes are
/// zeros and ones). Returns 0, with nothing added, if a group is not below `group_count`.
int32_t ck_add_grouped(
    const int64_t *values, const uint8_t *mask, const uint32_t *groups, size_t count, size_t group_count, int64_t *sums,
    int64_t *counts);

/// As `ck_add_grouped`, the largest or smallest value of each group, beside the best there is, and whether the group has a value.
int32_t ck_take_extremes(
    const int64_t *values, const uint8_t *mask, const uint32_t *groups, size_t count, size_t group_count,
    int32_t is_maximum, int64_t *best, uint8_t *present);

/// Places that `ck_band` may write behind the values it finds.
#define CK_BAND_SLACK 8

/// The values from `low` to `high`, both included, in their order, and how many are below `low`. `band` has room for all values
/// and `CK_BAND_SLACK` more. Returns how many lie inside.
size_t ck_band(
    int32_t level, const int64_t *values, size_t count, int64_t low, int64_t high, int64_t *band, size_t *below);

#define CK_EQUAL 0
#define CK_NOT_EQUAL 1
#define CK_LESS 2
#define CK_LESS_OR_EQUAL 3
#define CK_GREATER 4
#define CK_GREATER_OR_EQUAL 5

/// 1 for each row whose numbers compare as asked, else 0.
void ck_compare_rows(
    int32_t level, int32_t comparison, const int64_t *left, const int64_t *right, size_t count, uint8_t *mask);
void ck_compare_constant(
    int32_t level, int32_t comparison, const int64_t *left, int64_t right, size_t count, uint8_t *mask);

/// Places that `ck_mask_rows` may write behind the rows it finds.
#define CK_MASK_ROWS_SLACK 16

/// The numbers of the bytes that are 1, ascending; bytes are zeros and ones. `rows` has room for as many as there are ones and
/// `CK_MASK_ROWS_SLACK` more. Returns how many there are.
size_t ck_mask_rows(int32_t level, const uint8_t *mask, size_t count, int32_t *rows);

/// Places that the kernels of runs may write behind the last row.
#define CK_RUN_SLACK 8

/// The run of each row. `starts` are run_count + 1 ascending row numbers, the first of them 0; a run may be empty. `rows` has room
/// for the rows and `CK_RUN_SLACK` more.
void ck_run_of_row(const int32_t *starts, size_t run_count, int32_t *rows);

/// The value of each row's run, of 8, 32 or 64 bits. Room as for `ck_run_of_row`.
void ck_spread_8(const int32_t *starts, size_t run_count, const uint8_t *values, uint8_t *rows);
void ck_spread_32(const int32_t *starts, size_t run_count, const int32_t *values, int32_t *rows);
void ck_spread_64(const int32_t *starts, size_t run_count, const int64_t *values, int64_t *rows);

/// The rows of the runs whose byte is 1, ascending; bytes are zeros and ones. `rows` has room for them and `CK_RUN_SLACK` more.
/// Returns how many there are.
size_t ck_run_rows(const int32_t *starts, size_t run_count, const uint8_t *mask, int32_t *rows);

/// Where the runs begin after only the rows of `selection`, ascending row numbers, are kept: run_count + 1 numbers.
void ck_run_select(
    int32_t level, const int32_t *starts, size_t run_count, const int32_t *selection, size_t count, int32_t *kept);

/// For each place, ascending, which of the new values `ck_recall` would give there: its number from 1, or 0 if the row's code has
/// had none. `known` holds a zero for each code.
void ck_recalled_numbers(
    const uint64_t *bits, const uint32_t *codes, const int32_t *places, size_t place_count, int32_t *known, int32_t *numbers);

/// For each key what the table has at the key less the lowest, less 1; UINT32_MAX where the table has 0 or no such place.
void ck_find_direct(
    const uint64_t *keys, size_t count, uint64_t lowest, const uint32_t *table, size_t table_count, uint32_t *found);

/// As `ck_find_direct`, keys of 32 bits.
void ck_find_direct_32(
    const uint32_t *keys, size_t count, uint64_t lowest, const uint32_t *table, size_t table_count, uint32_t *found);

/// The byte that the table has for each code.
void ck_look_up_bytes(const uint32_t *codes, size_t count, const uint8_t *table, uint8_t *bytes);

/// The lane that the table has for each code.
void ck_look_up_lanes(const uint32_t *codes, size_t count, const int64_t *table, int64_t *lanes);

/// The code that the table has for each code.
void ck_look_up_codes(const uint32_t *codes, size_t count, const uint32_t *table, uint32_t *found);

/// Makes the byte of each code that occurs 1.
void ck_mark_codes(const uint32_t *codes, size_t count, uint8_t *seen);

/// Smallest and largest of some codes; UINT32_MAX and 0 if there are none.
void ck_code_bounds(int32_t level, const uint32_t *codes, size_t count, uint32_t *low, uint32_t *high);

/// As `ck_unpack32`, `base` plus the number in 32 bits, wrapping.
void ck_unpack32_codes(
    int32_t level, const uint64_t *words, size_t groups, uint32_t base, uint32_t width, uint32_t *codes);

/// As `ck_expand_classes`, codes of 32 bits; beyond `other_count` zero stands for the others.
size_t ck_expand_code_classes(
    int32_t level, const uint8_t *classes, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    uint32_t *codes);
/// As `ck_expand_code_classes`, of whole groups of classes as `ck_pack32` packs them in two bits.
size_t ck_expand_code_groups(
    int32_t level, const uint64_t *words, size_t groups, const uint32_t *common, const uint32_t *others,
    size_t other_count, uint32_t *codes);

/// As `ck_expand_code_classes`, of classes as `ck_pack_stream` packs them in two bits.
size_t ck_expand_code_stream(
    int32_t level, const uint64_t *words, size_t count, const uint32_t *common, const uint32_t *others, size_t other_count,
    uint32_t *codes);

/// Of whole groups of numbers of one or two bits, as `ck_pack32` packs them, which ones are `number`: row r is bit r mod 64 of word
/// r / 64.
void ck_unpack_bits(
    int32_t level, const uint64_t *words, size_t groups, uint32_t width, uint32_t number, uint64_t *bits);

/// Turns over each bit that is 1 in `rows` and whose bit of the stream, which has one for each of these and a word behind them, is 1.
void ck_flip_bits(int32_t level, const uint64_t *stream, const uint64_t *rows, size_t word_count, uint64_t *bits);

/// How many bits are 1 before each of `count` words, and in all.
void ck_bit_sums(int32_t level, const uint64_t *bits, size_t count, int32_t *before);

/// How many bits before each place are 1. There is a word behind the last place's bits; `before` as `ck_bit_sums` has it.
void ck_bit_ranks(
    int32_t level, const uint64_t *bits, const int32_t *before, const int32_t *places, size_t count, int32_t *ranks);

/// The rows whose bit is 1, ascending, of `count` words; returns how many there are.
size_t ck_bit_rows(const uint64_t *bits, size_t count, int32_t *rows);

/// What a table of zeros and ones has for each code, all of them below `span`; the rows behind the last one get zeros.
void ck_mark_rows(
    int32_t level, const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint64_t *bits);
/// As `ck_mark_rows`, a byte a row.
void ck_look_up_flags(
    int32_t level, const uint32_t *codes, size_t count, const uint8_t *table, size_t span, uint8_t *flags);

/// The run that each of some rows lies in; rows ascend and lie in the runs, which are as for `ck_run_of_row`, and there is one at
/// least.
void ck_runs_of_rows(
    int32_t level, const int32_t *starts, size_t run_count, const int32_t *rows, size_t count, int32_t *runs);

/// Makes 1 the bits of the first rows of runs whose flag is 1, or of all rows of those whose flag is 0; runs as for `ck_run_of_row`.
void ck_mark_runs(const int32_t *starts, const uint64_t *flags, size_t run_count, int32_t of_singles, uint64_t *bits);

/// For each row of a run whose flag is 1 the run's one value; the next of the others for each row of the other runs.
void ck_join_runs(
    const int32_t *starts, const uint64_t *flags, size_t run_count, const int64_t *singles, const int64_t *others, int64_t *values);

/// As `ck_expand`, bytes.
size_t ck_expand_bytes(
    int32_t level, const uint8_t *values, size_t value_count, const uint8_t *mask, size_t count, uint8_t *rows);

/// Packs numbers, `value - base`, of 1, 2 or 4 bits one behind the other, lowest bits first, into words that are zeros.
void ck_pack_stream(int32_t level, const int64_t *values, size_t count, int64_t base, uint32_t width, uint64_t *words);
/// Undoes `ck_pack_stream` of base 0: a byte a number.
void ck_unpack_stream(int32_t level, const uint64_t *words, size_t count, uint32_t width, uint8_t *bytes);

/// Packs whole groups of 1024 numbers, `value - base`, of 1 to 32 bits; writes 16 * width words a group.
void ck_pack32(const int64_t *values, size_t groups, int64_t base, uint32_t width, uint64_t *words);
void ck_pack32_at_level(
    int32_t level, const int64_t *values, size_t groups, int64_t base, uint32_t width, uint64_t *words);

/// Undoes `ck_pack32`: `base + factor * number`, wrapping.
void ck_unpack32(
    int32_t level, const uint64_t *words, size_t groups, int64_t base, uint32_t factor, uint32_t width, int64_t *values);
/// As `ck_unpack32`, the lowest bits of the numbers as bytes.
void ck_unpack32_bytes(int32_t level, const uint64_t *words, size_t groups, uint32_t width, uint8_t *bytes);

/// `base` plus each value's bytes, the lowest first: byte `p` of value `r` is `planes[p * count + r]`. At most eight planes.
void ck_join_planes(
    int32_t level, const uint8_t *planes, size_t plane_count, size_t count, int64_t base, int64_t *values);

/// A hash of bytes, the same on every run.
uint64_t ck_hash(const uint8_t *bytes, size_t length);
/// The hash of each string `bytes[offsets[i]..<offsets[i + 1]]`; there is an offset more than strings.
void ck_hash_strings(const uint8_t *bytes, const uint32_t *offsets, size_t count, uint64_t *hashes);

/// Finds strings in a table: a slot holds the high half of a string's hash and below it the number of its entry from 1, or 0 if it
/// is free; looking for one begins at the slot that this half names, cut by `mask`, and goes on to the first free one. `mask` is
/// the number of slots, a power of two, less 1, and some are free. `codes` gets the entries, UINT32_MAX for strings that are none.
void ck_find_strings(
    const uint8_t *bytes, const uint32_t *offsets, const uint64_t *hashes, size_t count, const uint64_t *slots, size_t mask,
    const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes);
/// As `ck_find_strings`, but adds those that are missing. There is room for all the strings behind the entries, and more free
/// slots than strings. Returns the new number of entries.
size_t ck_intern_strings(
    const uint8_t *bytes, const uint32_t *offsets, const uint64_t *hashes, size_t count, uint64_t *slots, size_t mask,
    uint8_t *entry_bytes, uint32_t *entry_offsets, size_t entry_count, uint32_t *codes);

/// Hashes of some columns of a block, `first` to `last` as one text with all between; `starts`, `ends` and `columns` as for
/// `ck_run_heads`, `rows` the rows to read, NULL for the first `count`. Of each, `fields` gets the start and, in the upper half,
/// the end. Hashes of one level go together with hashes of that level alone.
void ck_hash_fields(
    int32_t level, const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t first,
    size_t last, const uint32_t *rows, size_t count, uint64_t *fields, uint64_t *hashes);
/// The hash of one text, as `ck_hash_fields` makes them.
uint64_t ck_hash_field(int32_t level, const uint8_t *bytes, size_t length);
/// As `ck_find_strings`, for texts that lie where `fields` says. There is one entry at least, or `entry_offsets` has a zero.
void ck_find_fields(
    int32_t level, const uint8_t *bytes, const uint64_t *fields, const uint64_t *hashes, size_t count,
    const uint64_t *slots, size_t mask, const uint8_t *entry_bytes, const uint32_t *entry_offsets, uint32_t *codes);

/// Codes of fields of one or two bytes below 128 by a table of 2^14: `table[second << 7 | first]`, `second` 0 for one byte alone.
/// Stops at the first field of another form or with the code UINT32_MAX; returns how many of the `count` rows were read.
size_t ck_short_strings(
    const uint8_t *bytes, const uint32_t *starts, const uint32_t *ends, size_t columns, size_t column,
    const uint32_t *rows, size_t count, const uint32_t *table, uint32_t *codes);

/// Puts entries, from number `first` on, that are not there into the slots, without looking whether they are.
void ck_place_strings(const uint64_t *hashes, size_t first, size_t count, uint64_t *slots, size_t mask);
/// Puts the entries of other slots into empty ones.
void ck_move_slots(const uint64_t *old, size_t old_count, uint64_t *slots, size_t mask);

/// For each group the smallest or largest text of its rows, bytewise. Row `i` has the text `codes[i]`, or `i` without codes; a 0
/// in the mask leaves it out, and without groups all are of group 0. `best` holds UINT32_MAX, or the text to begin with.
void ck_text_extremes(
    const uint8_t *bytes, const uint32_t *offsets, const uint32_t *codes, const uint8_t *mask, const uint32_t *groups,
    size_t count, int32_t is_maximum, uint32_t *best);
/// Bytes of some strings together; the largest size if a place is not below `string_count`.
size_t ck_gathered_length(const uint32_t *offsets, size_t string_count, const int32_t *places, size_t count);
/// Copies some strings one behind the other; `gathered_offsets` has room for an offset more than places.
void ck_gather_strings(
    const uint8_t *bytes, const uint32_t *offsets, const int32_t *places, size_t count, uint32_t *gathered_offsets,
    uint8_t *gathered_bytes);

/// What reading a hybrid of runs and packed numbers ended with.
#define CK_HYBRID_SOUND 0
/// The bytes end within the head of a run.
#define CK_HYBRID_NUMBER_CUT 1
/// The head of a run is no number of 64 bits.
#define CK_HYBRID_LONG_NUMBER 2
/// A run of nothing, or the bytes end before its value.
#define CK_HYBRID_RUN_CUT 3
/// A run's value, `found`, has more bits than the width.
#define CK_HYBRID_WIDE_VALUE 4
/// A run of `found` packed groups: none, or too many.
#define CK_HYBRID_GROUPS 5
/// The bytes end within packed numbers.
#define CK_HYBRID_CODES_CUT 6

typedef struct {
    /// Where the bytes go on.
    size_t position;
    /// What the status tells of.
    uint64_t found;
    int32_t status;
    /// The largest of the numbers; of levels how many are 1.
    uint32_t largest;
} ck_hybrid_result;

/// Numbers of up to 32 bits, packed from the lowest bit of each byte upwards. Returns the largest. 16 bytes behind them are readable.
uint32_t ck_unpack_codes(int32_t level, const uint8_t *bytes, size_t count, uint32_t width, uint32_t *values);
/// Reads `count` numbers of `width` bits, at most 32, of Parquet's hybrid of runs and packed groups. 16 bytes behind `end` are readable.
ck_hybrid_result ck_read_codes(
    int32_t level, const uint8_t *bytes, size_t start, size_t end, uint32_t width, size_t count, uint32_t *values);
/// As `ck_read_codes`, numbers of one bit as bytes.
ck_hybrid_result ck_read_levels(const uint8_t *bytes, size_t start, size_t end, size_t count, uint8_t *mask);
/// Moves the first `present` of `count` values to the rows whose byte is 1, as many as there are such; bytes are zeros and ones.
void ck_spread_words(const uint8_t *mask, size_t count, size_t present, uint64_t *values);
void ck_spread_halves(const uint8_t *mask, size_t count, size_t present, uint32_t *values);
/// Reads strings that each lie behind their size, four bytes, and puts them one behind the other; `ends` gets the end of each, counted
/// from `first`. At least four bytes a string lie before `end`; 16 bytes behind it are readable, and there is room for what lies there
/// besides sizes and 16 bytes more. Returns the bytes of all strings; the largest size if one reaches beyond `end`.
size_t ck_read_strings(
    const uint8_t *bytes, size_t start, size_t end, size_t count, uint32_t first, uint32_t *ends, uint8_t *strings);

/// One field of all rows as text: that of row `r` begins at `text[(uint32_t)places[r]]` and has `places[r] >> 32` bytes.
typedef struct {
    const uint8_t *text;
    const uint64_t *places;
} ck_row_field;

/// Most bytes a field of `ck_decimal_texts`, `ck_date_texts` and `ck_time_texts` takes.
#define CK_NUMBER_TEXT_SIZE 32

/// Writes numbers of 10^-scale, a scale of at most 18, with all digits of the scale, behind the first `end` bytes of the text; equal
/// neighbours share one. A row whose byte in the mask is 0 has `null_place`. Returns the new end.
size_t ck_decimal_texts(
    const int64_t *values, const uint8_t *mask, size_t count, uint32_t scale, uint64_t null_place, uint8_t *text, size_t end,
    uint64_t *places);
/// As `ck_decimal_texts`, days since 1970-01-01 as `2025-01-31`; the largest size if one lies outside of the years 1 to 9999.
size_t ck_date_texts(
    const int32_t *days, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text, size_t end, uint64_t *places);
/// As `ck_date_texts`, microseconds since 1970-01-01 as `2025-01-31 08:04:38.5`, without a fraction where there is none.
size_t ck_time_texts(
    const int64_t *times, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text, size_t end, uint64_t *places);
/// As `ck_decimal_texts`, strings as fields of CSV: in quotes if they are empty, begin or end with a blank, or hold a quote, a comma
/// or a control character. A string takes at most twice its bytes and two.
size_t ck_field_texts(
    const uint8_t *bytes, const uint32_t *offsets, const uint8_t *mask, size_t count, uint64_t null_place, uint8_t *text,
    size_t end, uint64_t *places);
/// The places of coded texts.
void ck_entry_places(
    const uint32_t *codes, const uint8_t *mask, size_t count, uint64_t null_place, const uint64_t *entries, uint64_t *places);
/// Bytes of some rows, each field with a byte behind it.
size_t ck_rows_length(const ck_row_field *fields, size_t field_count, size_t first, size_t end);
/// Writes some rows as lines, their fields with a separator between them. At most 16 bytes behind the lines are written, too, and
/// as many behind each field's text are readable. There is a field.
void ck_join_rows(
    const ck_row_field *fields, size_t field_count, size_t first, size_t end, uint8_t separator, uint8_t *text);

/// The first place at or behind `start` where the `count` bytes of `needle`, at least one, stand within the `length` bytes; `length`
/// where they do not.
size_t ck_find_bytes(
    int32_t level, const uint8_t *bytes, size_t start, size_t length, const uint8_t *needle, size_t count);

/// Second bytes of a character of two: from 0x40 on.
#define CK_PAIR_TRAILS 192

/// ASCII as it is, and characters of two bytes, the first of which is 0x81 to 0xFE, as UTF-8. `table` has an entry for each first
/// byte and each of CK_PAIR_TRAILS second ones: up to three bytes of UTF-8 from the lowest on, their number in the highest byte; 0 for
/// no such character. Stops at anything else, at half a character and where four bytes might not fit; returns how many of the
/// `length` bytes it took.
size_t ck_pairs_to_utf8(
    const uint8_t *bytes, size_t length, uint8_t *text, size_t room, const uint32_t *table, size_t *produced);

/// Bytes of a file that are in the page cache; negative where the system does not say.
int64_t ck_cached_size(int descriptor);
/// Whether reads go past the page cache (`O_DIRECT`): places, sizes and memory are then multiples of 4,096. Negative where the file
/// system has no such reads.
int ck_set_direct(int descriptor, int is_direct);

/// Asks for the cache line of an address that is read soon; any address is allowed.
static inline void ck_prefetch(const void *address) { __builtin_prefetch(address, 0, 3); }

/// Lets glibc serve large allocations from the heap and keep what is freed: column vectors of one segment come and go all
/// the time, and the first touch of a fresh page costs more than the work on it.
void ck_keep_large_allocations(void);
/// Asks for large pages around an address that `malloc` gave, where a thread has its heap; where large allocations are not kept
/// it does nothing. It costs nothing where the same thread asked before.
void ck_use_large_pages(const void *place);
/// Gives large freed pieces back to the system from now on, and those that are free now.
void ck_return_large_allocations(void);
/// Zeroed pages outside of the heap, on a border of 2 MiB and large ones where large allocations are kept; NULL where the system
/// has none. They go back with `ck_unmap_pages` and the same size.
void *ck_map_pages(size_t size);
void ck_unmap_pages(void *pages, size_t size);

#endif
