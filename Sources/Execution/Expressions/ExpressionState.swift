package import Columns

/// What one worker keeps between batches while it evaluates expressions: facts about dictionaries that cost a pass over
/// their entries. Results of expressions for each entry are shared between workers by the expression itself.
package struct ExpressionState: Sendable {
    private var facts: [ObjectIdentifier: DictionaryFacts] = [:]
    private var translations: [DomainPair: CodeTranslation] = [:]
    /// Of functions that are computed row by row.
    var rows: RowContext

    package init() { rows = RowContext() }

    /// - Parameter running: How the plan runs, for functions that take their time: they look whether they must stop.
    init(running: ExecutionOptions?) { rows = RowContext(running: running) }

    /// Hash of the bytes of each entry of a dictionary.
    package mutating func entryHashes(of dictionary: TextDictionary) -> [UInt64] {
        let key = ObjectIdentifier(dictionary)
        if let hashes = facts[key]?.hashes { return hashes }
        let hashes = TextHash.hashes(of: dictionary.entries)
        facts[key, default: DictionaryFacts(dictionary)].hashes = hashes
        return hashes
    }

    /// Place of each entry in the bytewise order of the entries.
    package mutating func entryRanks(of dictionary: TextDictionary) -> [UInt32] {
        let key = ObjectIdentifier(dictionary)
        if let ranks = facts[key]?.ranks { return ranks }
        let ranks = TextOrder.ranks(of: dictionary)
        facts[key, default: DictionaryFacts(dictionary)].ranks = ranks
        return ranks
    }

    /// Whether `entryRanks(of:)` has been computed already.
    package func knowsRanks(of dictionary: TextDictionary) -> Bool { facts[ObjectIdentifier(dictionary)]?.ranks != nil }

    /// For each entry of `source`, its code in `target`, or `UInt32.max` where it has none.
    mutating func codes(of source: TextDictionary, in target: TextDictionary) -> [UInt32] {
        let key = DomainPair(source: ObjectIdentifier(source), target: ObjectIdentifier(target))
        if let known = translations[key] { return known.codes }
        let codes = (0..<source.count).map { target.code(of: source.entries[bytesAt: $0]) ?? UInt32.max }
        translations[key] = CodeTranslation(source: source, target: target, codes: codes)
        return codes
    }

    /// For each entry of `source`, its code in the identifier domain, or `UInt64.max` where it has none.
    mutating func codes(of source: TextDictionary, in target: IdentifierDomain) -> [UInt64] {
        let key = DomainPair(source: ObjectIdentifier(source), target: ObjectIdentifier(target))
        if let known = translations[key] { return known.wideCodes }
        let codes = (0..<source.count).map { target.code(of: Array(source.entries[bytesAt: $0])) ?? UInt64.max }
        translations[key] = CodeTranslation(source: source, target: target, wideCodes: codes)
        return codes
    }
}

/// Facts about one dictionary, which is kept alive so that its identity stays its own.
private struct DictionaryFacts: Sendable {
    let dictionary: TextDictionary
    var hashes: [UInt64]?
    var ranks: [UInt32]?

    init(_ dictionary: TextDictionary) { self.dictionary = dictionary }
}

private struct DomainPair: Hashable, Sendable {
    let source: ObjectIdentifier
    let target: ObjectIdentifier
}

/// Codes of one domain for the entries of another; both are kept alive.
private struct CodeTranslation: Sendable {
    let source: TextDictionary
    let target: any AnyObject & Sendable
    var codes: [UInt32] = []
    var wideCodes: [UInt64] = []
}
