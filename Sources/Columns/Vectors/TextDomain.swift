import Synchronization

/// The set of strings a text column of a table draws from, with a stable code for each.
///
/// Codes are stable across all segments of a table, so equal codes mean equal strings wherever the domain is the same
/// object. Two kinds: a dictionary (any strings, 32-bit codes in order of first appearance, not in lexical order) and an
/// identifier domain (prefix + fixed-width digits packed into 64 bits, with a dictionary for exceptions).
package final class TextDictionary: Sendable {
    package let entries: StringColumn
    /// Whether it belongs to one segment or a few neighbours, while others of the column have dictionaries of their own.
    package let isLocal: Bool
    /// Built when the first string is looked up; most queries look up none.
    private let lookup = Mutex<StringHashIndex?>(nil)
    /// The place of each entry in the order of the texts; worked out when rows are first put in that order.
    private let order = Mutex<[UInt32]?>(nil)

    /// - Precondition: the entries are distinct.
    package init(entries: StringColumn, isLocal: Bool = false) {
        self.entries = entries
        self.isLocal = isLocal
    }

    package var count: Int { entries.count }

    package subscript(code: UInt32) -> String { entries[Int(code)] }

    /// The code of a string, or nil if no row of the table has it.
    package func code(of text: some Collection<UInt8>) -> UInt32? { index().find(Array(text), in: entries) }
    package func code(of text: String) -> UInt32? { index().find(Array(text.utf8), in: entries) }

    /// The code of each string; `UInt32.max` for those that no row of the table has.
    package func codes(of texts: StringColumn) -> [UInt32] { index().find(texts, in: entries) }

    /// The place of each entry in the order of the texts, by `work` if nobody has asked before.
    package func ranks(_ work: (StringColumn) -> [UInt32]) -> [UInt32] {
        order.withLock { known in
            if let known { return known }
            let ranks = work(entries)
            known = ranks
            return ranks
        }
    }

    /// Whether somebody has asked for the ranks.
    package var hasRanks: Bool { order.withLock { $0 != nil } }

    private func index() -> StringHashIndex {
        lookup.withLock { known in
            if let known { return known }
            let built = StringHashIndex(entries: entries)
            known = built
            return built
        }
    }
}

/// The shapes of identifiers of one column: format `f` is the strings `prefixes[f]` + exactly `widths[f]` decimal digits.
///
/// A code is `format << 60 | digits as a number` for formats 0…14; `15 << 60 | entry` names an exception, a string that
/// fits no format, by its entry in `exceptions`. Source: docs/file-format.md, "Identifier domains".
package final class IdentifierDomain: Sendable {
    package struct Format: Hashable, Sendable {
        package var prefix: [UInt8]
        /// 1…18 digits.
        package var digitCount: Int

        package init(prefix: [UInt8], digitCount: Int) {
            self.prefix = prefix
            self.digitCount = digitCount
        }
    }

    package static let maximumFormatCount = 15
    package static let exceptionFormat: UInt64 = 15
    package static let payloadMask: UInt64 = (1 << 60) - 1

    package let formats: [Format]
    package let exceptions: TextDictionary

    package init(formats: [Format], exceptions: TextDictionary) {
        precondition(formats.count <= IdentifierDomain.maximumFormatCount)
        self.formats = formats
        self.exceptions = exceptions
    }

    /// The code of a string, or nil if it fits no format and is no known exception.
    package func code(of text: [UInt8]) -> UInt64? {
        for (index, format) in formats.enumerated() {
            if let number = IdentifierDomain.number(of: text, in: format) { return (UInt64(index) << 60) | number }
        }
        return exceptions.code(of: text).map { (IdentifierDomain.exceptionFormat << 60) | UInt64($0) }
    }

    package static func number(of text: [UInt8], in format: Format) -> UInt64? {
        guard text.count == format.prefix.count + format.digitCount else { return nil }
        for index in 0..<format.prefix.count where text[index] != format.prefix[index] { return nil }
        var number: UInt64 = 0
        for index in format.prefix.count..<text.count {
            let digit = text[index] &- 0x30
            if digit > 9 { return nil }
            number = number &* 10 &+ UInt64(digit)
        }
        return number
    }

    /// Appends the bytes of a code's string.
    package func appendBytes(of code: UInt64, to bytes: inout [UInt8]) {
        let formatIndex = Int(code >> 60)
        if formatIndex == Int(IdentifierDomain.exceptionFormat) {
            bytes.append(contentsOf: exceptions.entries[bytesAt: Int(code & IdentifierDomain.payloadMask)])
            return
        }
        let format = formats[formatIndex]
        bytes.append(contentsOf: format.prefix)
        let start = bytes.count
        bytes.append(contentsOf: repeatElement(0x30, count: format.digitCount))
        var number = code & IdentifierDomain.payloadMask
        var index = start + format.digitCount - 1
        while number > 0, index >= start {
            bytes[index] = 0x30 + UInt8(truncatingIfNeeded: number % 10)
            number /= 10
            index -= 1
        }
    }

    package subscript(code: UInt64) -> String {
        var bytes: [UInt8] = []
        appendBytes(of: code, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
