import CKernels

/// How the process keeps its memory.
package enum ProcessMemory {
    /// Keeps large freed pieces for the next vectors instead of giving their pages back; call once, at the start.
    package static func keepLargeAllocations() { ck_keep_large_allocations() }

    /// Gives the pages of large freed pieces back from now on.
    package static func returnLargeAllocations() { ck_return_large_allocations() }
}
