package import Columns
import Diagnostics
import Encodings
import Synchronization

/// One segment file of a table, opened on first use.
package final class SegmentSnapshot: Sendable {
    /// `00000042-0001.seg`.
    package let fileName: String
    package let size: Int
    package let rowCount: Int
    /// SHA-256 of the file, 64 hexadecimal digits.
    package let sha256: String
    /// Smallest and largest time of the column the writer named, microseconds; nil if it named none.
    package let timeRange: ClosedRange<Int64>?

    private let timeColumn: Int?
    /// The checksum its trailer must have.
    let checksum: UInt64?
    let storePath: String
    let fileSystem: any FileSystem
    private let cache = Mutex(Cache())

    private struct Cache {
        var directory: SegmentDirectory?
        var runMap: RunMap?
        /// Blocks whose checksum held once in this process.
        var checkedBlocks: [Bool] = []
    }

    /// - Parameter timeColumn: The column whose range the record tells.
    init(_ record: SegmentRecord, timeColumn: Int? = nil, storePath: String, fileSystem: any FileSystem) {
        fileName = record.fileName
        size = record.size
        rowCount = record.rowCount
        sha256 = record.sha256
        timeRange = record.timeRange
        self.timeColumn = timeColumn
        checksum = record.checksum
        self.storePath = storePath
        self.fileSystem = fileSystem
    }

    /// The file inside the store.
    var relativePath: String { "segments/" + fileName }

    func damaged(_ message: String, block: Int? = nil, column: String? = nil) -> StorageError {
        .damaged(message, file: relativePath, block: block, column: column)
    }

    func directory() throws(StorageError) -> SegmentDirectory {
        if let known = cache.withLock({ $0.directory }) { return known }
        return try directory(SegmentFile(self))
    }

    func directory(_ file: SegmentFile) throws(StorageError) -> SegmentDirectory {
        if let known = cache.withLock({ $0.directory }) { return known }
        let directory = try file.readDirectory()
        return cache.withLock { cache in
            if cache.directory == nil {
                cache.directory = directory
                cache.checkedBlocks = [Bool](repeating: false, count: directory.blocks.count)
            }
            return directory
        }
    }

    /// The runs, the same object on every call.
    func runMap(_ file: SegmentFile, _ directory: SegmentDirectory) throws(StorageError) -> RunMap? {
        guard let block = directory.runBlock else { return nil }
        if let known = cache.withLock({ $0.runMap }) { return known }
        var reader = try readBlock(file, directory, block, column: nil)
        let lengths: [Int64]
        do throws(EncodingError) {
            let context = DecodingContext(references: NoReferences())
            lengths = try EncodingChooser.decode(&reader, count: directory.runCount, context: context)
        } catch {
            throw damaged("run lengths: " + error.message, block: block)
        }
        var starts = [Int32](repeating: 0, count: lengths.count + 1)
        var row: Int64 = 0
        for run in 0..<lengths.count {
            guard lengths[run] > 0, lengths[run] <= Int64(rowCount) - row else {
                throw damaged("an empty run, or runs of more than the segment's \(rowCount) rows", block: block)
            }
            row += lengths[run]
            starts[run + 1] = Int32(row)
        }
        guard row == Int64(rowCount) else { throw damaged("runs of \(row) rows, \(rowCount) expected", block: block) }
        let map = RunMap(starts: starts)
        return cache.withLock { cache in
            if cache.runMap == nil { cache.runMap = map }
            return cache.runMap
        }
    }

    /// The runs of the segment, the same object as `readSegment` gives; nil if it has none.
    package func runMap() throws(StorageError) -> RunMap? {
        guard try directory().runBlock != nil else { return nil }
        if let known = cache.withLock({ $0.runMap }) { return known }
        let file = try SegmentFile(self)
        return try runMap(file, try directory(file))
    }

    /// Reads a block and checks it, once for each block and process.
    func readBlock(
        _ file: SegmentFile, _ directory: SegmentDirectory, _ index: Int, column: String?
    ) throws(StorageError) -> BlockReader {
        let block = directory.blocks[index]
        let words = try file.read(offset: block.offset, size: block.size)
        if !cache.withLock({ $0.checkedBlocks[index] }) {
            let found = Checksum.block(words: words, byteCount: block.size)
            guard found == block.checksum else {
                throw damaged(
                    "checksum 0x\(String(found, radix: 16)), stored 0x\(String(block.checksum, radix: 16))",
                    block: index,
                    column: column)
            }
            cache.withLock { $0.checkedBlocks[index] = true }
        }
        return BlockReader(words: words, byteCount: block.size)
    }
}

extension SegmentSnapshot {
    /// What a column of the table holds at most in this segment. Reads the segment's directory on first use.
    package func zoneMap(_ column: Int) throws(StorageError) -> ZoneMap {
        let directory = try directory()
        // A column added to the table later is NULL here.
        guard column < directory.columns.count else { return ZoneMap(nullCount: rowCount, bounds: .empty) }
        return ZoneMap(nullCount: directory.columns[column].nullCount, bounds: directory.columns[column].bounds)
    }

    /// Whether the column has one value in every run: stored so, or the same on all rows.
    package func isConstantInRuns(_ column: Int) throws(StorageError) -> Bool {
        let directory = try directory()
        guard column < directory.columns.count else { return true }
        let entry = directory.columns[column]
        return entry.isGrouped || entry.isConstant || entry.nullCount == rowCount
    }

    /// False only if no row has a value of the column in `minimum...maximum` (nil: open on that side). NULL rows never
    /// count. Bounds of another type than the column's answer true, as do ranges of coded text; see `mightContain(_:code:)`.
    package func mightContain(
        _ column: Int, minimum: ScalarValue?, maximum: ScalarValue?
    ) throws(StorageError) -> Bool {
        // Known from the manifest: a segment of another time is not even opened.
        if let timeRange, column == timeColumn {
            return SegmentSnapshot.overlaps(
                .timestamp(timeRange.lowerBound), .timestamp(timeRange.upperBound), minimum, maximum)
        }
        switch try zoneMap(column).bounds {
        case .empty: return false
        case .codes, .unknown: return true
        case .values(let low, let high): return SegmentSnapshot.overlaps(low, high, minimum, maximum)
        }
    }

    private static func overlaps(
        _ low: ScalarValue, _ high: ScalarValue?, _ minimum: ScalarValue?, _ maximum: ScalarValue?
    ) -> Bool {
        if let maximum, let order = ZoneMap.compare(low, maximum), order > 0 { return false }
        if let minimum, let high, let order = ZoneMap.compare(high, minimum), order < 0 { return false }
        return true
    }

    /// False only if no row has this code of the table's dictionary or identifier domain.
    package func mightContain(_ column: Int, code: UInt64) throws(StorageError) -> Bool {
        switch try zoneMap(column).bounds {
        case .empty: false
        case .codes(let low, let high): (low...max(low, high)).contains(code)
        case .values, .unknown: true
        }
    }
}
