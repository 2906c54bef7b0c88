import CSV
import Columns
import Diagnostics
import Storage

/// A row that is not loaded, wherever on its way it was found out.
struct IngestReject: Sendable {
    var line: Int
    var column: String?
    var reason: String
    var message: String
    var raw: [UInt8]
}

/// A chunk parsed and translated, before it has its place in the table.
struct PreparedChunk: Sendable {
    var columns: [ChunkColumn]
    var rowCount: Int
    /// Records of the file in this chunk: rows and rejects.
    var recordCount: Int
    var rejects: [IngestReject]
}

/// What a chunk becomes in its turn: rows ready to be encoded, and where they stand.
struct SequencedChunk: Sendable {
    var columns: [ChunkColumn]
    /// For each column the table's codes of the strings that fit none of its formats.
    var exceptions: [[UInt64]]
    var rowCount: Int
    /// Place among the segments of the batch.
    var order: Int
}

/// Everything that must be done for one chunk after the other, in file order: codes, keys, sums, rejects.
struct SequenceState {
    private let plan: IngestPlan
    private var keys: StoredKeyGuard
    private(set) var linesRead = 0
    private(set) var loaded = 0
    private(set) var rejected = 0
    private(set) var causes: [String: Int] = [:]
    /// The first of them in file order.
    private(set) var firstRejects: [IngestReject] = []
    private let shownRejectLimit: Int
    private(set) var sums: [Int128]
    private(set) var firstTime: Int64?
    private(set) var lastTime: Int64?
    private var nextOrder = 0
    private let sourceName: String

    /// Rejected rows an error message tells of.
    static let shownRejectLimit = 5

    init(plan: IngestPlan, sourceName: String, keys: StoredKeyGuard, shownRejectLimit: Int) {
        self.shownRejectLimit = shownRejectLimit
        self.plan = plan
        self.sourceName = sourceName
        self.keys = keys
        sums = [Int128](repeating: 0, count: plan.sumColumns.count)
    }

    /// - Parameters:
    ///   - strings: Of the worker that read the chunk; its new strings get their codes.
    ///   - lineOf: Line and raw text of a row of the chunk, for rows that turn out to be repeated.
    mutating func sequence(
        _ chunk: PreparedChunk, target: any IngestTarget, strings: inout [ColumnStrings],
        lineOf: (Int) -> (line: Int, raw: [UInt8])
    ) throws -> SequencedChunk? {
        linesRead += chunk.recordCount
        var columns = chunk.columns
        var rowCount = chunk.rowCount
        let exceptions = try code(columns, rowCount: rowCount, target: target, &strings)
        var rejects = chunk.rejects
        if !plan.keyColumns.isEmpty, rowCount > 0 {
            let parts = try plan.keyColumns.map { index in
                let formats = try target.identifierFormats(of: index, in: plan.table)
                return (
                    column: columns[index], strings: strings[index], exceptions: exceptions[index], formats: formats
                )
            }
            let repeated = try keys.admit(parts, rowCount: rowCount)
            if !repeated.isEmpty {
                let names = plan.keyColumns.map { plan.columns[$0].field.name }.joined(separator: ", ")
                for row in repeated {
                    let place = lineOf(Int(row))
                    rejects.append(
                        IngestReject(
                            line: place.line, column: plan.columns[plan.keyColumns[0]].field.name, reason: "duplicate",
                            message: "a row with this (\(names)) is loaded already", raw: place.raw))
                }
                let kept = SequenceState.complement(of: repeated, rowCount: rowCount)
                columns = columns.selecting(kept)
                rowCount = kept.count
                rejects.sort { $0.line < $1.line }
            }
        }
        try record(rejects, target: target)
        loaded += rowCount
        guard rowCount > 0 else { return nil }
        summarize(columns)
        defer { nextOrder += 1 }
        return SequencedChunk(columns: columns, exceptions: exceptions, rowCount: rowCount, order: nextOrder)
    }

    /// Gives the chunk's new strings their codes; returns those of the misfits of each column.
    private func code(
        _ columns: [ChunkColumn], rowCount: Int, target: any IngestTarget, _ strings: inout [ColumnStrings]
    ) throws -> [[UInt64]] {
        var exceptions = [[UInt64]](repeating: [], count: columns.count)
        for (index, column) in columns.enumerated() where plan.columns[index].field.type == .text {
            let domain = try target.textDomain(of: index, in: plan.table)
            guard domain.textByteCount <= TextDomainBuilder.mostTextBytes else {
                throw Diagnostic(
                    .busy, "column \(plan.columns[index].field.name) has different texts of more than \(TextDomainBuilder.mostTextBytes >> 20) MiB",
                    mend: "load the rows into several stores, or leave the column out")
            }
            if case .identifiers(_, let misfits) = column.values {
                guard misfits.count > 0, case .codes64(let codes) = domain.codes(for: misfits, rowCount: rowCount) else {
                    continue
                }
                exceptions[index] = codes
            } else {
                strings[index].code(in: domain, rowCount: rowCount, use: plan.columns[index].namesMany ? .names : .unknown)
            }
        }
        return exceptions
    }

    private mutating func record(_ rejects: [IngestReject], target: any IngestTarget) throws {
        guard !rejects.isEmpty else { return }
        var text = rejected == 0 ? RejectText.header : []
        rejected += rejects.count
        for reject in rejects {
            causes[reject.reason, default: 0] += 1
            if firstRejects.count < shownRejectLimit { firstRejects.append(reject) }
            RejectText.append(reject, sourceName: sourceName, to: &text)
        }
        try target.appendRejects(text)
    }

    private mutating func summarize(_ columns: [ChunkColumn]) {
        for (position, index) in plan.sumColumns.enumerated() {
            guard case .coded(.int64(let values)) = columns[index].values else { continue }
            sums[position] += SequenceState.sum(of: values, columns[index].validity, columns[index].runs)
        }
        guard let timeColumn = plan.timeColumn, case .coded(.int64(let values)) = columns[timeColumn].values else { return }
        guard let range = SequenceState.range(of: values, columns[timeColumn].validity) else { return }
        firstTime = min(firstTime ?? range.lowerBound, range.lowerBound)
        lastTime = max(lastTime ?? range.upperBound, range.upperBound)
    }

    /// The earliest and the latest of the values that are present.
    private static func range(of values: [Int64], _ validity: Validity) -> ClosedRange<Int64>? {
        var (low, high) = (Int64.max, Int64.min)
        let rows = values.span
        if case .allPresent = validity {
            for place in 0..<rows.count {
                low = min(low, rows[place])
                high = max(high, rows[place])
            }
        } else {
            for place in 0..<rows.count where validity.isPresent(place) {
                low = min(low, rows[place])
                high = max(high, rows[place])
            }
        }
        return low <= high ? low...high : nil
    }

    /// The sum over the rows that are present.
    private static func sum(of values: [Int64], _ validity: Validity, _ runs: RunMap?) -> Int128 {
        // A decimal of a file has at most 18 digits: a thousand of them stay far from 2^63 only if they are smaller, so that
        // high and low halves are summed apart.
        var high: Int64 = 0
        var low: Int64 = 0
        var total: Int128 = 0
        let rows = values.span
        if runs == nil, case .allPresent = validity {
            for place in 0..<rows.count {
                high &+= rows[place] &>> 32
                low &+= rows[place] & 0xFFFF_FFFF
            }
            return Int128(high) << 32 + Int128(low)
        }
        for place in 0..<rows.count where validity.isPresent(place) {
            if let runs {
                total += Int128(rows[place]) * Int128(runs.starts[place + 1] - runs.starts[place])
            } else {
                high &+= rows[place] &>> 32
                low &+= rows[place] & 0xFFFF_FFFF
            }
        }
        return total + Int128(high) << 32 + Int128(low)
    }

    private static func complement(of removed: [Int32], rowCount: Int) -> [Int32] {
        var kept: [Int32] = []
        kept.reserveCapacity(rowCount - removed.count)
        var next = 0
        for row in 0..<Int32(rowCount) {
            if next < removed.count, removed[next] == row { next += 1 } else { kept.append(row) }
        }
        return kept
    }
}

/// Rows of `rejects/<batch>.csv`.
enum RejectText {
    static let header = Array("file,line,column,reason,message,raw\n".utf8)

    static func append(_ reject: IngestReject, sourceName: String, to text: inout [UInt8]) {
        let fields: [[UInt8]] = [
            Array(sourceName.utf8), Array(String(reject.line).utf8), Array((reject.column ?? "").utf8),
            Array(reject.reason.utf8), Array(reject.message.utf8), reject.raw,
        ]
        for (index, field) in fields.enumerated() {
            if index > 0 { text.append(0x2C) }
            let mustQuote = field.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
            if mustQuote { text.append(0x22) }
            for byte in field {
                if byte == 0x22 { text.append(0x22) }
                text.append(byte)
            }
            if mustQuote { text.append(0x22) }
        }
        text.append(0x0A)
    }
}
