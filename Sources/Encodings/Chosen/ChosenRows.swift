import CKernels
import Columns

/// Some of a node's rows, ascending, a row more than once if need be.
package struct ChosenRows: Sendable {
    /// Where the rows are among those that were asked of the whole column.
    private enum Origins: Sendable {
        /// They are these, in the same order.
        case all
        /// For each row its number among them.
        case some([Int32])
        /// They are others: the rows that begin a run, for example.
        case none
    }

    /// Numbers among all rows of the node, from 0.
    package let places: [Int32]
    private let origins: Origins

    package var count: Int { places.count }

    /// The rows asked of a whole column.
    ///
    /// - Parameter places: Ascending, without repetition.
    package init(_ places: [Int32]) {
        self.places = places
        origins = .all
    }

    private init(places: [Int32], origins: Origins) {
        self.places = places
        self.origins = origins
    }

    /// Some of these rows as a part of the node numbers them.
    ///
    /// - Parameters:
    ///   - items: Ascending indexes into `places`.
    ///   - places: For each of them its number in the part.
    package func part(_ items: [Int32], at places: [Int32]) -> ChosenRows {
        precondition(items.count == places.count)
        switch origins {
        case .all: return ChosenRows(places: places, origins: .some(items))
        case .some(let known): return ChosenRows(places: places, origins: .some(gather(known, items)))
        case .none: return ChosenRows(places: places, origins: .none)
        }
    }

    /// Other rows of a part: references cannot be taken from those that were asked for.
    func others(at places: [Int32]) -> ChosenRows { ChosenRows(places: places, origins: .none) }

    /// The values of these rows among those of all the node's rows.
    func picked(_ values: [Int64]) -> [Int64] { gather(values, places) }

    /// The values of these rows among those of the rows that were asked of the whole column; nil if they are others.
    func picked(fromAsked values: [Int64]) -> [Int64]? {
        switch origins {
        case .all: values
        case .some(let items): gather(values, items)
        case .none: nil
        }
    }

    /// Whether a row is there more than once.
    var haveRepeats: Bool {
        for index in 1..<max(1, places.count) where places[index] == places[index &- 1] { return true }
        return false
    }

    var areAsked: Bool {
        if case .none = origins { return false }
        return true
    }
}

extension ReferenceSource {
    /// A column's values at some of the rows, read for those alone if the source can.
    func values(ofColumn column: Int, at rows: ChosenRows, count: Int) throws(EncodingError) -> [Int64] {
        if rows.areAsked, let asked = try askedValues(ofColumn: column), let picked = rows.picked(fromAsked: asked) {
            return picked
        }
        let all = try values(ofColumn: column)
        guard all.count == count else {
            throw EncodingError("column \(column) has \(all.count) values, \(count) expected")
        }
        return rows.picked(all)
    }
}

extension FlagKernels {
    /// For each place how many bytes before it are `value`.
    ///
    /// - Precondition: Places ascend and are at most the number of bytes.
    package static func ranks(_ bytes: [UInt8], of value: UInt8, at places: [Int32]) -> [Int32] {
        guard let last = places.last else { return [] }
        precondition(places[0] >= 0 && Int(last) <= bytes.count)
        // Bounds: the kernel reads bytes before the places, of which the last is the largest, and writes a rank for each.
        return unsafe [Int32](unsafeUninitializedCapacity: places.count) { ranks, filledCount in
            unsafe _ = ck_ranks(ck_level(), bytes, value, places, places.count, ranks.baseAddress)
            filledCount = places.count
        }
    }

    /// The numbers of the flags that are 1, ascending; flags are zeros and ones.
    package static func rows(_ flags: [UInt8]) -> [Int32] {
        let count = sum(flags)
        // Bounds: the kernel writes a number for each one and some places behind them.
        return unsafe [Int32](unsafeUninitializedCapacity: count + Int(CK_MASK_ROWS_SLACK)) { rows, filledCount in
            let found = unsafe ck_mask_rows(ck_level(), flags, flags.count, rows.baseAddress)
            precondition(found == count, "Flags are zeros and ones.")
            filledCount = count
        }
    }

    /// The indexes of the bytes that are `value`, ascending.
    package static func items(_ bytes: [UInt8], of value: UInt8) -> [Int32] {
        rows(bytes.map { $0 == value ? 1 : 0 })
    }

    /// How many of the bytes are `value`.
    static func count(_ bytes: [UInt8], of value: UInt8) -> Int { unsafe ck_count_byte(bytes, bytes.count, value) }
}
