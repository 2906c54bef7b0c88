import CKernels

/// The codes of a column as places of a table: each code less the lowest, in half of its bits.
package struct CodePlaces: Sendable {
    /// Places of the table; every place is below.
    let span: Int
    /// One for each row.
    let places: [UInt32]

    var count: Int { places.count }

    /// nil if the codes span more than 65,536 numbers and more than 16 for each row, or there are none.
    package init?(_ codes: [Int64]) {
        guard let span = CodeSpan(codes) else { return nil }
        let low = span.low
        self.span = span.count
        // Every place is written.
        places = unsafe [UInt32](unsafeUninitializedCapacity: codes.count) { places, filledCount in
            let rows = codes.span
            for row in 0..<rows.count { unsafe places[row] = UInt32(truncatingIfNeeded: rows[row] &- low) }
            filledCount = rows.count
        }
    }

    /// Codes that are there in 32 bits already: they are places themselves where there is little below the lowest.
    package init?(_ codes: NarrowCodes) {
        guard codes.count > 0 else { return nil }
        let distance = Int(codes.high - codes.low)
        guard distance < max(1 << 16, 16 * codes.count) else { return nil }
        if Int(codes.low) <= max(4096, distance) {
            self.init(span: Int(codes.high) + 1, places: codes.values)
            return
        }
        let low = codes.low
        self.init(span: distance + 1, places: codes.values.map { $0 &- low })
    }

    private init(span: Int, places: [UInt32]) {
        self.span = span
        self.places = places
    }

    /// Those of the rows whose flag is 1, of one for each row; nil if there are none.
    func picked(_ flags: FlagBits) -> CodePlaces? {
        precondition(flags.count == places.count)
        let count = flags.sum
        if count == 0 { return nil }
        // Bounds: the kernel writes `count` places at most.
        let picked = unsafe [UInt32](unsafeUninitializedCapacity: count) { picked, filledCount in
            let found = unsafe ck_pick_32(ck_level(), places, flags.words, flags.count, count, picked.baseAddress)
            precondition(found == count, "Flags were counted.")
            filledCount = count
        }
        return CodePlaces(span: span, places: picked)
    }

    /// The byte that a table has for each row.
    ///
    /// - Parameter table: `span` bytes.
    func bytes(_ table: [UInt8]) -> [UInt8] {
        precondition(table.count == span)
        // Bounds: every place lies in the table, and a byte is written for each row.
        return unsafe [UInt8](unsafeUninitializedCapacity: places.count) { bytes, filledCount in
            unsafe ck_look_up_bytes(places, places.count, table, bytes.baseAddress)
            filledCount = places.count
        }
    }

    /// The lane that a table has for each row.
    ///
    /// - Parameter table: `span` lanes.
    func lanes(_ table: [Int64]) -> [Int64] {
        precondition(table.count == span)
        // Bounds: as above.
        return unsafe [Int64](unsafeUninitializedCapacity: places.count) { lanes, filledCount in
            unsafe ck_look_up_lanes(places, places.count, table, lanes.baseAddress)
            filledCount = places.count
        }
    }

    /// The code that a table has for each row.
    ///
    /// - Parameter table: `span` codes.
    func codes(_ table: [UInt32]) -> [UInt32] {
        precondition(table.count == span)
        // Bounds: as above.
        return unsafe [UInt32](unsafeUninitializedCapacity: places.count) { codes, filledCount in
            unsafe ck_look_up_codes(places, places.count, table, codes.baseAddress)
            filledCount = places.count
        }
    }

    /// 1 for each place that occurs.
    var seen: [UInt8] {
        var seen = [UInt8](repeating: 0, count: span)
        // Bounds: every place is below the span.
        unsafe ck_mark_codes(places, places.count, &seen)
        return seen
    }
}
