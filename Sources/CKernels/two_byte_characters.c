#include "CKernels.h"

#include <string.h>

size_t ck_pairs_to_utf8(
    const uint8_t *bytes, size_t length, uint8_t *text, size_t room, const uint32_t *table, size_t *produced) {
    size_t from = 0, to = 0;
    while (from < length) {
        if (bytes[from] < 0x80) {
            if (from + 8 <= length && to + 8 <= room) {
                uint64_t word;
                memcpy(&word, bytes + from, 8);
                memcpy(text + to, &word, 8);
                uint64_t others = word & 0x8080808080808080ull;
                size_t count = 8;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
                if (others) count = (size_t)__builtin_ctzll(others) / 8;
#else
                if (others) count = (size_t)__builtin_clzll(others) / 8;
#endif
                from += count;
                to += count;
                continue;
            }
            if (to == room) break;
            text[to++] = bytes[from++];
            continue;
        }
        if (from + 1 >= length || bytes[from] < 0x81 || bytes[from] > 0xFE || bytes[from + 1] < 0x40 || to + 4 > room) break;
        uint32_t entry = table[(size_t)(bytes[from] - 0x81) * CK_PAIR_TRAILS + (size_t)(bytes[from + 1] - 0x40)];
        if (entry == 0) break;
        // A third byte behind a character of two is written over by what follows.
        text[to] = (uint8_t)entry;
        text[to + 1] = (uint8_t)(entry >> 8);
        text[to + 2] = (uint8_t)(entry >> 16);
        to += entry >> 24;
        from += 2;
    }
    *produced = to;
    return from;
}
