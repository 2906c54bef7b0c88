import Columns
import Diagnostics
import Encodings

/// Decodes columns of one segment, each at most once, with the columns they are predicted from: whole, or at some rows.
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
    /// Columns as places of a table, for those predicted from them: by number, those of runs and of rows each.
    private var places: [Int: (ofRuns: CodePlaces?, ofRows: CodePlaces?)] = [:]
    private var underway: Set<Int> = []
    /// The rows that were asked for last, and what has been decoded at them.
    private var askedRows: [Int32] = []
    private var asked: [Int: LaneColumn] = [:]
    /// For each of the asked rows its run.
    private var askedRuns: [Int32]?

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
        let column = try read(block, entry, index) { (reader) throws(EncodingError) in
            try decode(&reader, entry, count: count)
        }
        decoded[index] = column
        return column
    }

    /// Which rows of a column are present, 1 for each, without its values; nil if it has no block or has been read.
    func presence(_ index: Int) throws(StorageError) -> [UInt8]? {
        let entry = directory.columns[index]
        guard decoded[index] == nil, let block = entry.block else { return nil }
        let count = entry.isGrouped ? directory.runCount : directory.rowCount
        if entry.storedNullCount == 0 { return [UInt8](repeating: 1, count: count) }
        return try read(block, entry, index) { (reader) throws(EncodingError) in
            let others = OtherColumns(decoder: self, isGrouped: entry.isGrouped, presence: nil)
            let flags = try FlagKernels.decode(&reader, count: count, context: DecodingContext(references: others))
            let presentCount = FlagKernels.sum(flags)
            guard count - presentCount == entry.storedNullCount else {
                throw EncodingError("\(count - presentCount) NULL rows, \(entry.storedNullCount) expected")
            }
            return flags
        }
    }

    /// A line column at some rows.
    ///
    /// - Parameter rows: Ascending, without repetition.
    func column(_ index: Int, at rows: [Int32]) throws(StorageError) -> LaneColumn {
        if askedRows != rows {
            askedRows = rows
            asked = [:]
            askedRuns = nil
        }
        return try askedColumn(index)
    }

    /// A column at the rows asked for; one that is grouped at their runs.
    fileprivate func askedColumn(_ index: Int) throws(StorageError) -> LaneColumn {
        if let known = asked[index] { return known }
        let entry = directory.columns[index]
        let column: LaneColumn
        if decoded[index] == nil, !entry.isGrouped, let block = entry.block, ColumnDecoder.readsRows(entry) {
            column = try read(block, entry, index) { (reader) throws(EncodingError) in
                try decode(&reader, entry, at: askedRows)
            }
        } else {
            column = try self.column(index).gathered(entry.isGrouped ? runsOfAskedRows() : askedRows)
        }
        asked[index] = column
        return column
    }

    /// Whether rows of the column can be read by themselves.
    private static func readsRows(_ entry: SegmentDirectory.Column) -> Bool {
        entry.storage != .strings && entry.storage != .int128
    }

    private func runsOfAskedRows() -> [Int32] {
        if let askedRuns { return askedRuns }
        guard let runMap else { return askedRows }
        var run = 0
        let runs = askedRows.map { row -> Int32 in
            while runMap.starts[run + 1] <= row { run += 1 }
            return Int32(truncatingIfNeeded: run)
        }
        askedRuns = runs
        return runs
    }

    private func read<Result>(
        _ block: Int, _ entry: SegmentDirectory.Column, _ index: Int,
        _ body: (inout BlockReader) throws(EncodingError) -> Result
    ) throws(StorageError) -> Result {
        guard underway.insert(index).inserted else {
            throw segment.damaged("columns predicted from each other in a circle", block: block, column: entry.name)
        }
        var reader = try segment.readBlock(file, directory, block, column: entry.name)
        let result: Result
        do throws(EncodingError) {
            result = try body(&reader)
        } catch {
            throw referenceFailure ?? segment.damaged(error.message, block: block, column: entry.name)
        }
        underway.remove(index)
        return result
    }

    private func decode(
        _ reader: inout BlockReader, _ entry: SegmentDirectory.Column, at rows: [Int32]
    ) throws(EncodingError) -> LaneColumn {
        let count = directory.rowCount
        var column = LaneColumn(storage: entry.storage, lanes: [])
        guard entry.storedNullCount > 0 else {
            let references = OtherColumns(decoder: self, isGrouped: false, presence: nil, isAsked: true)
            column.lanes = try EncodingChooser.decode(
                &reader, count: count, at: ChosenRows(rows), context: DecodingContext(references: references))
            return column
        }
        let plain = OtherColumns(decoder: self, isGrouped: false, presence: nil)
        let flags = try FlagBits.decode(&reader, count: count, context: DecodingContext(references: plain))
        guard count - flags.sum == entry.storedNullCount else {
            throw EncodingError("\(count - flags.sum) NULL rows, \(entry.storedNullCount) expected")
        }
        let chosen = ChosenRows(rows)
        let own = flags.gathered(rows)
        let present = FlagKernels.rows(own)
        let places = flags.ranks(at: gather(rows, present))
        let known = LazyPresence { Presence(mask: flags.bytes) }
        let references = OtherColumns(decoder: self, isGrouped: false, presence: known, isAsked: true)
        let values = try EncodingChooser.decode(
            &reader, count: flags.sum, at: chosen.part(present, at: places),
            context: DecodingContext(references: references))
        if present.count == rows.count {
            column.lanes = values
            return column
        }
        column.lanes = [Int64](repeating: 0, count: rows.count)
        for (index, item) in present.enumerated() { column.lanes[Int(item)] = values[index] }
        column.mask = own
        return column
    }

    private func decode(
        _ reader: inout BlockReader, _ entry: SegmentDirectory.Column, count: Int
    ) throws(EncodingError) -> LaneColumn {
        let plain = DecodingContext(references: NoReferences())
        var column = LaneColumn(storage: entry.storage, lanes: [])
        var presence: Presence?
        if entry.storedNullCount > 0 {
            let rows = OtherColumns(decoder: self, isGrouped: entry.isGrouped, presence: nil)
            let context = DecodingContext(references: rows)
            let known = Presence(mask: try FlagKernels.decode(&reader, count: count, context: context))
            guard count - known.presentCount == entry.storedNullCount else {
                throw EncodingError("\(count - known.presentCount) NULL rows, \(entry.storedNullCount) expected")
            }
            column.mask = known.mask
            presence = known
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
            let references = OtherColumns(
                decoder: self, isGrouped: entry.isGrouped, presence: presence.map { known in LazyPresence { known } })
            if presence == nil, entry.storage == .codes32 {
                column.codes = try EncodingChooser.decodeCodes(
                    &reader, count: presentCount, context: DecodingContext(references: references))
                if column.codes != nil { break }
            }
            if let absentRows = presence?.absentRows,
                let rows = try EncodingChooser.decodeSpread(
                    &reader, rowCount: count, without: absentRows, context: DecodingContext(references: references))
            {
                column.lanes = rows
                return column
            }
            column.lanes = try EncodingChooser.decode(
                &reader, count: presentCount, context: DecodingContext(references: references))
        }
        if let presence {
            if entry.storage != .strings { column.lanes = presence.expanded(column.lanes) }
            column.highLanes = column.highLanes.map { presence.expanded($0) }
        }
        return column
    }

    fileprivate func remember(_ failure: StorageError) -> EncodingError {
        referenceFailure = referenceFailure ?? failure
        return EncodingError(failure.message)
    }

    /// Another column's values as a column with this space and presence sees them.
    func reference(
        _ index: Int, isGrouped: Bool, presence: Presence?
    ) throws(StorageError) -> [Int64] {
        guard index < directory.columns.count else {
            throw segment.damaged("a prediction from column \(index), which is not there")
        }
        let entry = directory.columns[index]
        guard entry.storage != .strings, !isGrouped || entry.isGrouped else {
            throw segment.damaged("a prediction from column \"\(entry.name)\", which cannot serve")
        }
        var values = try column(index).allLanes
        if entry.isGrouped, !isGrouped, let runMap {
            let rows = expanded[index] ?? RunKernels.expanded(values, starts: runMap.starts)
            expanded[index] = rows
            values = rows
        }
        return presence.map { $0.compressed(values) } ?? values
    }

    /// Another column's codes as a column with this space and presence sees them, as places; nil if there is no table for them.
    func codePlaces(_ index: Int, isGrouped: Bool, presence: Presence?) throws(StorageError) -> CodePlaces? {
        guard presence == nil else {
            return CodePlaces(try reference(index, isGrouped: isGrouped, presence: presence))
        }
        if let known = isGrouped ? places[index]?.ofRuns : places[index]?.ofRows { return known }
        let found =
            if let codes = try codes(index, isGrouped: isGrouped) {
                CodePlaces(codes)
            } else {
                CodePlaces(try reference(index, isGrouped: isGrouped, presence: nil))
            }
        var known = places[index] ?? (nil, nil)
        if isGrouped { known.ofRuns = found } else { known.ofRows = found }
        places[index] = known
        return found
    }

    /// Another column's codes in 32 bits; nil if it is not kept so, or not in the space that is asked for.
    func codes(_ index: Int, isGrouped: Bool) throws(StorageError) -> NarrowCodes? {
        guard index < directory.columns.count, directory.columns[index].storage == .codes32,
            directory.columns[index].isGrouped == isGrouped
        else { return nil }
        return try column(index).codes
    }

    /// Another line column's values at the rows that were asked for.
    func askedReference(_ index: Int) throws(StorageError) -> [Int64] {
        guard index < directory.columns.count, directory.columns[index].storage != .strings else {
            throw segment.damaged("a prediction from column \(index), which cannot serve")
        }
        return try askedColumn(index).allLanes
    }

    /// The first row of each run, and the row count.
    func runStarts() throws(StorageError) -> [Int32] {
        guard let runMap else { throw segment.damaged("a prediction from runs, and the segment has none") }
        return runMap.starts
    }

    func rowsInRun(from first: Int64, presence: Presence?) throws(StorageError) -> [Int64] {
        guard let runMap else { throw segment.damaged("a prediction from runs, and the segment has none") }
        let rows = RunKernels.rowsInRun(starts: runMap.starts, from: first)
        return presence.map { $0.compressed(rows) } ?? rows
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
    let presence: LazyPresence?
    /// Whether the column is read at some rows.
    var isAsked = false

    func askedValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? {
        guard isAsked else { return nil }
        do throws(StorageError) {
            return try decoder.askedReference(column)
        } catch {
            throw decoder.remember(error)
        }
    }

    func values(ofColumn column: Int) throws(EncodingError) -> [Int64] {
        do throws(StorageError) {
            return try decoder.reference(column, isGrouped: isGrouped, presence: presence?.value)
        } catch {
            throw decoder.remember(error)
        }
    }

    func allValues(ofColumn column: Int) throws(EncodingError) -> [Int64]? {
        do throws(StorageError) {
            return try decoder.reference(column, isGrouped: isGrouped, presence: nil)
        } catch {
            throw decoder.remember(error)
        }
    }

    func codePlaces(ofColumn column: Int) throws(EncodingError) -> CodePlaces? {
        do throws(StorageError) {
            return try decoder.codePlaces(column, isGrouped: isGrouped, presence: presence?.value)
        } catch {
            throw decoder.remember(error)
        }
    }

    func codes(ofColumn column: Int) throws(EncodingError) -> NarrowCodes? {
        guard presence == nil else { return nil }
        do throws(StorageError) {
            return try decoder.codes(column, isGrouped: isGrouped)
        } catch {
            throw decoder.remember(error)
        }
    }

    func runStarts() throws(EncodingError) -> [Int32] {
        // Runs of some rows alone are found out from the rows' numbers.
        guard presence == nil else { return RunKernels.starts(try rowsInRun(from: 0)) }
        do throws(StorageError) {
            return try decoder.runStarts()
        } catch {
            throw decoder.remember(error)
        }
    }

    func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
        do throws(StorageError) {
            return try decoder.rowsInRun(from: first, presence: presence?.value)
        } catch {
            throw decoder.remember(error)
        }
    }
}
