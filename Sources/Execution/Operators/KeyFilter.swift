import Columns
import Planning
import Synchronization

/// A join by whose keys a scan thins out its rows before it reads the columns that no filter needs.
struct KeyFilter: Sendable {
    /// Holds the keys.
    let probe: JoinProbe
    /// The keys of a row, over the columns that the scan reads.
    let programs: [ExpressionProgram]
    let keepsMatches: Bool
    /// How many rows it kept, where a later step asks the same again; nil if no later step does.
    let benefit: Benefit?
    /// Columns the programs read, ascending.
    let columns: [Int]

    /// Rows that filters saw and kept, those of all workers together.
    final class Benefit: Sendable {
        private let seen = Atomic<Int>(0)
        private let kept = Atomic<Int>(0)
        /// Rows after which it is known what a filter is worth.
        private static let trialRowCount = 100_000

        func count(seen seenCount: Int, kept keptCount: Int) {
            seen.wrappingAdd(seenCount, ordering: .relaxed)
            kept.wrappingAdd(keptCount, ordering: .relaxed)
        }

        /// Whether it turns away a good part of the rows, as far as is known.
        var isWorthwhile: Bool {
            let seenCount = seen.load(ordering: .relaxed)
            return seenCount < Benefit.trialRowCount || kept.load(ordering: .relaxed) < seenCount / 2
        }
    }

    /// - Parameters:
    ///   - keys: Of the rows the scan reads.
    ///   - layout: Where the scan has its columns.
    ///   - isRequired: Whether no later step asks the same.
    /// - Returns: nil if the keys may fail for rows that no step before asked for them, or read nothing.
    init?(
        _ probe: JoinProbe, keys: [BoundExpression], layout: [ColumnID: Int], keepsMatches: Bool, isRequired: Bool
    ) throws(ExecutionError) {
        var programs: [ExpressionProgram] = []
        for key in keys { programs.append(try ExpressionProgram(key, columns: layout)) }
        guard !programs.isEmpty, programs.allSatisfy({ !$0.canRaise && !$0.columns.isEmpty }) else { return nil }
        self.probe = probe
        self.programs = programs
        self.keepsMatches = keepsMatches
        benefit = isRequired ? nil : Benefit()
        columns = Set(programs.flatMap(\.columns)).sorted()
    }

    /// Which rows of a batch are kept; nil if all are.
    func matches(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> KeyMatches? {
        if probe.build.rowCount == 0 {
            return keepsMatches ? KeyMatches(map: nil, flags: [UInt8](repeating: 0, count: batch.rowCount)) : nil
        }
        return try KeyMatches(programs, probe, keepsMatches: keepsMatches, batch, &state)
    }
}
