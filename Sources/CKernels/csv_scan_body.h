// The bodies of one scan variant. The including file defines SCAN_NAME, SCAN_CUT_NAME, SCAN_TARGET, SCAN_MASKS(block, d, n, q),
// SCAN_INSIDE(quotes), SCAN_HAS(bytes, value) for 256 bytes, and SCAN_EMIT(mask, base, out, count).

SCAN_TARGET
static ck_scan_result SCAN_NAME(
    const uint8_t *bytes, size_t start, size_t stop, size_t length, uint8_t delimiter, uint8_t quote,
    uint32_t *positions, size_t capacity) {
    scan_state state;
    scan_begin(&state, start);
    size_t base = start;
    while (base < length) {
        if (!state.in_quotes && !state.has_text_after_quote) {
            // Most blocks have no quote: what is counted stays in registers over all of them.
            size_t first = base, count = state.result.count, record_count = state.result.record_count;
            while (base + 64 < stop && count + 64 <= capacity) {
                uint64_t delimiters, newlines, quotes;
                SCAN_MASKS(bytes + base, delimiters, newlines, quotes);
                if (quotes != 0) break;
                SCAN_EMIT(delimiters | newlines, base, positions, count);
                record_count += (size_t)__builtin_popcountll(newlines);
                base += 64;
            }
            if (base > first) state.is_synchronized = 0;
            state.result.count = count;
            state.result.record_count = record_count;
        }
        if (state.result.count + 64 > capacity) return scan_full(&state, bytes);
        uint64_t delimiters, newlines, quotes;
        SCAN_MASKS(bytes + base, delimiters, newlines, quotes);
        state.result.saw_quote |= quotes != 0;
        // Fast path: no quote here, none open, and the record to stop at cannot end here.
        if (quotes == 0 && !state.in_quotes && !state.has_text_after_quote && base + 64 < stop) {
            uint64_t structure = delimiters | newlines;
            SCAN_EMIT(structure, base, positions, state.result.count);
            state.result.record_count += (size_t)__builtin_popcountll(newlines);
            base += 64;
            state.is_synchronized = 0;
            continue;
        }
        // As fast where each quote opens a field at its start or closes one at its end, with no other line in between.
        if (base + 64 < stop && !state.has_text_after_quote && state.skipped != base
            && !(state.in_quotes && base + 64 - state.quote_open > CK_QUOTED_FIELD_LIMIT)) {
            uint64_t inside = SCAN_INSIDE(quotes) ^ (0 - (uint64_t)state.in_quotes);
            if (quotes_are_regular(bytes, base, start, length, delimiter, delimiters, newlines, quotes, inside)) {
                SCAN_EMIT((delimiters | newlines) & ~inside, base, positions, state.result.count);
                state.result.record_count += (size_t)__builtin_popcountll(newlines);
                uint64_t opens = quotes & inside;
                if (opens != 0) {
                    state.quote_open = base + 63 - (size_t)__builtin_clzll(opens);
                    state.has_newline_in_field = 0;
                }
                state.in_quotes = (int)(inside >> 63);
                base += 64;
                state.is_synchronized = 0;
                continue;
            }
        }
        uint64_t mask = delimiters | newlines | quotes;
        if (length - base < 64) mask &= ((uint64_t)1 << (length - base)) - 1;
        if (!state.is_synchronized) scan_synchronize(&state, bytes, positions);
        if (scan_block(&state, bytes, base, mask, stop, length, delimiter, quote, positions)) return state.result;
        base += 64;
    }
    if (!state.is_synchronized) scan_synchronize(&state, bytes, positions);
    if (state.in_quotes) return scan_unclosed(&state);
    // The last byte is a line feed, so every record has ended.
    state.result.end = length;
    state.result.status = CK_SCAN_DONE;
    return state.result;
}

/// Passes blocks of which each quote opens a field at its start or closes one at its end, from `position` on, which is outside
/// quotes and starts a field or lies within one without; stops before `target`.
SCAN_TARGET
static cut_state SCAN_CUT_NAME(
    const uint8_t *bytes, size_t position, size_t record_start, size_t target, size_t length, uint8_t delimiter,
    uint8_t quote) {
    cut_state state = {position, record_start};
    size_t base = position, open = position, looked_at = position;
    uint64_t carry = 0;
    while (base + 64 < target) {
        if (carry == 0 && base >= looked_at) {
            // Most of a file has no quotes: that is all there is to know of it.
            while (base + 256 < target && !SCAN_HAS(bytes + base, quote)) base += 256;
            looked_at = base + 256;
            if (base + 64 >= target) break;
        }
        uint64_t delimiters, newlines, quotes;
        SCAN_MASKS(bytes + base, delimiters, newlines, quotes);
        if (carry != 0 && base + 64 - open > CK_QUOTED_FIELD_LIMIT) break;
        uint64_t inside = SCAN_INSIDE(quotes) ^ carry;
        if (!quotes_are_regular(bytes, base, 0, length, delimiter, delimiters, newlines, quotes, inside)) break;
        uint64_t opens = quotes & inside;
        if (opens != 0) open = base + 63 - (size_t)__builtin_clzll(opens);
        carry = 0 - (inside >> 63);
        base += 64;
    }
    state.position = carry != 0 ? open : base;
    // No line ends inside quotes here, so the last line feed ends a record.
    for (size_t end = base; end > position; end--) {
        if (bytes[end - 1] == '\n') {
            state.record_start = end;
            break;
        }
    }
    return state;
}

#undef SCAN_NAME
#undef SCAN_CUT_NAME
#undef SCAN_INSIDE
#undef SCAN_TARGET
#undef SCAN_MASKS
#undef SCAN_EMIT
#undef SCAN_HAS
