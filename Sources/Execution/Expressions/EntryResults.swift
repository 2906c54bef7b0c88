import Columns
import Synchronization

/// What an expression over one text column gives for each entry of a dictionary, and, last, for NULL.
final class EntryResult: Sendable {
    /// Kept alive so that its identity stays its own.
    let source: TextDictionary
    /// `source.count + 1` rows of a flat shape or a constant; for text, codes of a dictionary of distinct strings.
    let results: Vector

    init(source: TextDictionary, results: Vector) {
        self.source = source
        self.results = results
    }
}

/// The results of one expression for the dictionaries met so far, shared by all workers: the first to finish wins, so
/// that a derived dictionary is one object, and its codes mean the same, everywhere.
final class EntryResults: Sendable {
    private enum Known: Sendable {
        case result(EntryResult)
        /// Some entry raises an error; rows decide whether it matters.
        case raises(TextDictionary)
    }
    enum Answer {
        case result(EntryResult)
        case raises
        case unknown
    }

    private static let capacity = 16
    private let known = Mutex<[Known]>([])

    func find(_ dictionary: TextDictionary) -> Answer {
        known.withLock { list in
            for entry in list {
                switch entry {
                case .result(let result): if result.source === dictionary { return .result(result) }
                case .raises(let source): if source === dictionary { return .raises }
                }
            }
            return .unknown
        }
    }

    func keep(_ result: EntryResult) -> EntryResult {
        known.withLock { list in
            for case .result(let other) in list where other.source === result.source { return other }
            if list.count == EntryResults.capacity { list.removeFirst() }
            list.append(.result(result))
            return result
        }
    }

    func keepRaising(_ dictionary: TextDictionary) {
        known.withLock { list in
            if list.count == EntryResults.capacity { list.removeFirst() }
            list.append(.raises(dictionary))
        }
    }
}
