import CKernels
import Columns

/// Kernels over byte masks: 1 = yes, 0 = no, one byte a row.
enum Mask {
    static func and(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 & $1 }
    }

    static func or(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 | $1 }
    }

    static func not(_ mask: [UInt8]) -> [UInt8] { mapRows(mask, filler: 0) { $0 ^ 1 } }

    /// `left` where `right` is 0.
    static func subtract(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        mapPairs(.rows(left), .rows(right), count: left.count, filler: 0) { $0 & ($1 ^ 1) }
    }

    /// How many bytes are 1.
    static func count(_ mask: [UInt8]) -> Int { unsafe ck_count_byte(mask, mask.count, 1) }

    /// The numbers of the rows whose byte is 1, ascending.
    static func rows(_ mask: [UInt8]) -> [Int32] { rows(mask, count: count(mask)) }

    /// - Parameter count: Ones in the mask.
    static func rows(_ mask: [UInt8], count: Int) -> [Int32] {
        // Bounds: the kernel writes a number for each one and some places behind them.
        unsafe [Int32](unsafeUninitializedCapacity: count + Int(CK_MASK_ROWS_SLACK)) { rows, filledCount in
            let found = unsafe ck_mask_rows(ck_level(), mask, mask.count, rows.baseAddress)
            precondition(found == count, "Masks are zeros and ones.")
            filledCount = count
        }
    }

    static func selection(_ mask: [UInt8]) -> Selection {
        let total = count(mask)
        if total == 0 { return .none }
        if total == mask.count { return .all }
        return .rows(rows(mask, count: total))
    }
}
