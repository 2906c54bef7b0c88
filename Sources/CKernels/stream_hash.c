// XXH3, 128 bits, over bytes as they come. The library of the system is compiled for the plainest processor, and others may have
// brought functions of the same names: so its header is compiled here, once for any processor and once for AVX2.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "CKernels.h"

#if defined(__x86_64__)
void ck_stream_hash_update_avx2(void *state, const void *bytes, size_t length);
#endif

void *ck_stream_hash_create(void) {
    XXH3_state_t *state = XXH3_createState();
    if (state) XXH3_128bits_reset(state);
    return state;
}

void ck_stream_hash_update(int32_t level, void *state, const void *bytes, size_t length) {
#if defined(__x86_64__)
    if (level >= CK_LEVEL_AVX2) {
        ck_stream_hash_update_avx2(state, bytes, length);
        return;
    }
#endif
    XXH3_128bits_update((XXH3_state_t *)state, bytes, length);
}

void ck_stream_hash_digest(const void *state, uint64_t *high, uint64_t *low) {
    XXH128_hash_t hash = XXH3_128bits_digest((const XXH3_state_t *)state);
    *high = hash.high64;
    *low = hash.low64;
}

void ck_stream_hash_free(void *state) { XXH3_freeState((XXH3_state_t *)state); }
