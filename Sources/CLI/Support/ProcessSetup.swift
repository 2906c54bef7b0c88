import Glibc

/// Settings of the process, made once at the start.
enum ProcessSetup {
    /// Lets large arrays come back from the heap instead of fresh pages: column vectors of one segment are freed and
    /// allocated again all the time, and first touch of a page costs more than the work on it.
    static func tuneAllocator() {
        _ = mallopt(M_MMAP_THRESHOLD, 256 << 20)
        _ = mallopt(M_TRIM_THRESHOLD, 1 << 30)
        _ = mallopt(M_TOP_PAD, 16 << 20)
    }
}
