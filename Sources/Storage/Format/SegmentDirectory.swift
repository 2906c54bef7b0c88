import Columns
import Encodings

/// What a segment holds and where: the part of the file every reader needs first.
struct SegmentDirectory: Hashable, Sendable {
    struct Block: Hashable, Sendable {
        /// From the start of the file, a multiple of 64.
        var offset: Int
        /// A multiple of 64; the last bytes are zeros.
        var size: Int
        var checksum: UInt64
    }

    struct Column: Hashable, Sendable {
        var name: String
        var type: LogicalType
        var storage: LaneStorage
        /// One value for each run.
        var isGrouped = false
        /// All rows are present and equal, bit for bit.
        var isConstant = false
        /// nil if every row is NULL, or every row has the value the bounds name.
        var block: Int?
        /// NULL rows, not runs.
        var nullCount = 0
        /// NULL rows, or runs if grouped.
        var storedNullCount = 0
        var bounds = ZoneMap.Bounds.unknown
        /// Bytes of the present values in memory.
        var rawSize = 0
        /// Names of its encodings.
        var encodings = ""
    }

    var rowCount: Int
    /// 0 if there are no runs.
    var runCount: Int
    /// The block of the run lengths, nil if there are no runs.
    var runBlock: Int?
    var blocks: [Block]
    var columns: [Column]
    /// What is known of line columns for each run; none in files of earlier versions.
    var measures: [SegmentMeasure] = []
}

extension SegmentDirectory {
    func write(to writer: inout ByteWriter) {
        writer.appendVarint(rowCount)
        writer.appendVarint(runCount)
        writer.appendVarint(runBlock.map { $0 + 1 } ?? 0)
        writer.appendVarint(blocks.count)
        for block in blocks {
            writer.appendVarint(block.offset / SegmentFormat.alignment)
            writer.appendVarint(block.size / SegmentFormat.alignment)
            writer.append(littleEndian: block.checksum)
        }
        writer.appendVarint(columns.count)
        for column in columns { column.write(to: &writer) }
        writer.appendVarint(measures.count)
        for measure in measures { measure.write(to: &writer) }
    }

    init(_ reader: inout BlockReader, fileSize: Int) throws(EncodingError) {
        rowCount = try reader.readCount(upTo: SegmentEncoder.maximumRowCount)
        runCount = try reader.readCount(upTo: rowCount)
        let blockNumber = try reader.readCount(upTo: SegmentFormat.maximumBlockCount)
        let blockCount = try reader.readCount(upTo: SegmentFormat.maximumBlockCount)
        guard blockNumber <= blockCount else {
            throw EncodingError("run lengths in block \(blockNumber) of \(blockCount)")
        }
        runBlock = blockNumber == 0 ? nil : blockNumber - 1
        guard (runBlock == nil) == (runCount == 0) else {
            throw EncodingError("\(runCount) runs without their lengths")
        }
        blocks = []
        for _ in 0..<blockCount {
            let offset = try reader.readCount(upTo: fileSize / SegmentFormat.alignment) * SegmentFormat.alignment
            let size =
                try reader.readCount(upTo: SegmentFormat.maximumBlockSize / SegmentFormat.alignment)
                * SegmentFormat.alignment
            guard offset + size <= fileSize else { throw EncodingError("a block behind the end of the file") }
            var checksum: UInt64 = 0
            for byte in 0..<8 { checksum |= UInt64(try reader.readByte()) << UInt64(byte * 8) }
            blocks.append(Block(offset: offset, size: size, checksum: checksum))
        }
        columns = []
        for _ in 0..<(try reader.readCount(upTo: SegmentFormat.maximumColumnCount)) {
            columns.append(try Column(&reader, rowCount: rowCount, runCount: runCount, blockCount: blockCount))
        }
        // Directories without this part end here, or with zeros.
        guard reader.remaining > 0 else { return }
        let measureCount = try reader.readCount(upTo: columns.count)
        guard measureCount == 0 || runCount > 0 else { throw EncodingError("measures of runs without runs") }
        for _ in 0..<measureCount {
            measures.append(
                try SegmentMeasure(
                    &reader, columnCount: columns.count, runCount: runCount, blockCount: blockCount))
        }
    }
}

extension SegmentDirectory.Column {
    func write(to writer: inout ByteWriter) {
        writer.append(text: name)
        TypeFormat.write(type, to: &writer)
        writer.append(storage.rawValue)
        writer.append((isGrouped ? 1 : 0) | (isConstant ? 2 : 0))
        writer.appendVarint(block.map { $0 + 1 } ?? 0)
        writer.appendVarint(nullCount)
        writer.appendVarint(storedNullCount)
        bounds.write(to: &writer)
        writer.appendVarint(rawSize)
        writer.append(text: encodings)
    }

    init(_ reader: inout BlockReader, rowCount: Int, runCount: Int, blockCount: Int) throws(EncodingError) {
        name = try reader.readText()
        type = try TypeFormat.read(&reader)
        let code = try reader.readByte()
        guard let storage = LaneStorage(rawValue: code), storage.fits(type) else {
            throw EncodingError("column \"\(name)\" of type \(type.name) has storage \(code)")
        }
        self.storage = storage
        let flags = try reader.readByte()
        guard flags <= 3 else { throw EncodingError("column \"\(name)\" has flags \(flags)") }
        isGrouped = flags & 1 != 0
        isConstant = flags & 2 != 0
        let blockNumber = try reader.readCount(upTo: blockCount)
        block = blockNumber == 0 ? nil : blockNumber - 1
        nullCount = try reader.readCount(upTo: rowCount)
        storedNullCount = try reader.readCount(upTo: isGrouped ? runCount : rowCount)
        bounds = try ZoneMap.Bounds(&reader, type: type, storage: storage)
        rawSize = try reader.readCount(upTo: Int.max)
        encodings = try reader.readText()
        guard !isGrouped || runCount > 0 else { throw EncodingError("column \"\(name)\" is grouped without runs") }
        guard block != nil || nullCount == rowCount || constantLane != nil else {
            throw EncodingError("column \"\(name)\" has rows but no block")
        }
    }
}

extension SegmentDirectory.Column {
    /// The lane of every row of a constant column, if its bounds tell it.
    var constantLane: Int64? {
        guard isConstant, nullCount == 0 else { return nil }
        switch bounds {
        case .codes(let code, let highest) where code == highest: return Int64(bitPattern: code)
        case .values(let value, let highest?) where value == highest: return SegmentDirectory.Column.lane(of: value)
        default: return nil
        }
    }

    private static func lane(of value: ScalarValue) -> Int64? {
        switch value {
        case .boolean(let flag): flag ? 1 : 0
        case .integer(let number), .timestamp(let number): number
        case .numeric(let unscaled, _): Int64(exactly: unscaled)
        case .double(let number): Int64(bitPattern: number.bitPattern)
        case .date(let day): Int64(day)
        case .text, .interval, .null: nil
        }
    }
}

extension LaneStorage {
    /// Whether values of a type may lie this way.
    func fits(_ type: LogicalType) -> Bool {
        switch (self, type) {
        case (.boolean, .boolean), (.int32, .date), (.double, .double), (.int64, .integer), (.int64, .bigint): true
        case (.int64, .timestamp), (.codes32, .text), (.codes64, .text), (.strings, .text): true
        case (.int64, .numeric): !type.isWide
        case (.int128, .numeric): type.isWide
        default: false
        }
    }
}

extension ByteWriter {
    mutating func append(text: String) {
        appendVarint(text.utf8.count)
        append(contentsOf: text.utf8)
    }
}

extension BlockReader {
    mutating func readText() throws(EncodingError) -> String {
        let count = try readCount(upTo: 1 << 16)
        return String(decoding: try readBytes(count), as: UTF8.self)
    }
}
