import CKernels

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
        // Bounds: the kernel writes each row and some places behind the last.
        unsafe [Int32](unsafeUninitializedCapacity: rowCount + Int(CK_RUN_SLACK)) { rows, filledCount in
            unsafe ck_run_of_row(starts, runCount, rows.baseAddress)
            filledCount = rowCount
        }
    }

    /// The rows of the runs whose byte is one, ascending; the others are zero.
    ///
    /// - Parameter count: How many there are.
    package func rows(ofRuns mask: [UInt8], count: Int) -> [Int32] {
        precondition(mask.count == runCount)
        // Bounds: the kernel writes the rows and some places behind them, and is asked for no more than there are.
        return unsafe [Int32](unsafeUninitializedCapacity: count + Int(CK_RUN_SLACK)) { rows, filledCount in
            let found = unsafe ck_run_rows(starts, runCount, mask, rows.baseAddress)
            precondition(found == count, "Masks are zeros and ones.")
            filledCount = count
        }
    }

    /// The run that each of some rows lies in.
    ///
    /// - Precondition: Rows ascend and lie among the map's.
    package func runs(of rows: [Int32]) -> [Int32] {
        guard let last = rows.last else { return [] }
        precondition(rows[0] >= 0 && Int(last) < rowCount)
        // Bounds: rows lie in the runs, of which there is one; a run is written for each row.
        return unsafe [Int32](unsafeUninitializedCapacity: rows.count) { runs, filledCount in
            unsafe ck_runs_of_rows(ck_level(), starts, runCount, rows, rows.count, runs.baseAddress)
            filledCount = rows.count
        }
    }

    /// The map after keeping only `selection` (ascending row numbers): same runs, fewer rows in each.
    package func selecting(_ selection: [Int32]) -> RunMap {
        // Bounds: the kernel writes a number for each start.
        let newStarts = unsafe [Int32](unsafeUninitializedCapacity: starts.count) { kept, filledCount in
            unsafe ck_run_select(ck_level(), starts, runCount, selection, selection.count, kept.baseAddress)
            filledCount = starts.count
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
