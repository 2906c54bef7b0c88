import Columns

/// Neighbouring semi and anti joins without residuals, probed together so that the rows they leave are gathered once.
final class SemiJoinChain: BatchConsumer {
    /// In the order rows meet them.
    let probes: [JoinProbe]
    let next: any BatchConsumer
    private var state = ExpressionState()

    init(_ probes: [JoinProbe], next: any BatchConsumer) {
        self.probes = probes
        self.next = next
    }

    /// Rows of a batch still kept: by runs of one map as long as every key is constant within them, else by rows.
    private struct Kept {
        var map: RunMap?
        var flags: [UInt8]

        mutating func intersect(_ other: Kept) {
            if map !== other.map {
                expand()
                var other = other
                other.expand()
                intersect(other)
                return
            }
            for item in 0..<flags.count { flags[item] &= other.flags[item] }
        }

        mutating func expand() {
            guard let map else { return }
            let starts = map.starts
            var rows = [UInt8](repeating: 0, count: map.rowCount)
            for run in 0..<flags.count where flags[run] != 0 {
                for row in Int(starts[run])..<Int(starts[run &+ 1]) { rows[row] = 1 }
            }
            flags = rows
            self.map = nil
        }

        var rowCount: Int {
            var count = 0
            if let map {
                let starts = map.starts
                for run in 0..<flags.count where flags[run] != 0 { count &+= Int(starts[run &+ 1] &- starts[run]) }
            } else {
                for flag in flags { count &+= Int(flag) }
            }
            return count
        }

        func rows(count: Int) -> [Int32] {
            var rows: [Int32] = []
            rows.reserveCapacity(count)
            if let map {
                let starts = map.starts
                for run in 0..<flags.count where flags[run] != 0 {
                    for row in starts[run]..<starts[run &+ 1] { rows.append(row) }
                }
            } else {
                for row in 0..<flags.count where flags[row] != 0 { rows.append(Int32(truncatingIfNeeded: row)) }
            }
            return rows
        }
    }

    func consume(_ batch: Batch) throws(ExecutionError) {
        if batch.rowCount == 0 { return }
        var kept: Kept?
        var count = batch.rowCount
        for probe in probes {
            let start = ContinuousClock.now
            if probe.build.rowCount == 0 {
                if probe.kind == .semi { count = 0 }
            } else if let own = try matches(probe, batch) {
                if kept == nil { kept = own } else { kept?.intersect(own) }
                count = kept?.rowCount ?? count
            }
            probe.counters.add(ContinuousClock.now - start)
            if count == 0 { return }
            probe.counters.count(rows: count)
        }
        guard let kept, count < batch.rowCount else {
            try next.consume(batch)
            return
        }
        try next.consume(batch.selecting(kept.rows(count: count)))
    }

    /// Which runs or rows one join keeps.
    private func matches(_ probe: JoinProbe, _ batch: Batch) throws(ExecutionError) -> Kept? {
        var keys: [Vector] = []
        for program in probe.probePrograms { keys.append(try program.evaluate(batch, &state)) }
        let map = RunMap.common(keys, rowCount: batch.rowCount)
        let flat = keys.map { key in map.map { key.perRun($0) } ?? key.flattened() }
        let table = try probe.table(probe: flat, &state)
        let groups = table.find(flat, isNullSafe: probe.isNullSafe, rowCount: map?.runCount ?? batch.rowCount)
        var flags = [UInt8](repeating: 0, count: groups.count)
        let isSemi = probe.kind == .semi
        for item in 0..<groups.count {
            let isMatch = groups[item] != GroupTable.none
            if isMatch == isSemi { flags[item] = 1 }
        }
        return Kept(map: map, flags: flags)
    }
}

extension JoinProbe {
    /// Whether this join only filters, by its keys alone.
    var isKeyFilter: Bool { (kind == .semi || kind == .anti) && residual == nil && !probePrograms.isEmpty }
}
