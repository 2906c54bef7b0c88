package import Columns

/// Where scans find stored tables.
package protocol TableSource: Sendable {
    /// - Throws: if there is no such table, or it cannot be opened.
    func table(named name: String) throws(ExecutionError) -> any ScannableTable
    /// Whether the table has the same rows as long as the statements' `FilterMemory` is the same.
    func isLasting(_ name: String) -> Bool
}

extension TableSource {
    package func isLasting(_ name: String) -> Bool { false }
}

/// The segments of one table at one moment. All segments share one domain object for each text column.
package protocol ScannableTable: Sendable {
    var segmentCount: Int { get }
    func rowCount(segment: Int) -> Int
    /// False only if no row of the segment can have `field` within `range`; NULL is within no range.
    func mightContain(segment: Int, field: Int, range: ZoneRange) -> Bool
    /// What is kept of a field's values in a segment; nil if nothing is.
    func zone(segment: Int, field: Int) -> SegmentZone?
    /// The smallest and largest value of a field and how many there are, as far as that is known without reading them.
    func knownExtremes(field: Int) -> KnownExtremes
    /// Whole columns of one segment; columns stored by runs share one run map.
    func read(segment: Int, fields: [Int]) throws(ExecutionError) -> [Vector]
    /// The columns of one segment, to be read in one or more goes.
    func reader(segment: Int) throws(ExecutionError) -> any SegmentReader
    /// What `read` of these fields would have to fetch.
    func blocks(segment: Int, fields: [Int]) -> StoredBlocks
    /// The runs of a segment, the object that its columns stored by runs share; nil if it has none.
    func runMap(segment: Int) throws(ExecutionError) -> RunMap?
    /// Whether a field has one value in every run of the segment, by the way it is stored: `read` gives it as runs or as a
    /// constant.
    func hasOneValueInRuns(segment: Int, field: Int) throws(ExecutionError) -> Bool
    /// For each run 0 if all its rows have a value above 0, 1 if all have one below 0, else 2; nil if nothing is known.
    func runSigns(segment: Int, field: Int) throws(ExecutionError) -> [UInt8]?
    /// For each run the sum of the field's values, of the field's type, NULL where there is none; nil if it is not stored.
    func runSums(segment: Int, field: Int) throws(ExecutionError) -> Vector?
}

/// Reads the columns of one segment, for one worker; what one go decodes may be there for the next.
package protocol SegmentReader: AnyObject {
    /// Whole columns; columns stored by runs share one run map.
    func columns(_ fields: [Int]) throws(ExecutionError) -> [Vector]
    /// Columns that `ScannableTable.hasOneValueInRuns` does not hold for, with a value for each of the rows.
    ///
    /// - Parameter rows: Ascending, without repetition.
    func columns(_ fields: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector]
    /// A vector with no value that means anything and a field's NULLs, read without its values; nil if that is not worth while.
    func presence(_ field: Int) throws(ExecutionError) -> Vector?
}

extension SegmentReader {
    package func presence(_ field: Int) throws(ExecutionError) -> Vector? { nil }
}

/// Reads every column whole.
private final class WholeSegmentReader: SegmentReader {
    private let table: any ScannableTable
    private let segment: Int

    init(_ table: any ScannableTable, segment: Int) {
        self.table = table
        self.segment = segment
    }

    func columns(_ fields: [Int]) throws(ExecutionError) -> [Vector] { try table.read(segment: segment, fields: fields) }

    func columns(_ fields: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
        try columns(fields).map { $0.gathered(rows) }
    }
}

extension ScannableTable {
    package func reader(segment: Int) throws(ExecutionError) -> any SegmentReader { WholeSegmentReader(self, segment: segment) }
    package func zone(segment: Int, field: Int) -> SegmentZone? { nil }
    package func knownExtremes(field: Int) -> KnownExtremes { KnownExtremes() }
    package func blocks(segment: Int, fields: [Int]) -> StoredBlocks { StoredBlocks() }
    package func runMap(segment: Int) throws(ExecutionError) -> RunMap? { nil }
    package func hasOneValueInRuns(segment: Int, field: Int) throws(ExecutionError) -> Bool { false }
    package func runSigns(segment: Int, field: Int) throws(ExecutionError) -> [UInt8]? { nil }
    package func runSums(segment: Int, field: Int) throws(ExecutionError) -> Vector? { nil }
}

/// What is known of a field's values in one segment without reading them.
package struct SegmentZone: Hashable, Sendable {
    package var hasNulls: Bool
    /// Whether all rows are NULL.
    package var isEmpty: Bool
    /// Smallest and largest value, the largest nil if it is not known; nil if there are none or they are of another kind.
    package var bounds: Bounds?

    package struct Bounds: Hashable, Sendable {
        package var low: ScalarValue
        package var high: ScalarValue?

        package init(low: ScalarValue, high: ScalarValue?) {
            self.low = low
            self.high = high
        }
    }

    package init(hasNulls: Bool, isEmpty: Bool, bounds: Bounds?) {
        self.hasNulls = hasNulls
        self.isEmpty = isEmpty
        self.bounds = bounds
    }
}

/// What is known for certain of all values of a field.
package struct KnownExtremes: Hashable, Sendable {
    /// `.null` if there are no values; nil if it is not known.
    package var minimum: ScalarValue?
    package var maximum: ScalarValue?
    /// Rows that are not NULL; nil if it is not known.
    package var valueCount: Int?

    package init(minimum: ScalarValue? = nil, maximum: ScalarValue? = nil, valueCount: Int? = nil) {
        self.minimum = minimum
        self.maximum = maximum
        self.valueCount = valueCount
    }

    /// The first of two values if it comes as far in a direction as the other one, else that, NULL aside; nil if one of them is not
    /// known.
    ///
    /// - Parameter isAsFar: nil for values that do not compare.
    package static func further(
        _ first: ScalarValue?, _ second: ScalarValue?, _ isAsFar: (ScalarValue, ScalarValue) -> Bool?
    ) -> ScalarValue? {
        guard let first, let second else { return nil }
        if first == .null { return second }
        if second == .null { return first }
        return isAsFar(first, second).map { $0 ? first : second }
    }
}

/// Blocks of a segment file.
package struct StoredBlocks: Hashable, Sendable {
    package var count = 0
    /// Bytes of all of them.
    package var size = 0
    /// Whether they are of a private copy of what was read elsewhere.
    package var isOfCopy = false

    package init(count: Int = 0, size: Int = 0, isOfCopy: Bool = false) {
        self.count = count
        self.size = size
        self.isOfCopy = isOfCopy
    }
}

/// The values from `low` to `high`, both included; nil is no bound.
package struct ZoneRange: Hashable, Sendable {
    package var low: ScalarValue?
    package var high: ScalarValue?

    package init(low: ScalarValue?, high: ScalarValue?) {
        self.low = low
        self.high = high
    }
}
