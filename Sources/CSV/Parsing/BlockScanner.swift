import CKernels

/// Fields of the well-formed records of one block of a chunk, by offsets: row × column → bytes.
///
/// Valid until the scanner moves on to its next block.
@safe
struct FieldGrid {
    let bytes: ChunkBytes
    let rowCount: Int
    let columnCount: Int
    /// Whether a field may be quoted.
    let mayHaveQuotes: Bool
    /// Whether a quoted field may hold quotes, each of them two.
    let mayHaveDoubledQuotes: Bool
    let quote: UInt8
    private let ends: UnsafePointer<UInt32>
    private let starts: UnsafePointer<UInt32>

    /// - Parameters:
    ///   - ends: `rowCount * columnCount` field ends.
    ///   - starts: `rowCount` record starts.
    init(
        bytes: ChunkBytes, rowCount: Int, columnCount: Int, mayHaveQuotes: Bool, mayHaveDoubledQuotes: Bool, quote: UInt8,
        ends: UnsafePointer<UInt32>, starts: UnsafePointer<UInt32>
    ) {
        self.bytes = bytes
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.mayHaveQuotes = mayHaveQuotes
        self.mayHaveDoubledQuotes = mayHaveDoubledQuotes
        self.quote = quote
        unsafe self.ends = ends
        unsafe self.starts = starts
    }

    @inline(__always)
    func start(_ row: Int, _ column: Int) -> Int {
        assert(row < rowCount && column < columnCount)
        return column == 0
            ? unsafe Int(starts[row]) : unsafe Int(ends[row &* columnCount &+ column &- 1]) &+ 1
    }

    @inline(__always)
    func end(_ row: Int, _ column: Int) -> Int {
        assert(row < rowCount && column < columnCount)
        return unsafe Int(ends[row &* columnCount &+ column])
    }

    /// Writes the rows at which the bytes from the first to the last of some columns differ from the row before; returns how
    /// many there are.
    ///
    /// - Parameters:
    ///   - before: Where these bytes lie for the row before the block; nil makes the first row one of them.
    ///   - heads: At least as long as the block has rows.
    func runHeads(_ columns: ClosedRange<Int>, after before: Range<Int>?, into heads: inout [UInt32]) -> Int {
        precondition(heads.count >= rowCount && columns.upperBound < columnCount)
        // `ends` and `starts` hold the block's rows, and `heads` has room for all of them; offsets lie in the chunk.
        return unsafe ck_run_heads(
            ck_level(), bytes.pointer, starts, ends, columnCount, columns.lowerBound, columns.upperBound, rowCount,
            before?.lowerBound ?? -1, before?.upperBound ?? -1, &heads)
    }

    /// Appends the start of each row's record.
    func appendStarts(to offsets: inout [UInt32]) {
        // `starts` holds the block's rows.
        unsafe offsets.append(contentsOf: UnsafeBufferPointer(start: starts, count: rowCount))
    }

    /// Reads decimals of plain form from `rows[first]` on into `values[base + first]` and on, up to the first field of another
    /// form; returns the index behind the last row read.
    ///
    /// - Parameters:
    ///   - scale: Decimals of a value; below 0 no point is allowed.
    ///   - limits: The largest magnitude before it is multiplied by 10^n, for each n; `CK_DECIMAL_POWERS` of them.
    ///   - mask: Takes 0 for empty fields; if it is empty, reading stops at the first of them.
    func readDecimals(
        _ column: Int, _ rows: Span<UInt32>, from first: Int, scale: Int, limits: [UInt64],
        into values: inout MutableSpan<Int64>, at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(limits.count == CK_DECIMAL_POWERS)
        return unsafe readPlain(rows, from: first, into: &values, at: base, &mask) { rows, count, values, mask in
            // `limits` is as long as the kernel reads it, as checked above.
            unsafe ck_decimals(
                ck_level(), bytes.pointer, starts, ends, columnCount, column, rows, count, quoteOfKernel, Int32(scale), limits,
                values, mask)
        }
    }

    /// As `readDecimals`, for `yyyy-mm-dd hh:mm:ss`.
    func readTimestamps(
        _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int64>, at base: Int,
        _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        unsafe readPlain(rows, from: first, into: &values, at: base, &mask) { rows, count, values, mask in
            unsafe ck_timestamps(
                ck_level(), bytes.pointer, starts, ends, columnCount, column, rows, count, quoteOfKernel, values, mask)
        }
    }

    /// As `readDecimals`, for `yyyy-mm-dd`.
    func readDates(
        _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int32>, at base: Int,
        _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        unsafe readPlain(rows, from: first, into: &values, at: base, &mask) { rows, count, values, mask in
            unsafe ck_dates(
                ck_level(), bytes.pointer, starts, ends, columnCount, column, rows, count, quoteOfKernel, values, mask)
        }
    }

    /// As `readDecimals`, for identifiers of one format.
    func readIdentifiers(
        _ column: Int, _ rows: Span<UInt32>, from first: Int, format: ck_identifier_format,
        into codes: inout MutableSpan<UInt64>, at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        var format = format
        return unsafe readPlain(rows, from: first, into: &codes, at: base, &mask) { rows, count, codes, mask in
            unsafe ck_identifiers(
                ck_level(), bytes.pointer, starts, ends, columnCount, column, rows, count, quoteOfKernel, &format, codes, mask)
        }
    }

    /// Hashes some columns as one text; see `FieldLookups`.
    ///
    /// - Parameter rows: Those to read, nil for all.
    func hash(_ columns: ClosedRange<Int>, rows: Span<UInt32>?, into fields: inout [UInt64], _ hashes: inout [UInt64]) {
        let count = rows?.count ?? rowCount
        precondition(fields.count >= count && hashes.count >= count && columns.upperBound < columnCount)
        guard let rows else {
            unsafe ck_hash_fields(
                ck_level(), bytes.pointer, starts, ends, columnCount, columns.lowerBound, columns.upperBound, nil, count,
                &fields, &hashes)
            return
        }
        // Rows lie below `rowCount`; there is room for all of them, as checked above.
        unsafe rows.withUnsafeBufferPointer { rows in
            unsafe ck_hash_fields(
                ck_level(), bytes.pointer, starts, ends, columnCount, columns.lowerBound, columns.upperBound,
                rows.baseAddress, count, &fields, &hashes)
        }
    }

    /// Reads fields of one or two bytes by a table of their codes; see `ck_short_strings`.
    func readShortStrings(
        _ column: Int, _ rows: Span<UInt32>, from first: Int, table: [UInt32], into codes: inout MutableSpan<UInt32>, at base: Int
    ) -> Int {
        precondition(table.count == 1 << 14)
        var none: [UInt8] = []
        var mask = none.mutableSpan
        return unsafe readPlain(rows, from: first, into: &codes, at: base, &mask) { rows, count, codes, _ in
            unsafe ck_short_strings(bytes.pointer, starts, ends, columnCount, column, rows, count, table, codes)
        }
    }

    private var quoteOfKernel: Int32 { mayHaveQuotes ? Int32(quote) : CK_NO_QUOTE }

    @inline(__always)
    private func readPlain<Value>(
        _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Value>, at base: Int,
        _ mask: inout MutableSpan<UInt8>,
        _ kernel: (UnsafePointer<UInt32>, Int, UnsafeMutablePointer<Value>, UnsafeMutablePointer<UInt8>?) -> Int
    ) -> Int {
        precondition(base + rows.count <= values.count && (mask.isEmpty || base + rows.count <= mask.count))
        guard first < rows.count else { return first }
        // Rows lie below `rowCount`; values and mask have room for all of them, as checked above.
        return unsafe rows.withUnsafeBufferPointer { rowBuffer in
            unsafe values.withUnsafeMutableBufferPointer { valueBuffer in
                unsafe mask.withUnsafeMutableBufferPointer { maskBuffer in
                    let target = unsafe maskBuffer.isEmpty ? nil : maskBuffer.baseAddress.map { unsafe $0 + base + first }
                    return unsafe first
                        + kernel(
                            rowBuffer.baseAddress! + first, rowBuffer.count - first,
                            valueBuffer.baseAddress! + base + first, target)
                }
            }
        }
    }

    func recordRange(_ row: Int) -> Range<Int> { start(row, 0)..<end(row, columnCount - 1) }
}

/// A record that has no fields to read.
struct MalformedRecord {
    var range: Range<Int>
    /// Line feeds before it in the chunk.
    var lineOffset: Int
    var reason: RejectReason
    var foundFieldCount = 0
}

/// Walks over a chunk block by block: structure first, then rows of the right number of fields.
///
/// A block is small enough for its bytes and offsets to stay in the processor's cache while the columns are read.
@safe
struct BlockScanner: ~Copyable {
    static let blockSize = 256 << 10
    private let bytes: ChunkBytes
    private let dialect: CSVDialect
    private let columnCount: Int
    private let level = ck_best_level()
    private var positions: UnsafeMutablePointer<UInt32>
    private var capacity: Int
    private var starts: UnsafeMutablePointer<UInt32>
    private var startCapacity: Int
    private var offset = 0
    private var lineOffset = 0
    private var rowsBefore = 0
    private(set) var malformed: [MalformedRecord] = []
    /// Rows at which the line number is not that of the row before plus one: row of the chunk, line feeds before it.
    private(set) var lineMarks: [(row: Int, lineOffset: Int)] = [(0, 0)]

    init(bytes: ChunkBytes, dialect: CSVDialect, columnCount: Int) {
        self.bytes = bytes
        self.dialect = dialect
        self.columnCount = columnCount
        capacity = BlockScanner.blockSize + 128
        startCapacity = 4096
        unsafe positions = .allocate(capacity: capacity)
        unsafe starts = .allocate(capacity: startCapacity)
    }

    deinit {
        unsafe positions.deallocate()
        unsafe starts.deallocate()
    }

    /// The malformed records met since the last call.
    mutating func takeMalformed() -> [MalformedRecord] {
        defer { malformed.removeAll(keepingCapacity: true) }
        return malformed
    }

    /// The rows of the next block, maybe none; nil at the chunk's end.
    mutating func next() -> FieldGrid? {
        guard offset < bytes.count else { return nil }
        let result = unsafe ck_scan(
            level, bytes.pointer, offset, min(offset + BlockScanner.blockSize, bytes.count), bytes.count,
            dialect.delimiter, dialect.quote, positions, capacity)
        let recordCount = result.record_count
        if recordCount + 1 > startCapacity { growStarts(to: recordCount * 2) }
        let isRegular = columnCount > 1 && result.quoted_newline_count == 0 && result.count == recordCount * columnCount
        let rowCount = isRegular ? regularRows(recordCount) ?? irregularRows(result) : irregularRows(result)
        offset = result.end
        switch result.status {
        case CK_SCAN_TEXT_AFTER_QUOTE: discard(upTo: result.record_end, reason: .textAfterQuote)
        case CK_SCAN_UNCLOSED_QUOTE:
            let end = bytes.lineEnd(from: offset)
            discard(upTo: end + 1, reason: hasLongField(offset..<end) ? .fieldTooLong : .unclosedQuote)
        case CK_SCAN_FULL where result.count == 0: growPositions()
        default: break
        }
        rowsBefore += rowCount
        return unsafe FieldGrid(
            bytes: bytes, rowCount: rowCount, columnCount: columnCount, mayHaveQuotes: result.saw_quote != 0,
            mayHaveDoubledQuotes: result.saw_doubled_quote != 0, quote: dialect.quote, ends: positions, starts: starts)
    }

    /// Takes the positions as rows if every `columnCount`-th of them ends a record; nil if not.
    private mutating func regularRows(_ rowCount: Int) -> Int? {
        var start = offset
        for row in 0..<rowCount {
            // row * columnCount + columnCount - 1 < result.count, by the caller's check.
            let end = unsafe Int(positions[row &* columnCount &+ columnCount &- 1])
            guard bytes[end] == 0x0A else {
                undoCarriageReturns(rows: row)
                return nil
            }
            unsafe starts[row] = UInt32(truncatingIfNeeded: start)
            start = end &+ 1
            if bytes[end &- 1] == 0x0D {
                unsafe positions[row &* columnCount &+ columnCount &- 1] = UInt32(truncatingIfNeeded: end &- 1)
            }
        }
        mark(row: rowsBefore)
        lineOffset += rowCount
        return rowCount
    }

    private mutating func undoCarriageReturns(rows: Int) {
        for row in 0..<rows {
            let index = row * columnCount + columnCount - 1
            if unsafe bytes[Int(positions[index])] == 0x0D { unsafe positions[index] += 1 }
        }
    }

    /// Sorts records one by one: rows move to the front of the positions, others are noted as malformed.
    private mutating func irregularRows(_ result: ck_scan_result) -> Int {
        var rowCount = 0
        var kept = 0
        var first = 0
        var start = offset
        for index in 0..<result.count {
            // Every index is below result.count <= capacity; kept <= index.
            let end = unsafe Int(positions[index])
            guard bytes[end] == 0x0A else { continue }
            let fieldCount = index - first + 1
            let lineCount = result.quoted_newline_count == 0 ? 1 : bytes.lineFeedCount(start..<(end + 1))
            let contentEnd = end > start && bytes[end - 1] == 0x0D ? end - 1 : end
            if contentEnd == start && columnCount > 1 {
                // A blank line is no record, but the one field of a column alone.
            } else if columnCount == 1, fieldCount == 1, hasLoneCarriageReturn(start..<contentEnd) {
                malformed.append(
                    MalformedRecord(range: start..<contentEnd, lineOffset: lineOffset, reason: .carriageReturn))
            } else if fieldCount != columnCount {
                malformed.append(
                    MalformedRecord(
                        range: start..<contentEnd, lineOffset: lineOffset, reason: .fieldCount,
                        foundFieldCount: fieldCount))
            } else {
                for field in 0..<columnCount { unsafe positions[kept + field] = positions[first + field] }
                unsafe positions[kept + columnCount - 1] = UInt32(contentEnd)
                kept += columnCount
                unsafe starts[rowCount] = UInt32(start)
                mark(row: rowsBefore + rowCount)
                rowCount += 1
            }
            lineOffset += lineCount
            start = end + 1
            first = index + 1
        }
        return rowCount
    }

    /// Whether a field has a CR outside of quotes: in a column alone two lines of it would become one.
    private func hasLoneCarriageReturn(_ range: Range<Int>) -> Bool {
        guard let first = range.first, bytes[first] != dialect.quote else { return false }
        return range.contains { bytes[$0] == 0x0D }
    }

    private mutating func mark(row: Int) {
        let last = lineMarks[lineMarks.count - 1]
        if row - last.row != lineOffset - last.lineOffset { lineMarks.append((row, lineOffset)) }
    }

    /// Whether a quoted field of a line is closed, but beyond the limit up to which a quote is taken for one that will be.
    private func hasLongField(_ line: Range<Int>) -> Bool {
        let limit = Int(CK_QUOTED_FIELD_LIMIT)
        guard line.count > limit else { return false }
        var start = line.lowerBound
        while start < line.upperBound {
            var position = start
            if bytes[start] == dialect.quote {
                position += 1
                while position < line.upperBound {
                    if bytes[position] == dialect.quote {
                        guard position + 1 < line.upperBound, bytes[position + 1] == dialect.quote else { break }
                        position += 1
                    }
                    position += 1
                }
                if position >= line.upperBound { return false }
                if position - start > limit { return true }
            }
            while position < line.upperBound, bytes[position] != dialect.delimiter { position += 1 }
            start = position + 1
        }
        return false
    }

    private mutating func discard(upTo end: Int, reason: RejectReason) {
        var contentEnd = min(end, bytes.count) - 1
        if contentEnd > offset, bytes[contentEnd - 1] == 0x0D { contentEnd -= 1 }
        malformed.append(
            MalformedRecord(range: offset..<max(offset, contentEnd), lineOffset: lineOffset, reason: reason))
        lineOffset += bytes.lineFeedCount(offset..<min(end, bytes.count))
        offset = min(end, bytes.count)
    }

    private mutating func growPositions() {
        capacity *= 2
        unsafe positions.deallocate()
        unsafe positions = .allocate(capacity: capacity)
    }

    private mutating func growStarts(to count: Int) {
        startCapacity = count
        unsafe starts.deallocate()
        unsafe starts = .allocate(capacity: count)
    }
}
