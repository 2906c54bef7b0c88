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

    /// Those asked last at the end.
    private let answers = Mutex<[(question: Question, matches: RememberedMatches)]>([])
    private let room: Room

    /// Questions that are remembered: a report asks two over and over, and what analysts ask by constants of their own is asked once.
    private static let questionLimit = 16

    /// Bytes that all answers of a memory may take together.
    final class Room: Sendable {
        private let left: Atomic<Int>

        init(byteCount: Int) { left = Atomic(byteCount) }

        /// Whether there was room for so many.
        func take(_ byteCount: Int) -> Bool {
            if left.subtract(byteCount, ordering: .relaxed).newValue >= 0 { return true }
            give(byteCount)
            return false
        }

        func give(_ byteCount: Int) { left.add(byteCount, ordering: .relaxed) }
    }

    package init(byteCount: Int = 64 << 20) { room = Room(byteCount: byteCount) }

    /// What is known of a question's answer. It stays with whoever has it, also when the memory has let go of it.
    func answer(_ question: Question, segmentCount: Int) -> RememberedMatches {
        answers.withLock { answers in
            let known = answers.firstIndex { $0.question == question }
            let matches =
                known.map { answers.remove(at: $0).matches }
                ?? RememberedMatches(fields: question.fields, segmentCount: segmentCount, room: room)
            if answers.count >= FilterMemory.questionLimit { answers.removeFirst() }
            answers.append((question, matches))
            return matches
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

    deinit { room.give(segments.withLock { $0.reduce(0) { $0 + ($1?.count ?? 0) } }) }

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
        if let map, let known = memory[segment] { return KeyMatches(map: map, matches: known, keepsMatches: keepsMatches) }
        guard let probe else { throw ExecutionError(.unsupported("a remembered join has lost its answer")) }
        let columns = try table.reader(segment: segment).columns(memory.fields)
        var isGrouped = map != nil
        for field in memory.fields where isGrouped { isGrouped = try table.hasOneValueInRuns(segment: segment, field: field) }
        guard isGrouped, let map else {
            let found = try found(columns.map { $0.flattened() }, table.rowCount(segment: segment), probe, &state)
            return KeyMatches(map: nil, matches: found, keepsMatches: keepsMatches)
        }
        let found = try found(columns.map { $0.onePerRun(of: map).flattened() }, map.runCount, probe, &state)
        memory.keep(found, ofSegment: segment)
        return KeyMatches(map: map, matches: found, keepsMatches: keepsMatches)
    }

    private func found(
        _ keys: [Vector], _ count: Int, _ probe: JoinProbe, _ state: inout ExpressionState
    ) throws(ExecutionError) -> [UInt8] {
        if probe.build.rowCount == 0 { return [UInt8](repeating: 0, count: count) }
        return try probe.table(probe: keys, &state).matches(keys, isNullSafe: probe.isNullSafe, rowCount: count)
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
