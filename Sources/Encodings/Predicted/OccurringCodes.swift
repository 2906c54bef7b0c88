import CKernels

/// Which codes of a column occur, numbered in ascending order.
struct OccurringCodes {
    private let span: CodeSpan
    let count: Int
    /// 1 for each code that occurs, by code less the lowest.
    private let seen: [UInt8]

    /// nil if the codes span too much.
    init?(_ codes: [Int64]) {
        guard let span = CodeSpan(codes) else { return nil }
        self.span = span
        var seen = [UInt8](repeating: 0, count: span.count)
        // Bounds: every code lies in the span.
        unsafe ck_mark_codes(codes, codes.count, span.low, &seen)
        count = FlagKernels.sum(seen)
        self.seen = seen
    }

    /// For each code of some rows the value that belongs to it.
    ///
    /// - Parameters:
    ///   - values: One for each occurring code.
    ///   - codes: Each of them occurs.
    func spread(_ values: [Int64], at codes: [Int64]) -> [Int64] {
        let table = table(values)
        return codes.map { table[Int(truncatingIfNeeded: $0 &- span.low)] }
    }

    /// As `spread(_:at:)`, for all codes that this was made of.
    func spread(_ values: [Int64], of codes: [Int64]) -> [Int64] {
        let table = table(values)
        let low = span.low
        return Lanes.filled(count: codes.count) { rows in
            let source = table.span
            let codes = codes.span
            // Bounds: every code lies in the span.
            for row in 0..<rows.count {
                unsafe rows[unchecked: row] = source[unchecked: Int(truncatingIfNeeded: codes[unchecked: row] &- low)]
            }
        }
    }

    var low: Int64 { span.low }

    /// The value of each code, by code less the lowest; 0 for those that do not occur.
    ///
    /// - Parameter values: One for each occurring code.
    func table(_ values: [Int64]) -> [Int64] {
        precondition(values.count == count)
        var table = [Int64](repeating: 0, count: seen.count)
        var next = 0
        let flags = seen.span
        for place in 0..<flags.count where flags[place] != 0 {
            table[place] = values[next]
            next += 1
        }
        return table
    }

    /// For each row's code the value that belongs to it, as a byte.
    ///
    /// - Parameters:
    ///   - values: One for each occurring code, from 0 to 255.
    ///   - codes: The codes this was made of.
    func bytes(_ values: [Int64], of codes: [Int64]) -> [UInt8] {
        precondition(values.count == count)
        var table = [UInt8](repeating: 0, count: seen.count)
        var next = 0
        for place in 0..<seen.count where seen[place] != 0 {
            table[place] = UInt8(truncatingIfNeeded: values[next])
            next += 1
        }
        return span.bytes(table, of: codes)
    }
}
