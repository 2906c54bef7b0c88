#include <string.h>

#include "CKernels.h"

// Sums by group. Neighbouring rows mostly are of one group (the lines of a claim), and an addition would wait for the one before it:
// where there are few groups, rows take turns at several tables, which are added up in the end.

/// Groups up to which four tables, or two, stay in a core's first cache. A table has a sum and a count for each group.
enum { four_tables_limit = 256, two_tables_limit = 1024 };

typedef struct {
    uint64_t sum, count;
} entry;

static inline void add(entry *table, uint32_t group, int64_t value, uint64_t bit) {
    table[group].sum += (uint64_t)value & (0 - bit);
    table[group].count += bit;
}

static inline __attribute__((always_inline)) void add_by_turns(
    const int64_t *values, const uint8_t *mask, const uint32_t *groups, size_t count, entry *tables, size_t ways,
    size_t group_count) {
    size_t row = 0;
    for (; row + ways <= count; row += ways)
        for (size_t way = 0; way < ways; way++)
            add(tables + way * group_count, groups[row + way], values[row + way], mask ? mask[row + way] : 1);
    for (; row < count; row++) add(tables, groups[row], values[row], mask ? mask[row] : 1);
}

/// Whether all groups are below the count, which is not above 2^31.
static int are_below(const uint32_t *groups, size_t count, uint32_t group_count) {
    // The highest bit of a group, or of the distance from it to the last one, tells of a group too large.
    int32_t bits = 0, last = (int32_t)(group_count - 1);
    for (size_t row = 0; row < count; row++) {
        int32_t group = (int32_t)groups[row];
        bits |= group | (int32_t)((uint32_t)last - (uint32_t)group);
    }
    return bits >= 0;
}

int32_t ck_take_extremes(
    const int64_t *values, const uint8_t *mask, const uint32_t *groups, size_t count, size_t group_count,
    int32_t is_maximum, int64_t *best, uint8_t *present) {
    if (count == 0) return 1;
    if (group_count == 0 || group_count > (size_t)INT32_MAX || !are_below(groups, count, (uint32_t)group_count)) return 0;
    // A value is seldom better than all before it: a branch costs less than a store for every row.
    if (mask) {
        for (size_t row = 0; row < count; row++) {
            uint32_t group = groups[row];
            present[group] |= mask[row];
            int is_better = is_maximum ? values[row] > best[group] : values[row] < best[group];
            if (is_better && mask[row]) best[group] = values[row];
        }
    } else if (is_maximum) {
        for (size_t row = 0; row < count; row++) {
            uint32_t group = groups[row];
            present[group] = 1;
            if (values[row] > best[group]) best[group] = values[row];
        }
    } else {
        for (size_t row = 0; row < count; row++) {
            uint32_t group = groups[row];
            present[group] = 1;
            if (values[row] < best[group]) best[group] = values[row];
        }
    }
    return 1;
}

int32_t ck_add_grouped(
    const int64_t *values, const uint8_t *mask, const uint32_t *groups, size_t count, size_t group_count, int64_t *sums,
    int64_t *counts) {
    if (count == 0) return 1;
    if (group_count == 0 || group_count > (size_t)INT32_MAX || !are_below(groups, count, (uint32_t)group_count)) return 0;
    size_t ways = group_count <= four_tables_limit ? 4 : group_count <= two_tables_limit ? 2 : 1;
    // Tables are filled with zeros and added up at the end: not for few rows.
    if (ways == 1 || count < 4 * group_count) {
        if (mask) {
            for (size_t row = 0; row < count; row++) {
                uint32_t group = groups[row];
                uint64_t bit = mask[row];
                sums[group] = (int64_t)((uint64_t)sums[group] + ((uint64_t)values[row] & (0 - bit)));
                counts[group] += (int64_t)bit;
            }
        } else {
            for (size_t row = 0; row < count; row++) {
                uint32_t group = groups[row];
                sums[group] = (int64_t)((uint64_t)sums[group] + (uint64_t)values[row]);
                counts[group]++;
            }
        }
        return 1;
    }
    entry tables[2 * two_tables_limit];
    memset(tables, 0, ways * group_count * sizeof(entry));
    if (ways == 4) {
        if (mask)
            add_by_turns(values, mask, groups, count, tables, 4, group_count);
        else
            add_by_turns(values, NULL, groups, count, tables, 4, group_count);
    } else {
        if (mask)
            add_by_turns(values, mask, groups, count, tables, 2, group_count);
        else
            add_by_turns(values, NULL, groups, count, tables, 2, group_count);
    }
    for (size_t way = 0; way < ways; way++) {
        for (size_t group = 0; group < group_count; group++) {
            const entry *from = tables + way * group_count + group;
            sums[group] = (int64_t)((uint64_t)sums[group] + from->sum);
            counts[group] += (int64_t)from->count;
        }
    }
    return 1;
}
