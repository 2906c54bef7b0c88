import CKernels
import Dispatch
import Glibc
import Synchronization

/// Reads a file from disk past the system's page cache, on a thread of its own and some pieces ahead of whoever takes the bytes.
///
/// For files that do not fit the memory: each page that stays in the cache has to be let go of for the next, which costs more than
/// to read it.
@safe
final class ReadAhead: @unchecked Sendable {
    // Sendable: a piece belongs to the thread that fills it until `filled` says so, then to the reader until `free` does.

    /// Pieces in turn, each as large as a read.
    private static let pieceSize = 4 << 20
    private static let pieceCount = 4
    /// Bytes of which places and sizes of such reads are multiples.
    private static let unit = 4096

    private let descriptor: Int32
    private let memory: UnsafeMutableRawPointer
    /// What a piece holds: fewer bytes than there is room for only at the end, at an error, which then follows them, and after `stop`.
    private struct Filling {
        var count = 0
        /// The error's number; 0 for none.
        var failure: Int32 = 0
    }

    private let fillings = Mutex([Filling](repeating: Filling(), count: ReadAhead.pieceCount))
    private let filled = DispatchSemaphore(value: 0)
    // Counts up from 0: a semaphore must not be let go of below where it began.
    private let free = DispatchSemaphore(value: 0)
    private let isStopped = Atomic<Bool>(false)
    private let isOver = DispatchSemaphore(value: 0)
    /// Where the reader is.
    private var piece = 0
    private var taken = 0
    private var hasPiece = false
    /// The thread's.
    private var isDirect = true

    /// nil for what is no such file: of another kind or file system, mostly in the cache, or not at its start; and where the system
    /// does not say what is in the cache.
    init?(_ descriptor: Int32) {
        var information = stat()
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG,
            lseek(descriptor, 0, SEEK_CUR) == 0
        else { return nil }
        let cached = ck_cached_size(descriptor)
        guard cached >= 0, cached < Int64(information.st_size) / 2, ck_set_direct(descriptor, 1) >= 0 else { return nil }
        guard let pages = unsafe ck_map_pages(ReadAhead.pieceSize * ReadAhead.pieceCount) else {
            _ = ck_set_direct(descriptor, 0)
            return nil
        }
        self.descriptor = descriptor
        unsafe memory = pages
        for _ in 0..<ReadAhead.pieceCount { free.signal() }
        guard start() else {
            _ = ck_set_direct(descriptor, 0)
            return nil
        }
    }

    deinit { unsafe ck_unmap_pages(memory, ReadAhead.pieceSize * ReadAhead.pieceCount) }

    /// Waits for the thread to end; nothing may be read afterwards.
    func stop() {
        isStopped.store(true, ordering: .releasing)
        free.signal()
        isOver.wait()
    }

    /// As `read(2)`.
    func read(into destination: UnsafeMutableRawPointer, count: Int) -> Int {
        if !hasPiece {
            filled.wait()
            hasPiece = true
            taken = 0
        }
        let place = piece % ReadAhead.pieceCount
        let filling = fillings.withLock { $0[place] }
        if taken == filling.count, filling.failure != 0 {
            errno = filling.failure
            return -1
        }
        let size = min(count, filling.count - taken)
        // Within the piece, of which `filling.count` bytes were read.
        unsafe destination.copyMemory(from: memory + place * ReadAhead.pieceSize + taken, byteCount: size)
        taken += size
        // The last piece stays, so that the end is said as often as it is asked for.
        if taken == ReadAhead.pieceSize {
            piece += 1
            hasPiece = false
            free.signal()
        }
        return size
    }

    private func start() -> Bool {
        let argument = unsafe Unmanaged.passRetained(self)
        var thread = pthread_t()
        // The thread takes over the retained reader; if it cannot be started, it is released here.
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                if let argument = unsafe argument { unsafe Unmanaged<ReadAhead>.fromOpaque(argument).takeRetainedValue().work() }
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            return false
        }
        pthread_detach(thread)
        return true
    }

    private func work() {
        defer { isOver.signal() }
        var number = 0
        while true {
            free.wait()
            if isStopped.load(ordering: .acquiring) { return }
            let place = number % ReadAhead.pieceCount
            let filling = fill(place, from: number * ReadAhead.pieceSize)
            fillings.withLock { $0[place] = filling }
            filled.signal()
            if filling.count < ReadAhead.pieceSize { return }
            number += 1
        }
    }

    private func fill(_ place: Int, from offset: Int) -> Filling {
        var count = 0
        while count < ReadAhead.pieceSize, !isStopped.load(ordering: .acquiring) {
            // Within the piece.
            let received = unsafe pread(
                descriptor, memory + place * ReadAhead.pieceSize + count, ReadAhead.pieceSize - count, off_t(offset + count))
            if received == 0 { break }
            if received > 0 {
                count += received
                // Mostly the end. What comes behind it does not lie on a border.
                if count % ReadAhead.unit != 0 { useCache() }
                continue
            }
            let code = errno
            if code == EINTR { continue }
            // A file system that has no such reads after all.
            guard code == EINVAL, isDirect else { return Filling(count: count, failure: code) }
            useCache()
        }
        return Filling(count: count)
    }

    private func useCache() {
        if isDirect { _ = ck_set_direct(descriptor, 0) }
        isDirect = false
    }
}
