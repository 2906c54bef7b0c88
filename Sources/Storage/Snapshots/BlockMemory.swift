import Synchronization

/// Blocks of segments as they lie on disk, kept for the next statement of a session: what is read again need not be copied out of the
/// system's page cache again. Decoding stays as it is. For the whole process; what came in first leaves first.
package final class BlockMemory: Sendable {
    package static let shared = BlockMemory()
    /// Bytes that are kept at most where nobody says otherwise.
    package static let usualCapacity = 256 << 20

    private struct Entry {
        weak var segment: SegmentSnapshot?
        let block: Int
        let size: Int
    }

    private struct State {
        var capacity = BlockMemory.usualCapacity
        var size = 0
        /// In the order they came; those before `first` have left.
        var entries: [Entry] = []
        var first = 0

        /// Takes out what is too much.
        mutating func leaving() -> [Entry] {
            var found: [Entry] = []
            while size > capacity, first < entries.count {
                found.append(entries[first])
                size -= entries[first].size
                first += 1
            }
            if first * 2 > entries.count {
                entries.removeFirst(first)
                first = 0
            }
            return found
        }
    }

    private let state = Mutex(State())

    private init() {}

    /// Bytes that are kept now.
    package var size: Int { state.withLock { $0.size } }

    /// 0 keeps nothing, and lets go of what there is.
    package func setCapacity(_ capacity: Int) {
        let leaving = state.withLock { state in
            state.capacity = capacity
            return state.leaving()
        }
        for entry in leaving { entry.segment?.forget(block: entry.block) }
    }

    /// Counts a block that its segment has begun to keep.
    func add(_ segment: SegmentSnapshot, block: Int, size: Int) {
        let leaving = state.withLock { state in
            state.entries.append(Entry(segment: segment, block: block, size: size))
            state.size += size
            return state.leaving()
        }
        for entry in leaving { entry.segment?.forget(block: entry.block) }
    }

    /// Whether a block of this size may be kept at all.
    func hasRoom(for size: Int) -> Bool { state.withLock { size <= $0.capacity / 8 } }
}
