import CKernels
import Synchronization

/// How the process keeps its memory.
package enum ProcessMemory {
    /// Keeps large freed pieces for the next vectors instead of giving their pages back; call once, at the start.
    package static func keepLargeAllocations() { ck_keep_large_allocations() }

    /// Gives the pages of large freed pieces back from now on.
    package static func returnLargeAllocations() {
        hasReturned.store(true, ordering: .relaxed)
        ck_return_large_allocations()
    }

    /// The same unless it was done before.
    static func returnLargeAllocationsOnce() {
        if !hasReturned.exchange(true, ordering: .relaxed) { ck_return_large_allocations() }
    }

    private static let hasReturned = Atomic<Bool>(false)
}
