#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "CKernels.h"

/* Address space taken at the start; pages of it cost nothing before they are touched. */
static const size_t reserved = (size_t)960 << 20;

/* Whether memory is asked for in large pages. */
static int takes_large_pages;

/* The heap's growth comes from one range for which the system is asked for large pages: the first touch of memory costs
 * a fault for 2 MiB instead of one for 4 KiB. A heap that grows step by step would lose the request with each step. */
static void reserve_heap_of_large_pages(void) {
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0 || (uint64_t)pages * (uint64_t)size < 4 * (uint64_t)reserved) return;
    char *piece = malloc(reserved);
    if (!piece) return;
    uintptr_t first = ((uintptr_t)piece + (uintptr_t)size - 1) & ~((uintptr_t)size - 1);
    uintptr_t end = ((uintptr_t)piece + reserved) & ~((uintptr_t)size - 1);
    (void)madvise((void *)first, end - first, MADV_HUGEPAGE);
    free(piece);
    __atomic_store_n(&takes_large_pages, 1, __ATOMIC_RELAXED);
}

void ck_use_large_pages(const void *place) {
    /* A thread's heaps are as large as this and lie on multiples of it. Of anything else that is there only that it may have
     * large pages is said, and nothing where nothing is. */
    static const uintptr_t heap = (uintptr_t)64 << 20;
    static _Thread_local uintptr_t known;
    uintptr_t base = (uintptr_t)place & ~(heap - 1);
    if (base == known || !__atomic_load_n(&takes_large_pages, __ATOMIC_RELAXED)) return;
    known = base;
    (void)madvise((void *)base, heap, MADV_HUGEPAGE);
}

void ck_keep_large_allocations(void) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT32_MAX);
    /* More than a thread's heap is large (64 MiB): such a heap is never given back, only to be asked for again. */
    mallopt(M_TOP_PAD, 256 << 20);
    reserve_heap_of_large_pages();
}

void ck_return_large_allocations(void) {
    __atomic_store_n(&takes_large_pages, 0, __ATOMIC_RELAXED);
    mallopt(M_MMAP_THRESHOLD, 256 << 10);
    mallopt(M_TRIM_THRESHOLD, 8 << 20);
    mallopt(M_TOP_PAD, 1 << 20);
    malloc_trim(0);
}

/* Whole pages of any size in use. */
static size_t whole_pages(size_t size) { return (size + 0xFFFF) & ~(size_t)0xFFFF; }

void *ck_map_pages(size_t size) {
    static const size_t large = (size_t)2 << 20;
    if (size > SIZE_MAX - 2 * large) return NULL;
    size = whole_pages(size);
    char *pages = mmap(NULL, size + large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return NULL;
    size_t before = (size_t)(-(uintptr_t)pages & (large - 1));
    if (before > 0) (void)munmap(pages, before);
    if (before < large) (void)munmap(pages + before + size, large - before);
    pages += before;
    if (__atomic_load_n(&takes_large_pages, __ATOMIC_RELAXED)) (void)madvise(pages, size, MADV_HUGEPAGE);
    return pages;
}

void ck_unmap_pages(void *pages, size_t size) { (void)munmap(pages, whole_pages(size)); }
