import Columns
import Encodings

/// The columns encoded so far, in the shapes other columns may be predicted from.
struct ReferencePool {
    private let starts: [Int32]?
    private let rowCount: Int
    private var columns: [(column: Int, lanes: [Int64], kind: ValueKind, isGrouped: Bool)] = []

    init(starts: [Int32]?, rowCount: Int) {
        self.starts = starts
        self.rowCount = rowCount
    }

    mutating func add(column: Int, lanes: [Int64], kind: ValueKind, isGrouped: Bool) {
        if kind != .other { columns.append((column, lanes, kind, isGrouped)) }
    }

    /// Columns that may predict one of this kind, with one value for each of its present rows or runs, made when asked for.
    func references(for kind: ValueKind, isGrouped: Bool, mask: [UInt8]?) -> [EncodingInput.Reference] {
        var result: [EncodingInput.Reference] = []
        for candidate in columns {
            guard isGrouped ? candidate.isGrouped : true, mayPredict(candidate.kind, kind) else { continue }
            // A line's code or number is no function of its claim's codes.
            if !isGrouped, candidate.isGrouped, candidate.kind == .code { continue }
            let isSpread = candidate.isGrouped && !isGrouped
            result.append(
                EncodingInput.Reference(column: candidate.column, kind: candidate.kind) { [starts] in
                    var values = candidate.lanes
                    if isSpread, let starts { values = RunKernels.expanded(values, starts: starts) }
                    return mask.map { Presence(mask: $0).compressed(values) } ?? values
                })
        }
        return result
    }

    func rowsInRun(mask: [UInt8]?) -> [Int64]? {
        guard let starts else { return nil }
        let rows = RunKernels.rowsInRun(starts: starts)
        return mask.map { Presence(mask: $0).compressed(rows) } ?? rows
    }

    private func mayPredict(_ reference: ValueKind, _ target: ValueKind) -> Bool {
        switch (reference, target) {
        case (.number, .number), (.code, .number), (.code, .code), (.day, .day), (.time, .time): true
        case (.identifier, .identifier), (.code, .identifier), (.code, .time), (.code, .day): true
        default: false
        }
    }
}
