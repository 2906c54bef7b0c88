#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CKernels.h"

/* cachestat(2) of Linux 6.5 and later, which the C library need not know. */
static const long cachestat_number = 451;

struct cachestat_range {
    uint64_t offset, length;
};

struct cachestat_counts {
    uint64_t cached, dirty, in_writeback, evicted, recently_evicted;
};

int64_t ck_cached_size(int descriptor) {
    /* A length of 0 is all that follows. */
    struct cachestat_range range = {0, 0};
    struct cachestat_counts counts;
    long page = sysconf(_SC_PAGESIZE);
    if (page <= 0 || syscall(cachestat_number, descriptor, &range, &counts, 0) != 0) return -1;
    return (int64_t)(counts.cached * (uint64_t)page);
}

int ck_set_direct(int descriptor, int is_direct) {
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(descriptor, F_SETFL, is_direct ? flags | O_DIRECT : flags & ~O_DIRECT);
}
