package import Columns
import Synchronization

/// What is known of a text column before its first values, for its kind is decided by these and kept for ever.
package enum TextUse: Sendable {
    case unknown
    /// The names of claims, persons, packs: there will be many, however few come first, and each on several rows or in several tables.
    case names
}

/// The text domain of a column while rows are added: gives every string its code for the whole table, for ever.
///
/// Codes depend on the order of calls alone, so call it once for each chunk of rows, in the order of the chunks; it may
/// be called from any thread, one at a time or not.
package final class TextDomainBuilder: Sendable {
    private let state: Mutex<State>

    private struct State {
        var kind: TextKind?
        var formats: [IdentifierDomain.Format]
        /// Of the dictionary, or the exceptions of an identifier domain.
        var entries: StringColumn
        var index: StringHashIndex
        /// Entries that were in the store when the transaction began.
        let storedCount: Int
    }

    /// The domain of a column that has no rows yet.
    package convenience init() { self.init(nil, entries: StringColumn()) }

    init(_ record: TextRecord?, entries: StringColumn) {
        state = Mutex(
            State(
                kind: record?.kind, formats: record?.formats ?? [], entries: entries,
                index: StringHashIndex(entries: entries),
                storedCount: entries.count))
    }

    /// nil until the first strings come.
    package var kind: TextKind? { state.withLock { $0.kind } }

    /// The formats of an identifier domain; empty for another kind, and before the first strings come.
    package var identifierFormats: [IdentifierDomain.Format] {
        state.withLock { $0.kind == .identifier ? $0.formats : [] }
    }

    /// Bytes of all strings that have an entry, which `mostTextBytes` bounds: whoever adds to more of them first ends with an error.
    package var textByteCount: Int { state.withLock { $0.entries.bytes.count } }

    /// Places of entries have 32 bits; a chunk's own strings must find room beside the others.
    package static let mostTextBytes = Int(UInt32.max) - (256 << 20)

    /// The codes of a chunk's distinct strings; strings not seen before get the next codes.
    ///
    /// - Parameters:
    ///   - rowCount: Rows that hold these strings; with the number of strings it decides the kind of a new column.
    ///   - use: What else decides it.
    package func codes(for entries: StringColumn, rowCount: Int, use: TextUse = .unknown) -> TextCodes {
        state.withLock { state in
            if state.kind == nil {
                if entries.count == 0 { return .codes32([]) }
                (state.kind, state.formats) = IdentifierShapes.kind(of: entries, rowCount: rowCount, use: use)
            }
            switch state.kind {
            case .plain: return .plain
            case .identifier: return .codes64(TextDomainBuilder.identifiers(entries, &state))
            default: return .codes32(state.index.intern(entries, in: &state.entries))
            }
        }
    }

    private static func identifiers(_ texts: StringColumn, _ state: inout State) -> [UInt64] {
        var codes = [UInt64](repeating: 0, count: texts.count)
        var misfits: [Int] = []
        encode(texts, formats: state.formats, into: &codes, misfits: &misfits)
        guard !misfits.isEmpty else { return codes }
        // A shape that many strings share becomes a format, unless a string of it is an exception already: every string
        // keeps the code it has.
        while state.formats.count < IdentifierDomain.maximumFormatCount, let format = commonFormat(texts, misfits),
            !state.entries.contains(format)
        {
            let known = state.formats.count
            state.formats.append(format)
            let rest = misfits
            misfits = []
            for index in rest {
                if let number = IdentifierDomain.number(of: Array(texts[bytesAt: index]), in: format) {
                    codes[index] = UInt64(known) << 60 | number
                } else {
                    misfits.append(index)
                }
            }
        }
        for index in misfits {
            let entry = state.index.intern(Array(texts[bytesAt: index]), in: &state.entries)
            codes[index] = IdentifierDomain.exceptionFormat << 60 | UInt64(entry)
        }
        return codes
    }

    /// The format of at least 64 of the strings, the commonest first.
    private static func commonFormat(_ texts: StringColumn, _ misfits: [Int]) -> IdentifierDomain.Format? {
        guard misfits.count >= 64 else { return nil }
        var counts: [IdentifierDomain.Format: Int] = [:]
        var best: (format: IdentifierDomain.Format, count: Int)?
        // Each string counts once, however often the caller names it.
        var met = Set<[UInt8]>()
        for index in misfits where met.insert(Array(texts[bytesAt: index])).inserted {
            guard let format = IdentifierShapes.format(of: texts[bytesAt: index]) else { continue }
            let count = counts[format, default: 0] + 1
            counts[format] = count
            if count >= 64, best == nil || count > best!.count { best = (format, count) }
        }
        return best?.format
    }

    /// Codes of the strings that fit a format, the one that fitted last tried first; the places of those that fit none.
    private static func encode(
        _ texts: StringColumn, formats: [IdentifierDomain.Format], into codes: inout [UInt64], misfits: inout [Int]
    ) {
        let bytes = texts.bytes.span
        var last = 0
        for index in 0..<codes.count {
            let start = Int(texts.offsets[index])
            let end = Int(texts.offsets[index &+ 1])
            var found = false
            for step in 0..<formats.count {
                let place = step == 0 ? last : (step <= last ? step &- 1 : step)
                guard let number = number(bytes, start, end, formats[place]) else { continue }
                codes[index] = UInt64(place) << 60 | number
                last = place
                found = true
                break
            }
            if !found { misfits.append(index) }
        }
    }

    private static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int, _ format: IdentifierDomain.Format)
        -> UInt64?
    {
        let prefixCount = format.prefix.count
        guard end &- start == prefixCount &+ format.digitCount else { return nil }
        for index in 0..<prefixCount where bytes[start &+ index] != format.prefix[index] { return nil }
        var number: UInt64 = 0
        var worst: UInt8 = 0
        for index in (start &+ prefixCount)..<end {
            let digit = bytes[index] &- 0x30
            worst = max(worst, digit)
            number = number &* 10 &+ UInt64(digit)
        }
        return worst <= 9 ? number : nil
    }

    /// The column's record without a file for the entries added since the transaction began, and these entries, if any.
    func changes(stored: TextRecord?) -> (record: TextRecord?, newEntries: StringColumn?) {
        state.withLock { state in
            guard let kind = state.kind else { return (stored, nil) }
            var record = stored ?? TextRecord(kind: kind)
            record.formats = state.formats
            guard state.entries.count > state.storedCount else { return (record, nil) }
            return (record, state.entries.suffix(from: state.storedCount))
        }
    }

    /// The entries from a number on, stored or new.
    func entries(from first: Int) -> StringColumn { state.withLock { $0.entries.suffix(from: first) } }

    var storedCount: Int { state.withLock { $0.storedCount } }
}

extension StringColumn {
    /// Whether a string has this format.
    func contains(_ format: IdentifierDomain.Format) -> Bool {
        (0..<count).contains { IdentifierDomain.number(of: Array(self[bytesAt: $0]), in: format) != nil }
    }
}
