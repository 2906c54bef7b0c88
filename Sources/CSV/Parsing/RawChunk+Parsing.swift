import CKernels
package import Columns

extension RawChunk {
    /// Reads the requested columns, with the null tokens of the reader's options.
    package func parse(_ requests: [CSVColumnRequest]) throws(CSVError) -> ParsedChunk {
        parse(try CSVParsePlan(requests: requests, nullTokens: nullTokens))
    }

    /// Reads the requested columns by themselves, without what other chunks have taught.
    package func parse(_ plan: CSVParsePlan) -> ParsedChunk { CSVChunkParser(plan).parse(self) }
}

/// Reads chunks of one file, one after the other: block by block, and in each block column by column.
///
/// For one thread at a time; each thread has its own. The dictionaries of its text columns last from chunk to chunk, so
/// that a string is met as new once. What a chunk says does not depend on the chunks before but in how strings are numbered.
package final class CSVChunkParser {
    private let plan: CSVParsePlan
    /// In file order, so that the leftmost fault of a row is the one that is told.
    private let builders: [ColumnBuilder]
    private var tuples: [TextTuple] = []
    // While a chunk is read.
    private var rowOffsets: [UInt32] = []
    private var rejects: [RejectedRow] = []
    private var failedRows: [Int] = []
    private var groups: RepeatGroups?
    /// Those of a chunk before, for so many chunks more.
    private var lastingGroups: (groups: RepeatGroups, chunksLeft: Int)?
    private static let lastingChunkCount = 7
    private var groupRuns: [RowRuns] = []
    private var everyRow: [UInt32] = []
    /// The tuple each builder belongs to, or -1; a tuple is read with its first member.
    private var tupleOfBuilder: [Int] = []

    package init(_ plan: CSVParsePlan) {
        self.plan = plan
        builders = plan.requests.enumerated()
            .map { makeColumnBuilder($1, index: $0, nullTokens: plan.nullTokens) }
            .sorted { ($0.request.fileColumn, $0.requestIndex) < ($1.request.fileColumn, $1.requestIndex) }
    }

    /// Reads the requested columns.
    ///
    /// - Parameter formats: For each request the formats of its column's identifier domain, as far as known; empty for none.
    package func parse(_ chunk: RawChunk, formats: [[IdentifierDomain.Format]] = []) -> ParsedChunk {
        precondition(builders.allSatisfy { (0..<chunk.columnCount).contains($0.request.fileColumn) })
        begin(chunk, formats: formats)
        let context = ChunkContext(chunkIndex: chunk.index, dateForms: chunk.dateForms)
        var scanner = BlockScanner(bytes: chunk.bytes, dialect: chunk.dialect, columnCount: chunk.columnCount)
        while let grid = scanner.next() {
            let firstRow = rowOffsets.count
            grid.appendStarts(to: &rowOffsets)
            if grid.rowCount > 0 { read(grid, firstRow: firstRow, context) }
            let malformed = scanner.takeMalformed()
            collectRejects(grid, chunk, firstRow: firstRow, malformed: malformed, lineMarks: scanner.lineMarks)
        }
        chunk.dateForms.finish(chunk: chunk.index)
        let lines = LineMap(firstLine: chunk.firstLine, marks: scanner.lineMarks)
        let all = ParsedChunk(
            chunk: chunk, columns: finishColumns(chunk.dialect), rowOffsets: rowOffsets, rejects: rejects, lines: lines)
        rowOffsets = []
        return all.removing(rows: failedRows)
    }

    private func begin(_ chunk: RawChunk, formats: [[IdentifierDomain.Format]]) {
        rowOffsets = []
        rowOffsets.reserveCapacity(chunk.lineCount)
        // The columns come to lie about there.
        unsafe rowOffsets.withUnsafeBufferPointer { unsafe ck_use_large_pages($0.baseAddress) }
        rejects = []
        failedRows = []
        groups = nil
        groupRuns = []
        var isTupleKept = tuples.allSatisfy { !$0.isFull }
        for builder in builders {
            guard let text = builder as? TextColumnBuilder else {
                builder.begin(rowLimit: chunk.lineCount)
                continue
            }
            let known = text.requestIndex < formats.count ? formats[text.requestIndex] : []
            let isSame = text.begin(rowLimit: chunk.lineCount, formats: known)
            if !isSame, tuples.contains(where: { $0.members.contains { $0 === text } }) { isTupleKept = false }
        }
        if !isTupleKept {
            tuples = []
            lastingGroups = nil
        }
    }

    private func read(_ grid: FieldGrid, firstRow: Int, _ context: ChunkContext) {
        if groups == nil { arrange(grid) }
        guard let groups else { return }
        if everyRow.count > grid.rowCount { everyRow.removeLast(everyRow.count - grid.rowCount) }
        for row in everyRow.count..<grid.rowCount { everyRow.append(UInt32(truncatingIfNeeded: row)) }
        for runs in groupRuns { runs.advance(grid, firstRow: firstRow) }
        for (place, builder) in builders.enumerated() {
            if tupleOfBuilder[place] >= 0 {
                let tuple = tuples[tupleOfBuilder[place]]
                if tuple.members[0] === builder { tuple.append(grid) }
                continue
            }
            let group = groups.groupOfColumn[builder.request.fileColumn]
            builder.append(grid, group < 0 ? everyRow : groupRuns[group].heads, context)
        }
    }

    /// Decides from the chunk's first block which columns are read together, or as for a chunk not long before. That changes the
    /// speed of reading, never its result.
    private func arrange(_ grid: FieldGrid) {
        if let (known, chunksLeft) = lastingGroups, chunksLeft > 0, known.groupOfColumn.count == grid.columnCount {
            groups = known
            groupRuns = known.groups.map { RowRuns($0) }
            lastingGroups = (known, chunksLeft - 1)
            return
        }
        let found = RepeatGroups(
            sampling: grid, columns: builders.map(\.request.fileColumn), keyColumn: plan.keyColumn)
        groups = found
        groupRuns = found.groups.map { RowRuns($0) }
        lastingGroups =
            grid.rowCount >= RepeatGroups.sampledRowCount ? (found, CSVChunkParser.lastingChunkCount) : nil
        let single = builders.filter { builder in
            found.groupOfColumn[builder.request.fileColumn] < 0
                && builders.count { $0.request.fileColumn == builder.request.fileColumn } == 1
        }
        let texts = single.compactMap { ($0 as? TextColumnBuilder).flatMap { $0.isDictionary ? $0 : nil } }
        let wanted = TextTuple.find(texts, sampling: grid)
        tuples = wanted.map { tuple in
            tuples.first { $0.members.elementsEqual(tuple.members) { $0 === $1 } } ?? tuple
        }
        tupleOfBuilder = builders.map { builder in
            tuples.firstIndex { $0.members.contains { $0 === builder } } ?? -1
        }
    }

    private func finishColumns(_ dialect: CSVDialect) -> [ParsedColumn] {
        let maps = groupRuns.map { $0.map(rowCount: rowOffsets.count) }
        var columns = [ParsedColumn?](repeating: nil, count: builders.count)
        for builder in builders {
            let group = groups?.groupOfColumn[builder.request.fileColumn] ?? -1
            let (values, validity) = builder.finish()
            columns[builder.requestIndex] = ParsedColumn(
                type: builder.request.type, values: dialect.hasSwappedLineEnds ? values.withSwappedLineEnds() : values,
                validity: validity, runs: group < 0 ? nil : maps[group])
        }
        return columns.compactMap { $0 }
    }

    /// Turns the failures of a block and its malformed records into rejects, in file order.
    private func collectRejects(
        _ grid: FieldGrid, _ chunk: RawChunk, firstRow: Int, malformed: [MalformedRecord],
        lineMarks: [(row: Int, lineOffset: Int)]
    ) {
        var found = malformed.map { reject($0, chunk) }
        if builders.contains(where: { !$0.failures.isEmpty }) {
            let lines = LineMap(firstLine: chunk.firstLine, marks: lineMarks)
            var firstFailure: [Int: (builder: ColumnBuilder, failure: FieldFailure)] = [:]
            for builder in builders where !builder.failures.isEmpty {
                for (head, failure) in builder.failures {
                    for row in rows(ofHead: head, builder, rowCount: grid.rowCount) where firstFailure[row] == nil {
                        firstFailure[row] = (builder, failure)
                    }
                }
                // If the block's last run fails, what follows of it in the next block must fail by itself.
                let group = groups?.groupOfColumn[builder.request.fileColumn] ?? -1
                if group >= 0, builder.failures.contains(where: { $0.head == groupRuns[group].heads.count - 1 }) {
                    groupRuns[group].endRun()
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
                        raw: RejectedRow.raw(range, in: chunk.bytes, dialect: chunk.dialect)))
            }
        }
        if found.isEmpty { return }
        found.sort { $0.line < $1.line }
        rejects += found
    }

    private func rows(ofHead head: Int, _ builder: ColumnBuilder, rowCount: Int) -> Range<Int> {
        let group = groups?.groupOfColumn[builder.request.fileColumn] ?? -1
        if group < 0 { return head..<(head + 1) }
        let heads = groupRuns[group].heads
        return Int(heads[head])..<(head + 1 < heads.count ? Int(heads[head + 1]) : rowCount)
    }

    private func reject(_ record: MalformedRecord, _ chunk: RawChunk) -> RejectedRow {
        let message =
            switch record.reason {
            case .fieldCount: "expected \(chunk.columnCount) fields, found \(record.foundFieldCount)"
            case .fieldTooLong: "a quoted field of more than \(CK_QUOTED_FIELD_LIMIT >> 20) MiB"
            case .textAfterQuote: "unexpected text after a closing quote"
            case .carriageReturn: "a carriage return that ends no line; quote the field"
            default: "unclosed quote"
            }
        return RejectedRow(
            line: chunk.firstLine + record.lineOffset, reason: record.reason, message: message,
            raw: RejectedRow.raw(record.range, in: chunk.bytes, dialect: chunk.dialect))
    }
}

private func makeColumnBuilder(
    _ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]]
) -> ColumnBuilder {
    let (fileColumn, tokens) = (request.fileColumn, nullTokens)
    switch request.type {
    case .numeric(let precision, let scale):
        let reader = DecimalReader(precision: precision, scale: scale)
        return DecimalColumnBuilder(request, index: index, nullTokens: tokens, reader: reader)
    case .bigint, .integer:
        let isWide = request.type == .bigint
        let reader = IntegerReader(
            lowest: isWide ? .min : Int64(Int32.min), highest: isWide ? .max : Int64(Int32.max))
        return IntegerColumnBuilder(request, index: index, nullTokens: tokens, reader: reader)
    case .double:
        return DoubleColumnBuilder(request, index: index, nullTokens: tokens, reader: DoubleReader())
    case .boolean:
        return BooleanColumnBuilder(request, index: index, nullTokens: tokens, reader: BooleanReader())
    case .date:
        let reader = DateReader(fileColumn: fileColumn)
        return DateColumnBuilder(request, index: index, nullTokens: tokens, reader: reader)
    case .timestamp:
        let reader = TimestampReader(fileColumn: fileColumn)
        return TimestampColumnBuilder(request, index: index, nullTokens: tokens, reader: reader)
    case .text:
        return TextColumnBuilder(request, index: index, nullTokens: tokens)
    case .unknown, .interval, .array, .moment: preconditionFailure("refused by CSVParsePlan")
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
