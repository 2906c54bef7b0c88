// The body of one scan variant. The including file defines SCAN_NAME, SCAN_TARGET, SCAN_MASKS(block, d, n, q) and
// SCAN_EMIT(mask, base, out, count).

SCAN_TARGET
static ck_scan_result SCAN_NAME(
    const uint8_t *bytes, size_t start, size_t stop, size_t length, uint8_t delimiter, uint8_t quote,
    uint32_t *positions, size_t capacity) {
    scan_state state;
    scan_begin(&state, start);
    size_t base = start;
    while (base < length) {
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
        uint64_t mask = delimiters | newlines | quotes;
        if (length - base < 64) mask &= ((uint64_t)1 << (length - base)) - 1;
        if (!state.is_synchronized) scan_synchronize(&state, bytes, positions);
        if (scan_block(&state, bytes, base, mask, stop, length, delimiter, quote, positions)) return state.result;
        base += 64;
    }
    if (state.in_quotes) return scan_unclosed(&state);
    // The last byte is a line feed, so every record has ended.
    if (!state.is_synchronized) scan_synchronize(&state, bytes, positions);
    state.result.end = length;
    state.result.status = CK_SCAN_DONE;
    return state.result;
}

#undef SCAN_NAME
#undef SCAN_TARGET
#undef SCAN_MASKS
#undef SCAN_EMIT
