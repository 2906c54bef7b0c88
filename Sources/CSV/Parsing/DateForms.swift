import Glibc
import Synchronization

/// The date form of each column of a file, decided by the first value of the column in file order.
///
/// Chunks are parsed in parallel, so a chunk that meets a value in a column without a form waits until every earlier
/// chunk has either decided the form or been read to its end. In the usual case the first rows of the first chunk
/// decide and nobody waits; a column that is NULL throughout costs nothing. Earlier chunks were handed out earlier and
/// need nothing from later ones, so waiting always ends, provided that a thread parses (or lets go of) the chunk it
/// holds before it takes another.
@safe
package final class DateForms: @unchecked Sendable {
    // Sendable: `forms` are atomics; everything else is touched under `mutex` only.
    private let forms: Forms
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    /// Chunks 0..<finishedPrefix have been read to their end.
    private var finishedPrefix = 0
    private var finishedBeyond: Set<Int> = []

    private struct Forms: ~Copyable {
        let cells: [FormCell]
    }

    private final class FormCell: Sendable {
        let value = Atomic<UInt8>(0)
    }

    init(columnCount: Int) {
        forms = Forms(cells: (0..<columnCount).map { _ in FormCell() })
        unsafe mutex = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
    }

    /// The form decided so far.
    package func form(ofColumn column: Int) -> DateForm? {
        DateForm(rawValue: forms.cells[column].value.load(ordering: .acquiring))
    }

    /// The form of a column in which chunk `chunk` has `found` as its first value: that one, or an earlier chunk's.
    func decide(column: Int, chunk: Int, found: DateForm) -> DateForm {
        if let known = form(ofColumn: column) { return known }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while true {
            if let known = form(ofColumn: column) { return known }
            if finishedPrefix >= chunk { break }
            unsafe pthread_cond_wait(condition, mutex)
        }
        forms.cells[column].value.store(found.rawValue, ordering: .releasing)
        unsafe pthread_cond_broadcast(condition)
        return found
    }

    /// Notes that a chunk has been read to its end, or will never be.
    func finish(chunk: Int) {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        guard chunk >= finishedPrefix, finishedBeyond.insert(chunk).inserted else { return }
        while finishedBeyond.remove(finishedPrefix) != nil { finishedPrefix += 1 }
        unsafe pthread_cond_broadcast(condition)
    }
}
