// XXH3 compiled for AVX2; see stream_hash.c.
#if defined(__x86_64__)
#include <immintrin.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#pragma clang attribute push(__attribute__((target("avx2"))), apply_to = function)
#define XXH_VECTOR XXH_AVX2
#define XXH_INLINE_ALL
#include <xxhash.h>

void ck_stream_hash_update_avx2(void *state, const void *bytes, size_t length);

void ck_stream_hash_update_avx2(void *state, const void *bytes, size_t length) {
    XXH3_128bits_update((XXH3_state_t *)state, bytes, length);
}
#pragma clang attribute pop
#endif
