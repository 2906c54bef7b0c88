import Columns
import Planning
import Storage

/// What zone maps and dictionaries tell about the values of a table's columns.
enum ColumnEstimates {
    /// One for each column. A segment that cannot be read says so when it is scanned; here it is passed over.
    static func of(_ table: TableSnapshot) -> [ColumnEstimate] {
        table.schema.fields.indices.map { index in
            var estimate = ColumnEstimate()
            if let entries = table.textEntryCount(index) { estimate.distinctCount = Double(max(1, entries)) }
            estimate.nullShare = nullShare(of: index, in: table)
            guard let range = range(of: index, in: table) else { return estimate }
            estimate.range = range
            switch table.schema.fields[index].type {
            case .integer, .bigint:
                estimate.distinctCount = min(Double(table.rowCount), range.upperBound - range.lowerBound + 1)
            case .date:
                let days = (range.upperBound - range.lowerBound) / Double(CivilTime.microsecondsPerDay) + 1
                estimate.distinctCount = min(Double(table.rowCount), days)
            case .boolean: estimate.distinctCount = 2
            default: break
            }
            return estimate
        }
    }

    private static func nullShare(of column: Int, in table: TableSnapshot) -> Double? {
        guard table.rowCount > 0 else { return nil }
        var nullCount = 0
        for segment in table.segments { nullCount += (try? segment.zoneMap(column).nullCount) ?? 0 }
        return min(1, Double(nullCount) / Double(table.rowCount))
    }

    private static func range(of column: Int, in table: TableSnapshot) -> ClosedRange<Double>? {
        var low = Double.infinity
        var high = -Double.infinity
        for segment in table.segments {
            guard let bounds = try? segment.zoneMap(column).bounds else { continue }
            switch bounds {
            case .empty: continue
            case .values(let minimum, let maximum?):
                guard let first = minimum.estimatedPlace, let last = maximum.estimatedPlace else { return nil }
                low = min(low, first)
                high = max(high, last)
            default: return nil
            }
        }
        return low <= high ? low...high : nil
    }
}
