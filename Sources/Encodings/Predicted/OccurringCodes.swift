/// Which codes of a column occur, numbered in ascending order.
struct OccurringCodes {
    private let codes: CodePlaces
    let count: Int
    /// 1 for each code that occurs, by place.
    private let seen: [UInt8]

    init(_ codes: CodePlaces) {
        self.codes = codes
        seen = codes.seen
        count = FlagKernels.sum(seen)
    }

    /// For each row the value that belongs to its code.
    ///
    /// - Parameter values: One for each occurring code.
    func spread(_ values: [Int64]) -> [Int64] { codes.lanes(table(values)) }

    /// As `spread(_:)`, for some rows.
    func spread(_ values: [Int64], at rows: [Int32]) -> [Int64] {
        let table = table(values)
        return rows.map { table[Int(codes.places[Int($0)])] }
    }

    /// The value of each code by place; 0 for those that do not occur.
    ///
    /// - Parameter values: One for each occurring code.
    func table(_ values: [Int64]) -> [Int64] {
        precondition(values.count == count)
        var table = [Int64](repeating: 0, count: seen.count)
        var target = table.mutableSpan
        let (flags, source) = (seen.span, values.span)
        var next = 0
        var place = 0
        // No branch depends on the flags. Behind the last code that occurs there is nothing left to write.
        while next < source.count {
            let flag = flags[place]
            target[place] = source[next] & (0 &- Int64(flag))
            next &+= Int(flag)
            place &+= 1
        }
        return table
    }

    /// For each row the value that belongs to its code, as a byte.
    ///
    /// - Parameter values: One for each occurring code, from 0 to 255.
    func bytes(_ values: [Int64]) -> [UInt8] {
        precondition(values.count == count)
        var table = [UInt8](repeating: 0, count: seen.count)
        var target = table.mutableSpan
        let (flags, source) = (seen.span, values.span)
        var next = 0
        var place = 0
        // As above.
        while next < source.count {
            let flag = flags[place]
            target[place] = UInt8(truncatingIfNeeded: source[next]) & (0 &- flag)
            next &+= Int(flag)
            place &+= 1
        }
        return codes.bytes(table)
    }
}
