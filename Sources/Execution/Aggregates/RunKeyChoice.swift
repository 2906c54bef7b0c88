import Columns
import Planning
import Synchronization

/// Whether the groups of a grouping set lie within runs of one of its keys, whose values ascend from run to run in each batch:
/// the lines of a claim by item. The first batch that any worker meets decides; a later one that breaks the order has the operator start
/// again without.
final class RunKeyChoice: Sendable {
    /// The key by whose runs rows are grouped.
    struct Leading: Sendable {
        /// Index among the keys of the set.
        let key: Int
        /// Whose codes are compared; nil for numbers.
        let domain: ObjectIdentifier?
    }

    private enum Decision: Sendable {
        case undecided
        case none
        case leading(Leading)
    }

    private let decision: Mutex<Decision>
    private let disorder = Atomic<Bool>(false)
    private let leastRunCount: Int

    /// Rows of a run, on average, above which groups of different runs are too far apart to be worth it.
    private static let longestMeanRun = 256

    /// - Parameter leastRunCount: Runs that the first batch must have, so that their order says something.
    init(isAllowed: Bool, leastRunCount: Int) {
        decision = Mutex(isAllowed ? .undecided : .none)
        self.leastRunCount = leastRunCount
    }

    var hasDisorder: Bool { disorder.load(ordering: .relaxed) }

    /// The runs of the leading key in one batch, nil if there is no such key.
    ///
    /// - Parameter keys: The set's keys, of one batch.
    /// - Throws: where the leading key of earlier batches does not lead in this one.
    func runs(_ keys: [Vector], rowCount: Int) throws(ExecutionError) -> LeadingRuns? {
        let known = decision.withLock { $0 }
        switch known {
        case .none: return nil
        case .leading(let leading): return try ordered(keys, leading)
        case .undecided: break
        }
        let found = search(keys, rowCount: rowCount)
        let settled = decision.withLock { decision -> Decision in
            if case .undecided = decision { decision = found.map { .leading($0.leading) } ?? .none }
            return decision
        }
        guard case .leading(let leading) = settled else { return nil }
        if let found, found.leading.key == leading.key, found.leading.domain == leading.domain { return found.runs }
        return try ordered(keys, leading)
    }

    private func ordered(_ keys: [Vector], _ leading: Leading) throws(ExecutionError) -> LeadingRuns {
        guard let runs = LeadingRuns(keys[leading.key]), runs.domain == leading.domain,
            runs.map.rowCount <= RunKeyChoice.longestMeanRun * max(leastRunCount, runs.codes.count)
        else { try reportDisorder() }
        return runs
    }

    private func search(_ keys: [Vector], rowCount: Int) -> (leading: Leading, runs: LeadingRuns)? {
        // Equal doubles may differ in their bits, of which the first row's would show.
        if keys.contains(where: { [.double, .unknown, .interval].contains($0.type) }) { return nil }
        for isRun in [true, false] {
            for (key, vector) in keys.enumerated() {
                if case .runs = vector.values { guard isRun else { continue } } else { guard !isRun else { continue } }
                guard let runs = LeadingRuns(vector), runs.codes.count >= leastRunCount,
                    runs.codes.count * RunKeyChoice.longestMeanRun >= rowCount
                else { continue }
                return (Leading(key: key, domain: runs.domain), runs)
            }
        }
        return nil
    }

    /// Says that runs did not follow each other.
    ///
    /// - Throws: always; the operator that owns the choice looks at `hasDisorder` and starts again.
    func reportDisorder() throws(ExecutionError) -> Never {
        disorder.store(true, ordering: .relaxed)
        throw ExecutionError(.unsupported("runs of a key came out of order"))
    }
}

/// The runs of a key in one batch, strictly ascending.
struct LeadingRuns {
    /// One a run; their order is that of the runs.
    let codes: [UInt64]
    let map: RunMap
    /// The key itself.
    let source: Vector
    let domain: ObjectIdentifier?

    /// nil if the values do not ascend, may be NULL, or are of a kind that has no codes.
    init?(_ vector: Vector) {
        source = vector
        if case .runs(let child, let map) = vector.values {
            guard child.validity.nullCount(rowCount: child.count) == 0, let (codes, domain) = LeadingRuns.codes(child), LeadingRuns.ascend(codes)
            else { return nil }
            self.codes = codes
            self.map = map
            self.domain = domain
            return
        }
        guard vector.validity.nullCount(rowCount: vector.count) == 0, let (rows, domain) = LeadingRuns.codes(vector), let first = rows.first else {
            return nil
        }
        var codes = [first]
        var starts: [Int32] = [0]
        for row in 1..<rows.count where rows[row] != rows[row &- 1] {
            if rows[row] < rows[row &- 1] { return nil }
            codes.append(rows[row])
            starts.append(Int32(truncatingIfNeeded: row))
        }
        self.codes = codes
        self.domain = domain
        map = RunMap(starts: starts + [Int32(truncatingIfNeeded: rows.count)])
    }

    private static func ascend(_ codes: [UInt64]) -> Bool {
        for run in 1..<max(1, codes.count) where codes[run] <= codes[run &- 1] { return false }
        return true
    }

    /// Numbers that are ordered and equal as the values are, with the domain they belong to.
    private static func codes(_ vector: Vector) -> (codes: [UInt64], domain: ObjectIdentifier?)? {
        let sign: UInt64 = 1 << 63
        switch vector.values {
        case .dictionary(let codes, let domain): return (codes.map { UInt64($0) }, ObjectIdentifier(domain))
        case .identifier(let codes, let domain): return (codes, ObjectIdentifier(domain))
        case .int64(let rows): return (rows.map { UInt64(bitPattern: $0) ^ sign }, nil)
        case .int32(let rows): return (rows.map { UInt64(bitPattern: Int64($0)) ^ sign }, nil)
        default: return nil
        }
    }
}
