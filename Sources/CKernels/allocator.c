#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CKernels.h"

/* Address space taken at the start; pages of it cost nothing before they are touched. A piece stays below the size from which
 * on allocations come from elsewhere. */
static const size_t reserved = (size_t)960 << 20;
/* What a second statement beside the first takes. */
static const size_t reserved_beside = (size_t)640 << 20;

/* The heap's growth comes from one range for which the system is asked for large pages: the first touch of memory costs
 * a fault for 2 MiB instead of one for 4 KiB. A heap that grows step by step would lose the request with each step. */
static void *piece_of_large_pages(size_t piece_size, size_t whole) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0 || (uint64_t)pages * (uint64_t)size < 4 * (uint64_t)whole) return NULL;
    char *piece = malloc(piece_size);
    if (!piece) return NULL;
    uintptr_t first = ((uintptr_t)piece + (uintptr_t)size - 1) & ~((uintptr_t)size - 1);
    uintptr_t end = ((uintptr_t)piece + piece_size) & ~((uintptr_t)size - 1);
    (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
    return piece;
}

void ck_keep_large_allocations(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT32_MAX);
    mallopt(M_TOP_PAD, 16 << 20);
    free(piece_of_large_pages(reserved, reserved));
}

void ck_share_one_heap(void) {
    /* With many threads they would wait for each other. */
    if (sysconf(_SC_NPROCESSORS_ONLN) > 4) return;
    mallopt(M_ARENA_MAX, 1);
    void *piece = piece_of_large_pages(reserved, reserved);
    free(piece_of_large_pages(reserved_beside, reserved + reserved_beside));
    free(piece);
}

void ck_return_large_allocations(void) {
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    malloc_trim(0);
}
