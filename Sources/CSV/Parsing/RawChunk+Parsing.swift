import CKernels
import Columns

extension RawChunk {
    /// Reads the requested columns, with the null tokens of the reader's options.
    package func parse(_ requests: [CSVColumnRequest]) throws(CSVError) -> ParsedChunk {
        parse(try CSVParsePlan(requests: requests, nullTokens: nullTokens))
    }

    /// Reads the requested columns. Pure but for `dateForms`; may be called on any thread and more than once.
    package func parse(_ plan: CSVParsePlan) -> ParsedChunk {
        var parser = ChunkParser(chunk: self, plan: plan)
        let result = parser.parse()
        dateForms.finish(chunk: index)
        return result
    }
}

/// Reads one chunk: block by block, and in each block column by column.
private struct ChunkParser {
    private let chunk: RawChunk
    private let plan: CSVParsePlan
    private let context: ChunkContext
    /// In file order, so that the leftmost fault of a row is the one that is told.
    private let builders: [ColumnBuilder]
    private var rowOffsets: [UInt32] = []
    private var rejects: [RejectedRow] = []
    private var failedRows: [Int] = []
    private var groups: RepeatGroups?
    private var groupRuns: [RowRuns] = []
    private var everyRow = RowRuns()

    init(chunk: RawChunk, plan: CSVParsePlan) {
        self.chunk = chunk
        self.plan = plan
        context = ChunkContext(chunkIndex: chunk.index, dateForms: chunk.dateForms)
        builders = plan.requests.enumerated()
            .map { makeColumnBuilder($1, index: $0, nullTokens: plan.nullTokens, rowLimit: chunk.lineCount) }
            .sorted { ($0.request.fileColumn, $0.requestIndex) < ($1.request.fileColumn, $1.requestIndex) }
        precondition(builders.allSatisfy { (0..<chunk.columnCount).contains($0.request.fileColumn) })
    }

    mutating func parse() -> ParsedChunk {
        rowOffsets.reserveCapacity(chunk.lineCount)
        var scanner = BlockScanner(bytes: chunk.bytes, dialect: chunk.dialect, columnCount: chunk.columnCount)
        while let grid = scanner.next() {
            let firstRow = rowOffsets.count
            for row in 0..<grid.rowCount { rowOffsets.append(UInt32(truncatingIfNeeded: grid.start(row, 0))) }
            if grid.rowCount > 0 { read(grid) }
            let malformed = scanner.takeMalformed()
            collectRejects(grid, firstRow: firstRow, malformed: malformed, lineMarks: scanner.lineMarks)
        }
        let lines = LineMap(firstLine: chunk.firstLine, marks: scanner.lineMarks)
        var columns = [ParsedColumn?](repeating: nil, count: builders.count)
        for builder in builders { columns[builder.requestIndex] = builder.finish() }
        let all = ParsedChunk(
            chunk: chunk, columns: columns.compactMap { $0 }, rowOffsets: rowOffsets, rejects: rejects, lines: lines)
        return all.removing(rows: failedRows)
    }

    private mutating func read(_ grid: FieldGrid) {
        if groups == nil {
            groups = RepeatGroups(sampling: grid, columns: builders.map(\.request.fileColumn))
            groupRuns = groups!.groups.map { _ in RowRuns() }
        }
        guard let groups else { return }
        everyRow.setAll(rowCount: grid.rowCount)
        for index in groups.groups.indices { groupRuns[index].set(groups.groups[index], grid: grid) }
        for builder in builders {
            let group = groups.groupOfColumn[builder.request.fileColumn]
            builder.append(grid, group < 0 ? everyRow : groupRuns[group], context)
        }
    }

    /// Turns the failures of a block and its malformed records into rejects, in file order.
    private mutating func collectRejects(
        _ grid: FieldGrid, firstRow: Int, malformed: [MalformedRecord],
        lineMarks: [(row: Int, lineOffset: Int)]
    ) {
        var found = malformed.map { reject($0) }
        if builders.contains(where: { !$0.failures.isEmpty }) {
            let lines = LineMap(firstLine: chunk.firstLine, marks: lineMarks)
            var firstFailure: [Int: (builder: ColumnBuilder, failure: FieldFailure)] = [:]
            for builder in builders where !builder.failures.isEmpty {
                for (head, failure) in builder.failures {
                    for row in rows(ofHead: head, builder) where firstFailure[row] == nil {
                        firstFailure[row] = (builder, failure)
                    }
                }
                builder.failures.removeAll()
            }
            for row in firstFailure.keys.sorted() {
                guard let (builder, failure) = firstFailure[row] else { continue }
                failedRows.append(firstRow + row)
                let range = grid.recordRange(row)
                found.append(
                    RejectedRow(
                        line: lines.line(row: firstRow + row), column: builder.request.name,
                        fileColumn: builder.request.fileColumn, reason: failure.reason, message: failure.message,
                        raw: raw(range)))
            }
        }
        if found.isEmpty { return }
        found.sort { $0.line < $1.line }
        rejects += found
    }

    private func rows(ofHead head: Int, _ builder: ColumnBuilder) -> Range<Int> {
        let group = groups?.groupOfColumn[builder.request.fileColumn] ?? -1
        let runs = group < 0 ? everyRow : groupRuns[group]
        if runs.headOfRow.isEmpty { return head..<(head + 1) }
        let end = head + 1 < runs.heads.count ? Int(runs.heads[head + 1]) : runs.headOfRow.count
        return Int(runs.heads[head])..<end
    }

    private func reject(_ record: MalformedRecord) -> RejectedRow {
        let message =
            switch record.reason {
            case .fieldCount: "expected \(chunk.columnCount) fields, found \(record.foundFieldCount)"
            case .textAfterQuote: "unexpected text after a closing quote"
            default: "unclosed quote"
            }
        return RejectedRow(
            line: chunk.firstLine + record.lineOffset, reason: record.reason, message: message, raw: raw(record.range))
    }

    private func raw(_ range: Range<Int>) -> [UInt8] {
        RejectedRow.raw(range, in: chunk.bytes)
    }
}

private func makeColumnBuilder(
    _ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]], rowLimit: Int
) -> ColumnBuilder {
    let (fileColumn, tokens, limit) = (request.fileColumn, nullTokens, rowLimit)
    switch request.type {
    case .numeric(let precision, let scale):
        let reader = DecimalReader(precision: precision, scale: scale)
        return DecimalColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: reader)
    case .bigint, .integer:
        let isWide = request.type == .bigint
        let reader = IntegerReader(
            lowest: isWide ? .min : Int64(Int32.min), highest: isWide ? .max : Int64(Int32.max))
        return IntegerColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: reader)
    case .double:
        return DoubleColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: DoubleReader())
    case .boolean:
        return BooleanColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: BooleanReader())
    case .date:
        let reader = DateReader(fileColumn: fileColumn)
        return DateColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: reader)
    case .timestamp:
        let reader = TimestampReader(fileColumn: fileColumn)
        return TimestampColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit, reader: reader)
    case .text:
        return TextColumnBuilder(request, index: index, nullTokens: tokens, rowLimit: limit)
    case .unknown, .interval: preconditionFailure("refused by CSVParsePlan")
    }
}

/// Finds the end of one record again.
enum RecordEnd {
    /// The offset of the record's line end, a carriage return before it included in it.
    static func find(in bytes: ChunkBytes, from start: Int, dialect: CSVDialect) -> Int {
        var capacity = 4096
        while true {
            var positions = [UInt32](repeating: 0, count: capacity)
            // The chunk has the padding the scan asks for; `positions` is given with its size.
            let result = unsafe ck_scan(
                CK_LEVEL_PORTABLE, bytes.pointer, start, start + 1, bytes.count, dialect.delimiter, dialect.quote,
                &positions, capacity)
            if result.status == CK_SCAN_FULL {
                capacity *= 4
                continue
            }
            guard result.count > 0 else { return bytes.lineEnd(from: start) }
            let end = Int(positions[result.count - 1])
            return end > start && bytes[end - 1] == 0x0D ? end - 1 : end
        }
    }
}
