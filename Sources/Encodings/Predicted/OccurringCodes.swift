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

    /// As `spread(_:)`, in 32 bits; nil if a value is no code.
    func codes(_ values: [Int64]) -> [UInt32]? {
        guard IndexCheck.all(values, below: NarrowCodes.limit) else { return nil }
        return codes.codes(table(values).map { UInt32(truncatingIfNeeded: $0) })
    }

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
        return FlagKernels.spread(values, seen)
    }

    /// For each row the value that belongs to its code, as a byte.
    ///
    /// - Parameter values: One for each occurring code, from 0 to 255.
    func bytes(_ values: [Int64]) -> [UInt8] {
        precondition(values.count == count)
        let source = values.span
        // Bounds: as many bytes as values, all written.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { bytes, filledCount in
            for item in 0..<source.count { unsafe bytes[item] = UInt8(truncatingIfNeeded: source[item]) }
            filledCount = source.count
        }
        return codes.bytes(SpreadKernels.spread(bytes, seen))
    }
}
