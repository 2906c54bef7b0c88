import CSV
import Columns
import Diagnostics
import Execution
import Storage
import Synchronization

/// Loads the chunks of one file into a transaction, on all workers.
///
/// Each worker takes a chunk, parses and translates it; then, in the order of the chunks, gives its strings their codes and
/// looks for repeated keys; then encodes its segment, which one more thread writes. Only the middle step is one at a time, so the store's
/// bytes do not depend on the number of workers.
final class IngestRun: Sendable {
    private let reader: CSVReader
    private let plan: IngestPlan
    private let parsePlan: CSVParsePlan
    /// For each column of the plan its place among the requests.
    private let requestOfColumn: [Int?]
    private let target: any IngestTarget
    private let options: IngestOptions
    private let isCancelled: @Sendable () -> Bool
    private let sourceName: String
    private let turnstile = Turnstile()
    private let state: Mutex<SequenceState>
    /// How the columns of the batch's first segments were encoded, for those behind them.
    private let leadingPlans = LeadingPlans()
    private let failure = Mutex<(any Error)?>(nil)

    /// - Parameters:
    ///   - stored: The table as it is stored, for the keys it has; nil for none.
    ///   - shownRejectLimit: Rejected rows that the result lists.
    init(
        reader: CSVReader, plan: IngestPlan, target: any IngestTarget, stored: TableSnapshot?, options: IngestOptions,
        sourceName: String, shownRejectLimit: Int = SequenceState.shownRejectLimit,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws {
        self.reader = reader
        self.plan = plan
        self.target = target
        self.options = options
        self.sourceName = sourceName
        self.isCancelled = isCancelled
        var requests: [CSVColumnRequest] = []
        var requestOfColumn: [Int?] = []
        for column in plan.columns {
            guard let fileIndex = column.fileIndex else {
                requestOfColumn.append(nil)
                continue
            }
            requestOfColumn.append(requests.count)
            requests.append(
                CSVColumnRequest(
                    fileColumn: fileIndex, name: column.field.name, type: column.field.type,
                    isRequired: column.isRequired, rejectsScientificNotation: column.rejectsScientificNotation))
        }
        parsePlan = try CSVParsePlan(
            requests: requests, nullTokens: options.csv.nullTokens,
            keyColumn: plan.groupKeyColumn.flatMap { plan.columns[$0].fileIndex })
        self.requestOfColumn = requestOfColumn
        let keys = StoredKeyGuard(table: plan.replacesTable ? nil : stored, keyColumns: plan.keyColumns)
        state = Mutex(
            SequenceState(plan: plan, sourceName: sourceName, keys: keys, shownRejectLimit: shownRejectLimit))
    }

    /// Loads everything; the transaction is left to be committed or aborted.
    func run(workerCount: Int) throws -> SequenceState {
        let queue = SegmentQueue(limit: workerCount, producers: workerCount)
        let backlogLimit = max(1, IngestRun.sharedBacklogLimit / workerCount)
        WorkerThreads.run(count: workerCount + 1) { index in
            // The caller's own thread writes: a worker whose thread cannot be started runs on it before.
            if index > 0 { self.work(queue, backlogLimit: backlogLimit) } else { self.write(queue) }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return state.withLock { $0 }
    }

    /// Chunks that all workers together keep until the plans of the first segments are there.
    private static let sharedBacklogLimit = 16

    private func work(_ queue: SegmentQueue, backlogLimit: Int) {
        defer { queue.producerEnded() }
        do {
            var worker = IngestWorker(parsePlan, plan)
            var backlog: [EncodableChunk] = []
            while let raw = try reader.nextChunk() {
                if isCancelled() { throw Diagnostic(.interrupted, "interrupted") }
                guard case .taken(let chunk) = try sequence(consume raw, &worker) else { return }
                if let chunk, !target.takes(chunk, worker.strings, plan: plan) {
                    backlog.append(encodable(chunk, worker))
                    try store(&backlog, upTo: backlogLimit, queue)
                }
                for index in worker.strings.indices { worker.strings[index].release() }
                options.progress?(reader.diskByteCount, state.withLock { $0.loaded })
            }
            try store(&backlog, upTo: 0, queue)
        } catch {
            stop(error, queue)
        }
    }

    private enum Turn {
        /// What the chunk has become; nil for no rows.
        case taken(SequencedChunk?)
        /// The load has failed meanwhile.
        case refused
    }

    /// Parses a chunk and gives its strings their codes, when it is its turn.
    ///
    /// The chunk's bytes go back to the reader with it, before its segment is encoded: by then the next chunk may use their memory.
    @inline(never)
    private func sequence(_ raw: consuming RawChunk, _ worker: inout IngestWorker) throws -> Turn {
        let place = raw.index
        let parsed = worker.parser.parse(raw, formats: try identifierFormats())
        let prepared = prepare(parsed, &worker)
        guard turnstile.enter(place) else { return .refused }
        let chunk = try state.withLock { state in
            try state.sequence(prepared.chunk, target: target, strings: &worker.strings) { row in
                let kept = prepared.rows.map { Int($0[row]) } ?? row
                return (parsed.line(row: kept), parsed.rawText(row: kept))
            }
        }
        turnstile.leave()
        return .taken(chunk)
    }

    /// Writes what the workers have encoded, so that they need not wait for the disk.
    private func write(_ queue: SegmentQueue) {
        do {
            while let (segment, order) = queue.take() { try target.add(segment, to: plan.table, order: order) }
        } catch {
            stop(error, queue)
        }
    }

    private func stop(_ error: any Error, _ queue: SegmentQueue) {
        failure.withLock { if $0 == nil { $0 = error } }
        queue.stop()
        turnstile.stop()
        leadingPlans.stop()
    }

    /// For each request the formats its column's identifiers are known to have by now.
    private func identifierFormats() throws -> [[IdentifierDomain.Format]] {
        var formats: [[IdentifierDomain.Format]] = []
        for (index, column) in plan.columns.enumerated() where requestOfColumn[index] != nil {
            let isPlainText = column.field.type == .text && column.translate == nil && plan.rowCheck == nil
            formats.append(
                isPlainText ? try target.identifierFormats(of: index, in: plan.table) : [])
        }
        return formats
    }

    /// Translates a parsed chunk; `rows` names the parsed rows that are left if a row check removed some.
    private func prepare(_ parsed: ParsedChunk, _ worker: inout IngestWorker) -> (chunk: PreparedChunk, rows: [Int32]?) {
        var columns = plan.columns.indices.map { index in
            guard let request = requestOfColumn[index] else {
                let constant = plan.columns[index].constant
                if case .text(let text) = constant { worker.strings[index].take(constant: text) }
                return ChunkColumn(constant, rowCount: parsed.rowCount)
            }
            var column = ChunkColumn(parsed.columns[request])
            worker.strings[index].take(parsed.columns[request], into: &column)
            return column
        }
        var rejects = parsed.rejects.map {
            IngestReject(line: $0.line, column: $0.column, reason: $0.reason.rawValue, message: $0.message, raw: $0.raw)
        }
        let recordCount = parsed.rowCount + rejects.count
        var kept = rejectBlankCodes(parsed, &columns, &rejects)
        if let check = plan.rowCheck {
            var passing: [Int32] = []
            let rowCount = kept?.count ?? parsed.rowCount
            columns = columns.map { $0.expanded() }
            for row in 0..<rowCount {
                let texts = columns.indices.map { columns[$0].text(at: row, worker.strings[$0]) }
                guard let problem = check(texts) else {
                    passing.append(Int32(row))
                    continue
                }
                let parsedRow = kept.map { Int($0[row]) } ?? row
                rejects.append(
                    IngestReject(
                        line: parsed.line(row: parsedRow), column: plan.columns[problem.column].field.name,
                        reason: "invalid_value", message: problem.reason, raw: parsed.rawText(row: parsedRow)))
            }
            if passing.count < rowCount {
                columns = columns.selecting(passing)
                kept = kept.map { gather($0, passing) } ?? passing
            }
        }
        rejects.sort { $0.line < $1.line }
        let chunk = PreparedChunk(
            columns: columns, rowCount: kept?.count ?? parsed.rowCount, recordCount: recordCount, rejects: rejects)
        return (chunk, kept)
    }

    /// Takes out the rows whose value in a required column is blank and so became NULL with its translation.
    private func rejectBlankCodes(
        _ parsed: ParsedChunk, _ columns: inout [ChunkColumn], _ rejects: inout [IngestReject]
    ) -> [Int32]? {
        var isBlank: [UInt8] = []
        for (index, column) in plan.columns.enumerated() where column.isRequired && column.translate != nil {
            guard case .mask = columns[index].validity, case .mask(let mask) = columns[index].expanded().validity else {
                continue
            }
            if isBlank.isEmpty { isBlank = [UInt8](repeating: 0, count: parsed.rowCount) }
            for row in 0..<parsed.rowCount where mask[row] == 0 && isBlank[row] == 0 {
                isBlank[row] = 1
                rejects.append(
                    IngestReject(
                        line: parsed.line(row: row), column: column.field.name, reason: RejectReason.missingValue.rawValue,
                        message: "missing value in required column \(column.field.name)", raw: parsed.rawText(row: row)))
            }
        }
        guard !isBlank.isEmpty else { return nil }
        let kept = (0..<Int32(parsed.rowCount)).filter { isBlank[Int($0)] == 0 }
        columns = columns.selecting(kept)
        return kept
    }

    /// The columns with the table's codes, which need nothing of the worker any more.
    private func encodable(_ chunk: SequencedChunk, _ worker: IngestWorker) -> EncodableChunk {
        let columns = chunk.columns.indices.map { index in
            chunk.columns[index].encodable(
                worker.strings[index], exceptions: chunk.exceptions[index], type: plan.columns[index].field.type)
        }
        return EncodableChunk(columns: columns, rowCount: chunk.rowCount, order: chunk.order)
    }

    /// Encodes what has been waiting if the plans for it are there; waits for them if more than `limit` chunks are waiting.
    /// A worker that need not wait for a plan reads on meanwhile: the first segment takes as long as several others.
    private func store(_ backlog: inout [EncodableChunk], upTo limit: Int, _ queue: SegmentQueue) throws {
        while let next = backlog.indices.min(by: { backlog[$0].order < backlog[$1].order }) {
            let order = backlog[next].order
            guard let known = leadingPlans.plan(for: order, waits: backlog.count > limit) else { return }
            let segment = try encode(backlog.remove(at: next), plan: known)
            leadingPlans.add(segment.plan, order: order)
            try handOver(segment, order: order, queue)
        }
    }

    private func encode(_ chunk: EncodableChunk, plan known: SegmentPlan?) throws -> EncodedSegment {
        try SegmentEncoder.encode(
            schema: plan.schema, columns: chunk.columns, rowCount: chunk.rowCount, groupKeyColumn: plan.groupKeyColumn,
            timeColumn: plan.timeColumn, measureColumns: plan.measureColumns, plan: known)
    }

    private func handOver(_ segment: EncodedSegment, order: Int, _ queue: SegmentQueue) throws {
        if !queue.offer(segment, order: order) { try target.add(segment, to: plan.table, order: order) }
    }
}

/// A sequenced chunk as its segment stores it.
private struct EncodableChunk {
    var columns: [EncodableColumn]
    var rowCount: Int
    /// Place among the segments of the batch.
    var order: Int
}

extension ChunkColumn {
    /// The text of a row of a text column with a value for each row, nil for NULL and for other types.
    func text(at row: Int, _ strings: ColumnStrings) -> String? {
        guard runs == nil, validity.isPresent(row), case .text(let codes) = values else { return nil }
        return strings.entries[Int(codes[row])]
    }
}
