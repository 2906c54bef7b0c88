import Columns
import Encodings

/// The columns encoded so far, in the shapes other columns may be predicted from.
struct ReferencePool {
    private let starts: [Int32]?
    private let rowCount: Int
    private var columns: [(column: Int, lanes: [Int64], kind: ValueKind, isGrouped: Bool)] = []
    private var allRowsInRun: [Int64]?

    init(starts: [Int32]?, rowCount: Int) {
        self.starts = starts
        self.rowCount = rowCount
        guard let starts else { return }
        allRowsInRun = RunExpansion.rowsInRun(starts: starts)
    }

    mutating func add(column: Int, lanes: [Int64], kind: ValueKind, isGrouped: Bool) {
        if kind != .other { columns.append((column, lanes, kind, isGrouped)) }
    }

    /// Columns that may predict one of this kind, with one value for each of its present rows or runs.
    func references(for kind: ValueKind, isGrouped: Bool, mask: [UInt8]?) -> [EncodingInput.Reference] {
        var result: [EncodingInput.Reference] = []
        for candidate in columns {
            guard isGrouped ? candidate.isGrouped : true, mayPredict(candidate.kind, kind) else { continue }
            // A line's code or number is no function of its claim's codes.
            if !isGrouped, candidate.isGrouped, candidate.kind == .code { continue }
            var values = candidate.lanes
            if candidate.isGrouped, !isGrouped, let starts { values = RunExpansion.expanded(values, starts: starts) }
            if let mask { values = LaneColumn.compressed(values, by: mask) }
            result.append(EncodingInput.Reference(column: candidate.column, values: values, kind: candidate.kind))
        }
        return result
    }

    func rowsInRun(mask: [UInt8]?) -> [Int64]? {
        guard let rows = allRowsInRun else { return nil }
        return mask.map { LaneColumn.compressed(rows, by: $0) } ?? rows
    }

    private func mayPredict(_ reference: ValueKind, _ target: ValueKind) -> Bool {
        switch (reference, target) {
        case (.number, .number), (.code, .number), (.code, .code), (.day, .day), (.time, .time): true
        case (.identifier, .identifier), (.code, .identifier): true
        default: false
        }
    }
}

/// From runs to rows.
enum RunExpansion {
    static func expanded(_ values: [Int64], starts: [Int32]) -> [Int64] {
        var rows = [Int64](repeating: 0, count: Int(starts[starts.count - 1]))
        for run in 0..<values.count {
            let value = values[run]
            for row in Int(starts[run])..<Int(starts[run + 1]) { rows[row] = value }
        }
        return rows
    }

    static func rowsInRun(starts: [Int32]) -> [Int64] {
        var rows = [Int64](repeating: 0, count: Int(starts[starts.count - 1]))
        for run in 0..<(starts.count - 1) {
            let first = Int(starts[run])
            for row in first..<Int(starts[run + 1]) { rows[row] = Int64(row &- first) }
        }
        return rows
    }
}
