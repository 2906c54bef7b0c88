import Columns
import Diagnostics
import Encodings

/// Decodes columns of one segment for one call, each at most once, with the columns they are predicted from.
final class ColumnDecoder {
    private let segment: SegmentSnapshot
    private let directory: SegmentDirectory
    private let file: SegmentFile
    private let runMap: RunMap?
    /// Why a column that another one is predicted from could not be read: the error to report.
    private var referenceFailure: StorageError?
    private var decoded: [Int: LaneColumn] = [:]
    /// Grouped columns spread over rows, for line columns predicted from them.
    private var expanded: [Int: [Int64]] = [:]
    private var underway: Set<Int> = []
    private var rowsInRun: [Int64]?

    init(segment: SegmentSnapshot, file: SegmentFile, directory: SegmentDirectory, runMap: RunMap?) {
        self.segment = segment
        self.file = file
        self.directory = directory
        self.runMap = runMap
    }

    func column(_ index: Int) throws(StorageError) -> LaneColumn {
        if let known = decoded[index] { return known }
        let entry = directory.columns[index]
        let count = entry.isGrouped ? directory.runCount : directory.rowCount
        guard let block = entry.block else {
            if let lane = entry.constantLane {
                return LaneColumn(storage: entry.storage, lanes: [Int64](repeating: lane, count: count))
            }
            let nulls = [UInt8](repeating: 0, count: count)
            return LaneColumn(storage: entry.storage, lanes: [Int64](repeating: 0, count: count), mask: nulls)
        }
        guard underway.insert(index).inserted else {
            throw segment.damaged("columns predicted from each other in a circle", block: block, column: entry.name)
        }
        var reader = try segment.readBlock(file, directory, block, column: entry.name)
        let column: LaneColumn
        do throws(EncodingError) {
            column = try decode(&reader, entry, count: count)
        } catch {
            throw referenceFailure ?? segment.damaged(error.message, block: block, column: entry.name)
        }
        underway.remove(index)
        decoded[index] = column
        return column
    }

    private func decode(
        _ reader: inout BlockReader, _ entry: SegmentDirectory.Column, count: Int
    ) throws(EncodingError) -> LaneColumn {
        let plain = DecodingContext(references: NoReferences())
        var column = LaneColumn(storage: entry.storage, lanes: [])
        if entry.storedNullCount > 0 {
            let rows = OtherColumns(decoder: self, isGrouped: entry.isGrouped, mask: nil)
            let mask = try EncodingChooser.decode(&reader, count: count, context: DecodingContext(references: rows))
            column.mask = try ColumnDecoder.mask(mask, nullCount: entry.storedNullCount)
        }
        let presentCount = count - entry.storedNullCount
        switch entry.storage {
        case .strings:
            let strings = try StringEncoding.decode(&reader, count: presentCount)
            column.strings = column.mask.map { strings.expanded(by: $0) } ?? strings
        case .int128:
            let isWide = try reader.readByte() == 1
            column.lanes = try EncodingChooser.decode(&reader, count: presentCount, context: plain)
            if isWide { column.highLanes = try EncodingChooser.decode(&reader, count: presentCount, context: plain) }
        default:
            let references = OtherColumns(decoder: self, isGrouped: entry.isGrouped, mask: column.mask)
            column.lanes = try EncodingChooser.decode(
                &reader, count: presentCount, context: DecodingContext(references: references))
        }
        if let mask = column.mask {
            if entry.storage != .strings { column.lanes = LaneColumn.expanded(column.lanes, by: mask) }
            column.highLanes = column.highLanes.map { LaneColumn.expanded($0, by: mask) }
        }
        return column
    }

    private static func mask(_ lanes: [Int64], nullCount: Int) throws(EncodingError) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: lanes.count)
        var presentCount = 0
        for row in 0..<lanes.count {
            let bit = UInt8(truncatingIfNeeded: lanes[row] & 1)
            mask[row] = bit
            presentCount &+= Int(bit)
        }
        guard lanes.count - presentCount == nullCount else {
            throw EncodingError("\(lanes.count - presentCount) NULL rows, \(nullCount) expected")
        }
        return mask
    }

    fileprivate func remember(_ failure: StorageError) -> EncodingError {
        referenceFailure = referenceFailure ?? failure
        return EncodingError(failure.message)
    }

    /// Another column's values as a column with this space and mask sees them.
    func reference(
        _ index: Int, isGrouped: Bool, mask: [UInt8]?
    ) throws(StorageError) -> [Int64] {
        guard index < directory.columns.count else {
            throw segment.damaged("a prediction from column \(index), which is not there")
        }
        let entry = directory.columns[index]
        guard entry.storage != .strings, !isGrouped || entry.isGrouped else {
            throw segment.damaged("a prediction from column \"\(entry.name)\", which cannot serve")
        }
        var values = try column(index).lanes
        if entry.isGrouped, !isGrouped, let runMap {
            let rows = expanded[index] ?? RunExpansion.expanded(values, starts: runMap.starts)
            expanded[index] = rows
            values = rows
        }
        return mask.map { LaneColumn.compressed(values, by: $0) } ?? values
    }

    func rowsInRun(mask: [UInt8]?) throws(StorageError) -> [Int64] {
        guard let runMap else { throw segment.damaged("a prediction from runs, and the segment has none") }
        let rows = rowsInRun ?? RunExpansion.rowsInRun(starts: runMap.starts)
        rowsInRun = rows
        return mask.map { LaneColumn.compressed(rows, by: $0) } ?? rows
    }
}

extension StringColumn {
    /// One string for each byte of the mask, empty where it is 0.
    func expanded(by mask: [UInt8]) -> StringColumn {
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(mask.count + 1)
        var next = 0
        for row in 0..<mask.count {
            next += Int(mask[row])
            offsets.append(self.offsets[next])
        }
        return StringColumn(offsets: offsets, bytes: bytes)
    }
}

/// The other columns of the segment as one column sees them.
private struct OtherColumns: ReferenceSource {
    let decoder: ColumnDecoder
    let isGrouped: Bool
    let mask: [UInt8]?

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        do throws(StorageError) {
            return try decoder.reference(column, isGrouped: isGrouped, mask: mask)
        } catch {
            throw decoder.remember(error)
        }
    }

    func rowsInRun() throws(EncodingError) -> [Int64] {
        do throws(StorageError) {
            return try decoder.rowsInRun(mask: mask)
        } catch {
            throw decoder.remember(error)
        }
    }
}
