import CKernels
import Synchronization

/// Memory for the bytes of one chunk, with readable padding on both sides so that kernels may load whole words.
@safe
final class ChunkMemory: @unchecked Sendable {
    // Sendable: written only under the reader's lock before the chunk is handed out, and only read afterwards.
    static let padding = Int(CK_PADDING)
    private let allocation: UnsafeMutableRawPointer
    /// Bytes from `start` on.
    let capacity: Int
    /// Whether the memory is pages of its own rather than a piece of the heap.
    private let isMapped: Bool
    /// Bytes from which on it is, so that none of its pages is large for a part of it only.
    private static let mappedSize = 1 << 20

    init(capacity: Int) {
        precondition(capacity >= 0)
        self.capacity = capacity
        let size = capacity + 2 * ChunkMemory.padding
        isMapped = size >= ChunkMemory.mappedSize
        if isMapped {
            guard let pages = unsafe ck_map_pages(size) else {
                preconditionFailure("the system has no memory for a chunk of \(capacity) bytes")
            }
            unsafe allocation = pages
        } else {
            unsafe allocation = .allocate(byteCount: size, alignment: 64)
        }
        unsafe allocation.initializeMemory(as: UInt8.self, repeating: 0, count: ChunkMemory.padding)
        unsafe (allocation + size - ChunkMemory.padding).initializeMemory(
            as: UInt8.self, repeating: 0, count: ChunkMemory.padding)
    }

    deinit {
        if isMapped {
            // As it was mapped.
            unsafe ck_unmap_pages(allocation, capacity + 2 * ChunkMemory.padding)
        } else {
            unsafe allocation.deallocate()
        }
    }

    var start: UnsafeMutablePointer<UInt8> {
        unsafe (allocation + ChunkMemory.padding).assumingMemoryBound(to: UInt8.self)
    }

    /// The part from `offset` to the end.
    func room(from offset: Int) -> UnsafeMutableRawBufferPointer {
        precondition(offset >= 0 && offset <= capacity)
        return unsafe UnsafeMutableRawBufferPointer(start: start + offset, count: capacity - offset)
    }
}

/// Chunk memory that was given back, for the next chunk: the latest first, of which most is still in the cache.
final class ChunkMemoryPool: Sendable {
    private let free = Mutex<[ChunkMemory]>([])

    func take(capacity: Int) -> ChunkMemory {
        let found = free.withLock { list -> ChunkMemory? in
            list.lastIndex { $0.capacity >= capacity }.map { list.remove(at: $0) }
        }
        return found ?? ChunkMemory(capacity: capacity)
    }

    /// - Parameter usualCapacity: Memory of another size, made for one long record, is let go.
    func giveBack(_ memory: ChunkMemory, usualCapacity: Int) {
        guard memory.capacity == usualCapacity else { return }
        free.withLock { $0.append(memory) }
    }
}
