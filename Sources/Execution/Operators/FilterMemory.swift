import Columns
import Planning
import Synchronization

/// Which runs of stored tables have a match in semi and anti joins by key, remembered from one statement to the next.
///
/// Nearly every statement about claims leaves out the reversals: a scan for them and two look-ups a claim, the same each time. A
/// memory belongs to one state of the store; only joins with rows that last as long as it does are remembered.
package final class FilterMemory: Sendable {
    /// How it is called where it is to be left out.
    package static let name = "FilterMemory"

    /// What a join asks: two that are equal have the same answer for each run.
    struct Question: Hashable {
        let table: String
        /// Of the table's columns.
        let fields: [Int]
        /// The other side, and where its keys are among its columns.
        let others: LogicalPlan
        let places: [Int]
        let isNullSafe: [Bool]
    }

    private let answers = Mutex<[Question: RememberedMatches]>([:])
    private let room: Room

    /// Bytes that all answers of a memory may take together.
    final class Room: Sendable {
        private let left: Atomic<Int>

        init(byteCount: Int) { left = Atomic(byteCount) }

        /// Whether there was room for so many.
        func take(_ byteCount: Int) -> Bool {
            if left.subtract(byteCount, ordering: .relaxed).newValue >= 0 { return true }
            left.add(byteCount, ordering: .relaxed)
            return false
        }
    }

    package init(byteCount: Int = 64 << 20) { room = Room(byteCount: byteCount) }

    /// What is known of a question's answer.
    func answer(_ question: Question, segmentCount: Int) -> RememberedMatches {
        answers.withLock { answers in
            if let known = answers[question] { return known }
            let new = RememberedMatches(fields: question.fields, segmentCount: segmentCount, room: room)
            answers[question] = new
            return new
        }
    }
}

/// Which runs of a table have a match, as far as it is known.
final class RememberedMatches: Sendable {
    /// Of the table's columns: the keys.
    let fields: [Int]
    /// For each segment 1 for each run with a match.
    private let segments: Mutex<[[UInt8]?]>
    private let knownCount = Atomic<Int>(0)
    private let segmentCount: Int
    private let room: FilterMemory.Room

    init(fields: [Int], segmentCount: Int, room: FilterMemory.Room) {
        self.fields = fields
        self.segmentCount = segmentCount
        self.room = room
        segments = Mutex([[UInt8]?](repeating: nil, count: segmentCount))
    }

    var isComplete: Bool { knownCount.load(ordering: .relaxed) == segmentCount }

    subscript(segment: Int) -> [UInt8]? { segments.withLock { $0[segment] } }

    func keep(_ matches: [UInt8], ofSegment segment: Int) {
        segments.withLock { segments in
            guard segments[segment] == nil, room.take(matches.count) else { return }
            segments[segment] = matches
            knownCount.add(1, ordering: .relaxed)
        }
    }
}

/// A semi or anti join that a scan does with what is remembered of it.
struct RememberedFilter: Sendable {
    private let memory: RememberedMatches
    private let keepsMatches: Bool
    /// Finds what is not known yet; nil if everything is.
    private let probe: JoinProbe?

    init(_ memory: RememberedMatches, keepsMatches: Bool, probe: JoinProbe?) {
        self.memory = memory
        self.keepsMatches = keepsMatches
        self.probe = probe
    }

    /// Which rows of a segment are kept: by runs if its keys have one value in each.
    func matches(in table: any ScannableTable, segment: Int, _ state: inout ExpressionState) throws(ExecutionError) -> KeyMatches {
        let map = try table.runMap(segment: segment)
        if let map, let known = memory[segment] { return KeyMatches(map: map, flags: kept(known)) }
        guard let probe else { throw ExecutionError(.unsupported("a remembered join has lost its answer")) }
        let columns = try table.reader(segment: segment).columns(memory.fields)
        var isGrouped = map != nil
        for field in memory.fields where isGrouped { isGrouped = try table.hasOneValueInRuns(segment: segment, field: field) }
        guard isGrouped, let map else {
            return KeyMatches(
                map: nil, flags: kept(try found(columns.map { $0.flattened() }, table.rowCount(segment: segment), probe, &state)))
        }
        let found = try found(columns.map { $0.onePerRun(of: map).flattened() }, map.runCount, probe, &state)
        memory.keep(found, ofSegment: segment)
        return KeyMatches(map: map, flags: kept(found))
    }

    private func found(
        _ keys: [Vector], _ count: Int, _ probe: JoinProbe, _ state: inout ExpressionState
    ) throws(ExecutionError) -> [UInt8] {
        if probe.build.rowCount == 0 { return [UInt8](repeating: 0, count: count) }
        let groups = try probe.table(probe: keys, &state).find(keys, isNullSafe: probe.isNullSafe, rowCount: count)
        var flags = [UInt8](repeating: 0, count: count)
        for item in 0..<count { flags[item] = groups[item] == GroupTable.none ? 0 : 1 }
        return flags
    }

    private func kept(_ matches: [UInt8]) -> [UInt8] {
        if keepsMatches { return matches }
        var flags = [UInt8](repeating: 0, count: matches.count)
        for item in 0..<flags.count { flags[item] = matches[item] ^ 1 }
        return flags
    }
}

extension Vector {
    /// A column that has one value in each run of `map`, with a value for each run.
    func onePerRun(of map: RunMap) -> Vector {
        switch values {
        case .runs(let child, _): return child
        case .constant(let value): return .constant(value, type: type, count: map.runCount)
        // Every row of a run has the value.
        default: return gathered(Array(map.starts.dropLast()))
        }
    }
}
