import Columns
import Synchronization

/// The dictionaries of a text column with an expression's constants added, made once for each dictionary and shared by
/// all workers: codes of the column stay as they are, and alternatives such as `else 'other'` get codes too.
final class DictionaryExtensions: Sendable {
    private static let capacity = 16

    let constants: [String]
    private let known = Mutex<[(source: TextDictionary, extended: TextDictionary)]>([])

    init(constants: [String]) { self.constants = constants }

    /// `source` with the constants that it lacks at the end.
    func extending(_ source: TextDictionary) -> TextDictionary {
        if let extended = find(source) { return extended }
        var entries = source.entries
        var added: Set<String> = []
        for text in constants where source.code(of: text) == nil && added.insert(text).inserted { entries.append(text) }
        let extended = added.isEmpty ? source : TextDictionary(entries: entries)
        return known.withLock { list in
            if let other = list.first(where: { $0.source === source }) { return other.extended }
            if list.count == DictionaryExtensions.capacity { list.removeFirst() }
            list.append((source, extended))
            return extended
        }
    }

    private func find(_ source: TextDictionary) -> TextDictionary? {
        known.withLock { list in list.first { $0.source === source }?.extended }
    }
}
