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

    func consume(_ batch: Batch) throws(ExecutionError) {
        if batch.rowCount == 0 { return }
        var kept: KeyMatches?
        var count = batch.rowCount
        for probe in probes {
            let start = ContinuousClock.now
            if probe.build.rowCount == 0 {
                if probe.kind == .semi { count = 0 }
            } else {
                let own = try KeyMatches(
                    probe.probePrograms, probe, keepsMatches: probe.kind == .semi, batch, &state)
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
}

extension JoinProbe {
    /// Whether this join only filters, by its keys alone.
    var isKeyFilter: Bool { (kind == .semi || kind == .anti) && residual == nil && !probePrograms.isEmpty }
}
