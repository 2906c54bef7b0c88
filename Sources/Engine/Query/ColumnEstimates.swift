import Columns
import Planning
import Storage

extension ColumnEstimate {
    /// What zone maps and dictionaries tell about the values of a column. A segment that cannot be read says so when it is
    /// scanned; here it is passed over.
    init(of column: Int, in table: TableSnapshot) {
        self.init(distinctCount: table.textEntryCount(column).map { Double(max(1, $0)) })
        var nullCount = 0
        var low = Double.infinity
        var high = -Double.infinity
        var isRange = true
        for segment in table.segments {
            guard let zone = try? segment.zoneMap(column) else { continue }
            nullCount += zone.nullCount
            switch zone.bounds {
            case .empty: continue
            case .values(let minimum, let maximum?):
                guard isRange, let first = minimum.estimatedPlace, let last = maximum.estimatedPlace else {
                    isRange = false
                    continue
                }
                low = min(low, first)
                high = max(high, last)
            default: isRange = false
            }
        }
        if table.rowCount > 0 { nullShare = min(1, Double(nullCount) / Double(table.rowCount)) }
        guard isRange, low <= high else { return }
        range = low...high
        switch table.schema.fields[column].type {
        case .integer, .bigint: distinctCount = min(Double(table.rowCount), high - low + 1)
        case .date: distinctCount = min(Double(table.rowCount), (high - low) / Double(CivilTime.microsecondsPerDay) + 1)
        case .boolean: distinctCount = 2
        default: break
        }
    }
}
