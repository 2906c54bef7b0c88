import Columns
import Storage

/// One key column of a chunk: the table's code of each value, so that equal codes are equal strings wherever they come from.
struct KeyPart {
    /// One for each row, or for each run.
    let codes: KeyCodes
    /// For each value its number if its text is one in plain form (`1`…, no leading zero, at most 8 digits), else 0.
    var ordinals: [UInt32]
    var runs: RunMap?

    init(codes: @escaping @autoclosure () -> [UInt64], ordinals: [UInt32], runs: RunMap? = nil) {
        self.codes = KeyCodes(codes())
        self.ordinals = ordinals
        self.runs = runs
    }

    /// The code of each row.
    var rowCodes: KeyCodes {
        let codes = codes
        return runs.map { runs in KeyCodes(gather(codes.values, runs.runOfRow())) } ?? codes
    }
    var rowOrdinals: [UInt32] { runs.map { gather(ordinals, $0.runOfRow()) } ?? ordinals }

    /// First row of each stretch of equal values and the end, and each stretch's code.
    func stretches(rowCount: Int) -> (starts: [Int32], codes: [UInt64]) {
        let codes = codes.values
        var starts: [Int32] = []
        var stretchCodes: [UInt64] = []
        starts.reserveCapacity(codes.count + 1)
        stretchCodes.reserveCapacity(codes.count)
        for place in 0..<codes.count where place == 0 || codes[place] != codes[place &- 1] {
            starts.append(runs.map { $0.starts[place] } ?? Int32(truncatingIfNeeded: place))
            stretchCodes.append(codes[place])
        }
        starts.append(Int32(rowCount))
        return (starts, stretchCodes)
    }

    /// The number a text is in plain form, else 0.
    static func ordinal(_ text: ArraySlice<UInt8>) -> UInt32 {
        guard !text.isEmpty, text.count <= 8, text.first != 0x30 else { return 0 }
        var number: UInt32 = 0
        for byte in text {
            let digit = byte &- 0x30
            if digit > 9 { return 0 }
            number = number * 10 + UInt32(digit)
        }
        return number
    }

    static func ordinals(of entries: StringColumn) -> [UInt32] {
        (0..<entries.count).map { ordinal(entries[bytesAt: $0]) }
    }

    /// The ordinals of identifier codes: of those without a prefix, whose digits do not begin with a zero.
    static func ordinals(of codes: [UInt64], formats: [IdentifierDomain.Format], exceptions: StringColumn) -> [UInt32] {
        var floors = [UInt64](repeating: .max, count: 16)
        for (place, format) in formats.enumerated() where format.prefix.isEmpty && format.digitCount <= 8 {
            floors[place] = (1..<format.digitCount).reduce(UInt64(1)) { power, _ in power * 10 }
        }
        return codes.map { code in
            let format = Int(code >> 60)
            let number = code & IdentifierDomain.payloadMask
            if format == Int(IdentifierDomain.exceptionFormat) { return ordinal(exceptions[bytesAt: Int(number)]) }
            return number >= floors[format] ? UInt32(truncatingIfNeeded: number) : 0
        }
    }
}

/// The strings of key columns that are plain text and so have no codes in the table.
struct PlainKeys {
    private var entries = StringColumn()
    private var index = StringHashIndex()

    mutating func codes(of texts: StringColumn) -> [UInt64] { index.intern(texts, in: &entries).map { UInt64($0) } }
}

extension ChunkColumn {
    /// The column as a part of the table's key.
    ///
    /// - Parameters:
    ///   - exceptions: The table's codes of the column's misfits.
    ///   - formats: Of the column's identifier domain.
    func keyPart(
        _ strings: ColumnStrings, exceptions: [UInt64], formats: [IdentifierDomain.Format], plain: inout PlainKeys
    ) -> KeyPart {
        switch values {
        case .text(let rows):
            let ordinals = ChunkColumn.mapped(rows, KeyPart.ordinals(of: strings.entries))
            let table: [UInt64] =
                switch strings.tableCodes {
                case .codes32(let table): table.map(UInt64.init)
                case .codes64(let table): table
                case .plain: plain.codes(of: strings.entries)
                }
            return KeyPart(codes: ChunkColumn.mapped(rows, table), ordinals: ordinals, runs: runs)
        case .identifiers(let codes, let misfits):
            let ordinals = KeyPart.ordinals(of: codes, formats: formats, exceptions: misfits)
            return KeyPart(codes: ChunkColumn.withExceptions(codes, exceptions), ordinals: ordinals, runs: runs)
        case .coded, .absent:
            return KeyPart(codes: [UInt64](repeating: 0, count: validityCount), ordinals: [], runs: runs)
        }
    }

    private var validityCount: Int { if case .mask(let mask) = validity { mask.count } else { values.count } }
}
