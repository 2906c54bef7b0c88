/// How runs of neighbouring rows (such as the lines of a claim) lie in a batch: run `r` is the rows
/// `starts[r]..<starts[r + 1]`. A run may be empty, so that a filter can keep the runs and change only the map.
package final class RunMap: Sendable {
    /// `runCount + 1` ascending row numbers, from 0 to `rowCount`.
    package let starts: [Int32]

    package init(starts: [Int32]) {
        precondition(starts.first == 0)
        self.starts = starts
    }

    package var runCount: Int { starts.count - 1 }
    package var rowCount: Int { Int(starts[starts.count - 1]) }

    /// The run of each row. O(rows).
    package func runOfRow() -> [Int32] {
        var result = [Int32](repeating: 0, count: rowCount)
        for run in 0..<runCount {
            for row in Int(starts[run])..<Int(starts[run + 1]) { result[row] = Int32(truncatingIfNeeded: run) }
        }
        return result
    }

    /// The map after keeping only `selection` (ascending row numbers): same runs, fewer rows in each.
    package func selecting(_ selection: [Int32]) -> RunMap {
        var newStarts = [Int32](repeating: 0, count: starts.count)
        var position = 0
        for run in 0..<runCount {
            let end = starts[run + 1]
            while position < selection.count, selection[position] < end { position &+= 1 }
            newStarts[run + 1] = Int32(truncatingIfNeeded: position)
        }
        return RunMap(starts: newStarts)
    }

    /// The map after keeping only `selection` (ascending row numbers) without the runs that lose all rows, and the numbers
    /// of the runs that are left.
    package func selectingRuns(_ selection: [Int32]) -> (map: RunMap, kept: [Int32]) {
        var newStarts: [Int32] = [0]
        var kept: [Int32] = []
        var position = 0
        for run in 0..<runCount {
            let end = starts[run + 1]
            let first = position
            while position < selection.count, selection[position] < end { position &+= 1 }
            guard position > first else { continue }
            kept.append(Int32(truncatingIfNeeded: run))
            newStarts.append(Int32(truncatingIfNeeded: position))
        }
        return (RunMap(starts: newStarts), kept)
    }
}
