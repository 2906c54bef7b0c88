import CKernels

/// Whole-block kernels that spread few values over many rows, pick few out of many, or multiply row by row.
enum SpreadKernels {
    /// For each row the common value of class 0, 1 or 2, or the next of the others for class 3.
    ///
    /// - Precondition: Classes are below 4, and as many of them are 3 as there are others.
    static func expanded(_ classes: [UInt8], common: InlineArray<3, Int64>, others: [Int64]) -> [Int64] {
        let table = [common[0], common[1], common[2]]
        // Bounds: the kernel reads `classes.count` classes and writes as many values; it reads no other value beyond the last.
        return unsafe [Int64](unsafeUninitializedCapacity: classes.count) { values, filledCount in
            let used = unsafe ck_expand_classes(
                ck_level(), classes, classes.count, table, others, others.count, values.baseAddress)
            precondition(used == others.count, "Classes and others were counted.")
            filledCount = classes.count
        }
    }

    /// The values whose flag is 1.
    ///
    /// - Precondition: Flags are zeros and ones, `count` ones among them.
    static func picked(_ values: [Int64], _ flags: [UInt8], count: Int) -> [Int64] {
        precondition(values.count == flags.count)
        // Bounds: the kernel writes `count` values at most.
        return unsafe [Int64](unsafeUninitializedCapacity: count) { picked, filledCount in
            let found = unsafe ck_pick(ck_level(), values, flags, values.count, count, picked.baseAddress)
            precondition(found == count || count == 0, "Flags were counted.")
            filledCount = count
        }
    }

    /// The next of the values where the flag is 1, else 0.
    ///
    /// - Precondition: Flags are zeros and ones, as many ones as values.
    static func spread(_ values: [Int64], _ flags: [UInt8]) -> [Int64] {
        // Bounds: the kernel reads no value behind the last and writes a row for each flag.
        unsafe [Int64](unsafeUninitializedCapacity: flags.count) { rows, filledCount in
            let found = unsafe ck_expand(ck_level(), values, values.count, flags, flags.count, rows.baseAddress)
            precondition(found == values.count, "Flags were counted.")
            filledCount = flags.count
        }
    }

    /// As above, bytes.
    static func spread(_ values: [UInt8], _ flags: [UInt8]) -> [UInt8] {
        // Bounds: as above.
        unsafe [UInt8](unsafeUninitializedCapacity: flags.count) { rows, filledCount in
            let found = unsafe ck_expand_bytes(ck_level(), values, values.count, flags, flags.count, rows.baseAddress)
            precondition(found == values.count, "Flags were counted.")
            filledCount = flags.count
        }
    }

    /// The next of the values where the flag is 1, else the one before.
    ///
    /// - Precondition: The first flag is a one, and there are as many ones as values.
    static func repeated(_ values: [Int64], _ flags: FlagBits) -> [Int64] {
        precondition(flags.sum == values.count && (flags.count == 0 || flags[0] == 1))
        // Bounds: the kernel reads a value for each one among the flags and writes a row for each flag.
        return unsafe [Int64](unsafeUninitializedCapacity: flags.count) { rows, filledCount in
            let found = unsafe ck_repeat(ck_level(), values, values.count, flags.words, flags.count, rows.baseAddress)
            precondition(found == values.count, "Flags were counted.")
            filledCount = flags.count
        }
    }

    /// `left · right / divisor`, the product wrapping, rounded half away from zero.
    static func products(_ left: [Int64], _ right: [Int64], divisor: Int64) -> [Int64] {
        precondition(left.count == right.count && divisor > 0)
        // Bounds: the kernel reads and writes `left.count` lanes of each.
        return unsafe [Int64](unsafeUninitializedCapacity: left.count) { values, filledCount in
            unsafe ck_products(ck_level(), left, right, left.count, divisor, values.baseAddress)
            filledCount = left.count
        }
    }

    /// As above, a right factor for each row that is present: 0 for the others, which are few.
    ///
    /// - Parameter absentRows: Ascending, without repetition, rows of `left`.
    static func products(_ left: [Int64], _ right: [Int64], divisor: Int64, without absentRows: [Int32]) -> [Int64] {
        precondition(left.count == right.count + absentRows.count && divisor > 0)
        // Bounds: stretches of rows without an absent one, each looked at before; every row is written.
        return unsafe [Int64](unsafeUninitializedCapacity: left.count) { values, filledCount in
            unsafe left.withUnsafeBufferPointer { left in
                unsafe right.withUnsafeBufferPointer { right in
                    var first = 0
                    for index in 0...absentRows.count {
                        let end = index < absentRows.count ? Int(absentRows[index]) : left.count
                        precondition(end >= first && end <= left.count && first >= index)
                        if end > first {
                            unsafe ck_products(
                                ck_level(), left.baseAddress! + first, right.baseAddress! + (first - index), end - first, divisor,
                                values.baseAddress! + first)
                        }
                        if index < absentRows.count { unsafe values[end] = 0 }
                        first = end + 1
                    }
                }
            }
            filledCount = left.count
        }
    }
}
