import Columns
import Planning

/// A column that nothing but the condition of a join reads: in segments whose zone map shows that each comparison with it comes
/// out the same for all their rows, one value stands for all, and the column is not read.
///
/// Knowledge points are valid from some day on, mostly long before the claims: then no service time needs to be looked at.
struct ZoneStandIn: Sendable {
    /// Index into the fields that the scan reads.
    let place: Int
    let type: LogicalType
    private let comparisons: [Comparison]

    private struct Comparison: Sendable {
        /// Whether the day of the column's timestamp is compared, not the column itself.
        let isOfDay: Bool
        /// With the column on its left side.
        let comparison: ComparisonOperator
        /// Smallest and largest value it is compared with; the other way round if there is none.
        let smallest: Int64
        let largest: Int64

        /// Whether it is the same for all values from `low` to `high`, whatever they are compared with.
        func isDecided(_ low: Int64, _ high: Int64) -> Bool {
            if low == high || smallest > largest { return true }
            switch comparison {
            case .less, .greaterOrEqual: return high < smallest || low >= largest
            case .lessOrEqual, .greater: return high <= smallest || low > largest
            case .equal, .notEqual: return high < smallest || low > largest
            }
        }
    }

    /// - Parameters:
    ///   - column: Of the probe side, read by no other step.
    ///   - condition: What the join asks beyond its keys.
    ///   - build: The other side's rows, whose columns are where `layout` says.
    /// - Returns: nil if the column is read in another way than by comparing it with the other side's columns.
    init?(
        _ column: ColumnID, _ type: LogicalType, place: Int, in condition: BoundExpression, _ build: Batch, layout: [ColumnID: Int]
    ) throws(ExecutionError) {
        guard ZoneStandIn.hasPlaces(type), build.rowCount > 0, let found = ZoneStandIn.comparisons(of: column, in: condition),
            !found.isEmpty
        else { return nil }
        var state = ExpressionState()
        var comparisons: [Comparison] = []
        for (isOfDay, comparison, other) in found {
            guard other.columnIDs.isSubset(of: layout.keys), ZoneStandIn.hasPlaces(other.type) else { return nil }
            let program = try ExpressionProgram(other, columns: layout)
            if program.canRaise { return nil }
            let values = OrderedColumn(try program.evaluate(build, &state))
            var (smallest, largest) = (Int64.max, Int64.min)
            for row in 0..<values.keys.count where values.validity.isPresent(row) {
                smallest = min(smallest, values.keys[row])
                largest = max(largest, values.keys[row])
            }
            comparisons.append(Comparison(isOfDay: isOfDay, comparison: comparison, smallest: smallest, largest: largest))
        }
        self.place = place
        self.type = type
        self.comparisons = comparisons
    }

    /// The value that stands for all of a segment; nil if its rows must be looked at.
    func value(in zone: SegmentZone) -> ScalarValue? {
        guard !zone.hasNulls, !zone.isEmpty, let bounds = zone.bounds, let highest = bounds.high,
            let low = ZoneStandIn.number(bounds.low), let high = ZoneStandIn.number(highest)
        else { return nil }
        let isDecided = comparisons.allSatisfy { comparison in
            comparison.isOfDay
                ? comparison.isDecided(
                    Int64(CivilTime.day(ofMicroseconds: low)), Int64(CivilTime.day(ofMicroseconds: high)))
                : comparison.isDecided(low, high)
        }
        return isDecided ? bounds.low : nil
    }

    /// Types whose values are whole numbers in their order.
    private static func hasPlaces(_ type: LogicalType) -> Bool {
        switch type {
        case .date, .timestamp, .integer, .bigint: true
        default: false
        }
    }

    private static func number(_ value: ScalarValue) -> Int64? {
        switch value {
        case .date(let day): Int64(day)
        case .timestamp(let number), .integer(let number): number
        default: nil
        }
    }

    private typealias Found = [(isOfDay: Bool, comparison: ComparisonOperator, other: BoundExpression)]

    /// Every reading of the column in a condition; nil if one of them is more than a comparison.
    private static func comparisons(of column: ColumnID, in condition: BoundExpression) -> Found? {
        guard condition.columnIDs.contains(column) else { return [] }
        switch condition {
        case .and(let parts), .or(let parts):
            var all: Found = []
            for part in parts {
                guard let found = comparisons(of: column, in: part) else { return nil }
                all += found
            }
            return all
        case .not(let part), .isTruth(let part, _, _): return comparisons(of: column, in: part)
        case .comparison(let comparison, let left, let right):
            if let isOfDay = reading(left, of: column), !right.columnIDs.contains(column) { return [(isOfDay, comparison, right)] }
            if let isOfDay = reading(right, of: column), !left.columnIDs.contains(column) {
                return [(isOfDay, comparison.swapped, left)]
            }
            return nil
        default: return nil
        }
    }

    /// Whether the expression is the day of the column (true) or the column itself (false); nil if it is neither.
    private static func reading(_ expression: BoundExpression, of column: ColumnID) -> Bool? {
        switch expression {
        case .column(column, _): return false
        case .cast(.column(column, .timestamp), to: .date, _): return true
        default: return nil
        }
    }
}
