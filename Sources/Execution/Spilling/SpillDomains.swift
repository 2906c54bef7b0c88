import Columns
import Synchronization

/// The types of spilled columns, and the text domains whose codes stand in them: these stay in memory, as the stored columns
/// they come from have them there already.
final class SpillDomains: Sendable {
    private struct Known: Sendable {
        var dictionaries: [TextDictionary] = []
        var identifiers: [IdentifierDomain] = []
        var types: [LogicalType] = []
        var numbers: [ObjectIdentifier: Int] = [:]
        var largeCount = 0
    }

    private let known: Mutex<Known>
    private let largeCountLimit: Int

    /// Dictionaries beyond these numbers are most likely made anew for each batch: their strings are written out.
    private static let countLimit = 1024
    private static let largeCountLimit = 16
    private static let largeEntryCount = 4096

    /// - Parameter earlier: What rows were read from that are worked on now: large dictionaries that are not among those were made on
    ///   the way, and are not to stay in memory.
    init(after earlier: SpillDomains? = nil) {
        known = Mutex(earlier?.known.withLock { $0 } ?? Known())
        largeCountLimit = earlier == nil ? SpillDomains.largeCountLimit : 0
    }

    /// The number of a dictionary; nil if its strings should be written.
    func number(of dictionary: TextDictionary) -> Int? {
        known.withLock { known in
            if let number = known.numbers[ObjectIdentifier(dictionary)] { return number }
            let isLarge = dictionary.count > SpillDomains.largeEntryCount
            if known.dictionaries.count >= SpillDomains.countLimit { return nil }
            if isLarge, known.largeCount >= largeCountLimit { return nil }
            if isLarge { known.largeCount += 1 }
            known.dictionaries.append(dictionary)
            known.numbers[ObjectIdentifier(dictionary)] = known.dictionaries.count - 1
            return known.dictionaries.count - 1
        }
    }

    func number(of domain: IdentifierDomain) -> Int {
        known.withLock { known in
            if let number = known.numbers[ObjectIdentifier(domain)] { return number }
            known.identifiers.append(domain)
            known.numbers[ObjectIdentifier(domain)] = known.identifiers.count - 1
            return known.identifiers.count - 1
        }
    }

    /// The number of a type: few come in one plan.
    func number(of type: LogicalType) -> Int {
        known.withLock { known in
            if let number = known.types.firstIndex(of: type) { return number }
            known.types.append(type)
            return known.types.count - 1
        }
    }

    func type(_ number: Int) -> LogicalType? {
        known.withLock { $0.types.indices.contains(number) ? $0.types[number] : nil }
    }

    func dictionary(_ number: Int) -> TextDictionary? {
        known.withLock { $0.dictionaries.indices.contains(number) ? $0.dictionaries[number] : nil }
    }

    func identifiers(_ number: Int) -> IdentifierDomain? {
        known.withLock { $0.identifiers.indices.contains(number) ? $0.identifiers[number] : nil }
    }
}
