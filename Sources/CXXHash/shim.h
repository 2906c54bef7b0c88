#include <xxhash.h>

#if defined(__x86_64__)
// The library's own variants for wider registers, chosen when they are first called; under their own names.
#define XXH_DISPATCH_DISABLE_REPLACE 1
#include <xxh_x86dispatch.h>
#endif
