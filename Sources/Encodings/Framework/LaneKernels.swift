import CKernels

/// Whole-block kernels over lanes on their way into a block.
package enum LaneKernels {
    /// The values, the smallest first.
    static func sorted(_ values: [Int64]) -> [Int64] {
        var result = values
        var room = values
        // Both arrays have `values.count` lanes.
        unsafe ck_sort_lanes(&result, result.count, &room)
        return result
    }

    /// The values whose flag is 1; flags are zeros and ones.
    static func picked(_ values: [Int64], _ flags: [Int64]) -> [Int64] {
        precondition(values.count == flags.count)
        // Room for eight lanes more than are picked: the kernel writes whole groups.
        return unsafe [Int64](unsafeUninitializedCapacity: values.count + 8) { picked, filledCount in
            filledCount = unsafe ck_pick_lanes(ck_level(), values, flags, values.count, picked.baseAddress)
        }
    }

    /// For each value the number of the first of three common ones that it equals, or 3; and the values of class 3.
    static func classified(_ values: [Int64], _ common: InlineArray<3, Int64>) -> (classes: [Int64], others: [Int64]) {
        let table = [common[0], common[1], common[2]]
        var others: [Int64] = []
        let classes = unsafe [Int64](unsafeUninitializedCapacity: values.count) { classes, filledCount in
            others = unsafe [Int64](unsafeUninitializedCapacity: values.count + 8) { others, otherCount in
                // A class for each value; the others have eight lanes of room more.
                otherCount = unsafe ck_classify(
                    ck_level(), values, values.count, table, classes.baseAddress, others.baseAddress)
            }
            filledCount = values.count
        }
        return (classes, others)
    }

    /// `value = base + factor · quotient + rest`, 0 ≤ rest < factor, wrapping.
    static func split(_ values: [Int64], base: Int64, factor: Int64) -> (quotients: [Int64], rests: [Int64]) {
        precondition(factor >= 2)
        var rests: [Int64] = []
        let quotients = unsafe [Int64](unsafeUninitializedCapacity: values.count) { quotients, filledCount in
            rests = unsafe [Int64](unsafeUninitializedCapacity: values.count) { rests, restCount in
                // A quotient and a rest for each value.
                unsafe ck_split(values, values.count, base, factor, quotients.baseAddress, rests.baseAddress)
                restCount = values.count
            }
            filledCount = values.count
        }
        return (quotients, rests)
    }

    /// 1 for each value that differs from the one before, and for the first; else 0.
    static func runFlags(_ values: [Int64]) -> [Int64] {
        // A flag for each value.
        unsafe [Int64](unsafeUninitializedCapacity: values.count) { flags, filledCount in
            unsafe ck_run_flags(ck_level(), values, values.count, flags.baseAddress)
            filledCount = values.count
        }
    }

    /// `value = base + factor · quotient` for all values; nil if one of them is no such multiple from 0 on.
    static func exactQuotients(_ values: [Int64], base: Int64, factor: Int64) -> [Int64]? {
        precondition(factor >= 3 && factor & (factor - 1) != 0)
        var isExact = false
        let quotients = unsafe [Int64](unsafeUninitializedCapacity: values.count) { quotients, filledCount in
            // A quotient for each value.
            isExact = unsafe ck_exact_quotients(ck_level(), values, values.count, base, factor, quotients.baseAddress) != 0
            filledCount = values.count
        }
        return isExact ? quotients : nil
    }

    static func countUnlike(_ values: [Int64], _ common: Int64) -> Int {
        // Reads the array's own values.
        unsafe ck_count_unlike(ck_level(), values, values.count, common)
    }

    /// The values that are not `common`, and before each how many since the one before are.
    ///
    /// - Parameter count: How many there are.
    static func exceptions(_ values: [Int64], _ common: Int64, count: Int) -> (gaps: [Int64], exceptions: [Int64]) {
        var exceptions: [Int64] = []
        let gaps = unsafe [Int64](unsafeUninitializedCapacity: count) { gaps, gapCount in
            exceptions = unsafe [Int64](unsafeUninitializedCapacity: count) { exceptions, exceptionCount in
                // As many of both as there are exceptions, which were counted.
                unsafe ck_exceptions(
                    ck_level(), values, values.count, common, gaps.baseAddress, exceptions.baseAddress)
                exceptionCount = count
            }
            gapCount = count
        }
        return (gaps, exceptions)
    }

    /// What is known of the lines of each run of rows.
    package struct RunSummary {
        /// 0: all above 0; 1: all below; 2: anything else.
        package var signs: [UInt8]
        /// Wrapping; empty if they were not asked for.
        package var sums: [Int64]
        /// 1 for each run with a row whose mask is 1; empty without a mask.
        package var present: [UInt8]
    }

    /// - Parameters:
    ///   - mask: 1 or 0 for each row.
    ///   - starts: First row of each run, ascending from 0, and the row count.
    package static func summary(ofRuns starts: [Int32], _ values: [Int64], mask: [UInt8]?, withSums: Bool) -> RunSummary {
        let count = starts.count - 1
        precondition(Int(starts[count]) == values.count && (mask == nil || mask!.count == values.count))
        // Written before it is read.
        var room = unsafe [Int64](unsafeUninitializedCapacity: values.count + 1) { $1 = values.count + 1 }
        var signs = [UInt8](repeating: 2, count: count)
        var sums = [Int64](repeating: 0, count: withSums ? count : 0)
        var present = [UInt8](repeating: 1, count: mask == nil ? 0 : count)
        // Runs cover the rows, as checked above; every result has a place for each run.
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            unsafe ck_run_signs(
                ck_level(), values, mask, starts, count, &room, &signs, withSums ? sums.baseAddress : nil, &present)
        }
        return RunSummary(signs: signs, sums: sums, present: present)
    }
}
