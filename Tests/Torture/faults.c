/* Lets calls of the operating system fail that concern files below a folder. Loaded with LD_PRELOAD.
 *
 * FAULT_FOLDER   the folder, absolute
 * FAULT_KIND     eio, enospc, eacces, emfile: these fail · short: half of what was asked is done · eintr: interrupted, and done
 *                when tried again · kill: the process is killed at the call · killafter: when the call is done
 * FAULT_AT       number of the call that fails, from 1; 0 for none
 * FAULT_EVER     1: so do all behind it
 * FAULT_READS    1: calls that read count too
 * FAULT_COUNT    file that is given the number of calls at the end
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAXIMUM_DESCRIPTOR = 4096 };
static atomic_long count;
static atomic_char watched[MAXIMUM_DESCRIPTOR];
static const char *folder, *kind;
static long failing_call;
static int for_ever, counts_reads;
static _Thread_local int was_interrupted;

__attribute__((constructor)) static void begin(void) {
    folder = getenv("FAULT_FOLDER");
    kind = getenv("FAULT_KIND") ? getenv("FAULT_KIND") : "eio";
    failing_call = getenv("FAULT_AT") ? atol(getenv("FAULT_AT")) : 0;
    for_ever = getenv("FAULT_EVER") && *getenv("FAULT_EVER") == '1';
    counts_reads = getenv("FAULT_READS") && *getenv("FAULT_READS") == '1';
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%ld\n", atomic_load(&count));
    fclose(file);
}

static int concerns_path(const char *path) { return folder && path && strncmp(path, folder, strlen(folder)) == 0; }
static int concerns(int descriptor) {
    return descriptor >= 0 && descriptor < MAXIMUM_DESCRIPTOR && atomic_load(&watched[descriptor]);
}
static void watch(int descriptor, int is_watched) {
    if (descriptor >= 0 && descriptor < MAXIMUM_DESCRIPTOR) atomic_store(&watched[descriptor], is_watched);
}

enum verdict { DO, FAIL, HALF, KILL_AFTER };

/* What becomes of a call that counts. */
static enum verdict judge(int may_be_half, int may_be_interrupted) {
    long number = atomic_fetch_add(&count, 1) + 1;
    if (failing_call == 0 || number < failing_call || (number > failing_call && !for_ever)) return DO;
    if (strcmp(kind, "kill") == 0) kill(getpid(), SIGKILL);
    if (strcmp(kind, "killafter") == 0) return KILL_AFTER;
    if (strcmp(kind, "short") == 0) return may_be_half ? HALF : DO;
    if (strcmp(kind, "eintr") == 0) {
        if (!may_be_interrupted) return DO;
        was_interrupted = !was_interrupted;
        if (!was_interrupted) return DO;
        errno = EINTR;
        return FAIL;
    }
    errno = strcmp(kind, "enospc") == 0 ? ENOSPC : strcmp(kind, "eacces") == 0 ? EACCES : strcmp(kind, "emfile") == 0 ? EMFILE : EIO;
    return FAIL;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)
#define AFTER(verdict) if ((verdict) == KILL_AFTER) kill(getpid(), SIGKILL)

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
    if (!concerns_path(path)) return real(path, flags, mode);
    int writes = (flags & (O_WRONLY | O_RDWR | O_CREAT)) != 0;
    enum verdict verdict = writes || counts_reads ? judge(0, 1) : DO;
    if (verdict == FAIL) return -1;
    int descriptor = real(path, flags, mode);
    watch(descriptor, 1);
    AFTER(verdict);
    return descriptor;
}

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(real, path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return opened(real, path, flags, mode);
}

int close(int descriptor) {
    REAL(int, "close", int);
    watch(descriptor, 0);
    return real(descriptor);
}

/* Half of the bytes, one at least. */
static size_t half(size_t size) { return size > 1 ? size / 2 : size; }

ssize_t write(int descriptor, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (!concerns(descriptor)) return real(descriptor, bytes, size);
    enum verdict verdict = judge(1, 1);
    if (verdict == FAIL) {
        /* A disk that fills up takes what fits first. */
        if (errno == ENOSPC && size > 1 && real(descriptor, bytes, size / 2) < 0) return -1;
        errno = errno == EINTR ? EINTR : errno;
        return -1;
    }
    ssize_t done = real(descriptor, bytes, verdict == HALF ? half(size) : size);
    AFTER(verdict);
    return done;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    if (!concerns(descriptor)) return real(descriptor, bytes, size, offset);
    enum verdict verdict = judge(1, 1);
    if (verdict == FAIL) return -1;
    return real(descriptor, bytes, verdict == HALF ? half(size) : size, offset);
}

ssize_t pwrite64(int descriptor, const void *bytes, size_t size, off64_t offset) { return pwrite(descriptor, bytes, size, offset); }

ssize_t pread(int descriptor, void *bytes, size_t size, off_t offset) {
    REAL(ssize_t, "pread", int, void *, size_t, off_t);
    if (!concerns(descriptor) || !counts_reads) return real(descriptor, bytes, size, offset);
    enum verdict verdict = judge(1, 1);
    if (verdict == FAIL) return -1;
    return real(descriptor, bytes, verdict == HALF ? half(size) : size, offset);
}

ssize_t pread64(int descriptor, void *bytes, size_t size, off64_t offset) { return pread(descriptor, bytes, size, offset); }

ssize_t read(int descriptor, void *bytes, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    if (!concerns(descriptor) || !counts_reads) return real(descriptor, bytes, size);
    enum verdict verdict = judge(1, 1);
    if (verdict == FAIL) return -1;
    return real(descriptor, bytes, verdict == HALF ? half(size) : size);
}

#define DESCRIPTOR_CALL(name, interruptible) \
    int name(int descriptor) { \
        REAL(int, #name, int); \
        if (!concerns(descriptor)) return real(descriptor); \
        enum verdict verdict = judge(0, interruptible); \
        if (verdict == FAIL) return -1; \
        int result = real(descriptor); \
        AFTER(verdict); \
        return result; \
    }

/* An interrupted fsync is a failed one: it is not for this kind of fault. */
DESCRIPTOR_CALL(fsync, 0)
DESCRIPTOR_CALL(fdatasync, 0)

int ftruncate(int descriptor, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    if (!concerns(descriptor)) return real(descriptor, size);
    return judge(0, 1) == FAIL ? -1 : real(descriptor, size);
}

int fstat(int descriptor, struct stat *status) {
    REAL(int, "fstat", int, struct stat *);
    if (!concerns(descriptor) || !counts_reads) return real(descriptor, status);
    return judge(0, 0) == FAIL ? -1 : real(descriptor, status);
}

#define TWO_PATHS_CALL(name) \
    int name(const char *from, const char *to) { \
        REAL(int, #name, const char *, const char *); \
        if (!concerns_path(to)) return real(from, to); \
        enum verdict verdict = judge(0, 1); \
        if (verdict == FAIL) return -1; \
        int result = real(from, to); \
        AFTER(verdict); \
        return result; \
    }

TWO_PATHS_CALL(rename)
TWO_PATHS_CALL(link)

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    if (!concerns_path(path)) return real(path);
    enum verdict verdict = judge(0, 1);
    if (verdict == FAIL) return -1;
    int result = real(path);
    AFTER(verdict);
    return result;
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    if (!concerns_path(path)) return real(path, mode);
    enum verdict verdict = judge(0, 0);
    if (verdict == FAIL) return -1;
    int result = real(path, mode);
    AFTER(verdict);
    return result;
}

DIR *opendir(const char *path) {
    REAL(DIR *, "opendir", const char *);
    if (!concerns_path(path) || !counts_reads) return real(path);
    return judge(0, 0) == FAIL ? NULL : real(path);
}
