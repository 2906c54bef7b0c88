import CSV
import Columns
import Storage

/// What one worker knows of the strings of one column: what they are translated to, and their codes in the table.
///
/// Chunk after chunk of the same worker goes through it in order. Its strings are those of the worker's parser, so that each
/// is translated and coded once, when the worker meets it first.
struct ColumnStrings: Sendable {
    /// Turns a text value into the one to store, nil for NULL.
    private let translate: (@Sendable (String) -> String?)?
    /// The strings to be stored: those of the file, or what they are translated to.
    private(set) var entries = StringColumn()
    /// Entries that have table codes already.
    private(set) var codedCount = 0
    /// The table's code of each entry, as far as coded.
    private(set) var tableCodes: TextCodes = .codes32([])
    /// For each string of the file its entry, if there is a translation; `UInt32.max` for NULL.
    private var entryOfString: [UInt32] = []
    private var index = StringHashIndex()

    init(translate: (@Sendable (String) -> String?)?) { self.translate = translate }

    /// Takes in the strings of the worker's next chunk and puts translated values into the column.
    mutating func take(_ parsed: ParsedColumn, into column: inout ChunkColumn) {
        guard case .text(let codes, let strings, let knownCount) = parsed.values else { return }
        if knownCount == 0 { reset() }
        guard let translate else {
            entries = strings
            return
        }
        for string in knownCount..<strings.count {
            guard let text = translate(strings[string]) else {
                entryOfString.append(.max)
                continue
            }
            entryOfString.append(index.intern(Array(text.utf8), in: &entries))
        }
        var isNull = false
        var translated = [UInt32](repeating: 0, count: codes.count)
        for row in 0..<codes.count where parsed.validity.isPresent(row) {
            let entry = entryOfString[Int(codes[row])]
            isNull = isNull || entry == .max
            translated[row] = entry
        }
        if isNull {
            var mask = parsed.validity.expanded(rowCount: codes.count)
            for row in 0..<codes.count where translated[row] == .max {
                mask[row] = 0
                translated[row] = 0
            }
            column.validity = Validity(compacting: mask)
        }
        column.values = .text(translated)
    }

    /// Makes a text the only string, for a column of nothing else.
    mutating func take(constant text: String) {
        entries = StringColumn()
        entries.append(text)
    }

    /// Lets go of the parser's strings, so that it may add to them without copying them all.
    mutating func release() { if translate == nil { entries = StringColumn() } }

    private mutating func reset() {
        entries = StringColumn()
        codedCount = 0
        tableCodes = .codes32([])
        entryOfString = []
        index = StringHashIndex()
    }

    /// Gives the entries that are new their codes. Called in the order of the chunks.
    mutating func code(in domain: TextDomainBuilder, rowCount: Int, use: TextUse = .unknown) {
        guard entries.count > codedCount else {
            if codedCount == 0, entries.count == 0 { tableCodes = ColumnStrings.none(of: domain.kind) }
            return
        }
        let fresh = domain.codes(for: codedCount == 0 ? entries : entries.suffix(from: codedCount), rowCount: rowCount, use: use)
        if codedCount == 0 {
            tableCodes = fresh
        } else {
            switch (tableCodes, fresh) {
            case (.codes32(var known), .codes32(let more)):
                tableCodes = .plain
                known += more
                tableCodes = .codes32(known)
            case (.codes64(var known), .codes64(let more)):
                tableCodes = .plain
                known += more
                tableCodes = .codes64(known)
            case (.plain, .plain): break
            default: preconditionFailure("A text column keeps its kind.")
            }
        }
        codedCount = entries.count
    }

    /// Nothing but NULL so far: the shape must still be the column's.
    private static func none(of kind: TextKind?) -> TextCodes {
        switch kind {
        case .identifier: .codes64([])
        case .plain: .plain
        case .dictionary, nil: .codes32([])
        }
    }
}
