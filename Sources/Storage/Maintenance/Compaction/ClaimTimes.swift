import Columns

/// When the runs of a segment's key (its claims) happened, in buckets of time: what a segment is laid out by.
struct ClaimTimes {
    /// Hours since 1970-01-01; `Int64.min` for a run whose rows have no time.
    static let bucketLength: Int64 = 3_600_000_000
    /// First row of each run, and the row count.
    private(set) var starts: [Int32] = [0]
    /// Of the smallest time among the rows of each run.
    private(set) var buckets: [Int64] = []

    /// - Parameters:
    ///   - key: nil where every row is a run of its own.
    ///   - bucket: Of all rows, if no times are given.
    init(key: Vector?, time: Vector?, rowCount: Int, bucket: Int64) {
        guard rowCount > 0 else { return }
        starts = ClaimTimes.starts(key, rowCount: rowCount)
        guard let time else {
            buckets = [Int64](repeating: bucket, count: starts.count - 1)
            return
        }
        let (times, mask) = ClaimTimes.flat(time)
        buckets.reserveCapacity(starts.count - 1)
        for run in 0..<(starts.count - 1) {
            var smallest: Int64?
            for row in Int(starts[run])..<Int(starts[run + 1]) where mask == nil || mask![row] != 0 {
                smallest = min(smallest ?? times[row], times[row])
            }
            buckets.append(smallest.map { ClaimTimes.bucket(of: $0) } ?? .min)
        }
    }

    /// The bucket of a time.
    static func bucket(of time: Int64) -> Int64 {
        let quotient = time / bucketLength
        return time % bucketLength < 0 ? quotient - 1 : quotient
    }

    private static func starts(_ key: Vector?, rowCount: Int) -> [Int32] {
        switch key?.values {
        case .runs(_, let map)?: map.starts
        case .constant?: [0, Int32(rowCount)]
        // Neighbours are different where no runs were stored.
        default: Array(0...Int32(rowCount))
        }
    }

    /// A time of each row, and which rows have one.
    private static func flat(_ time: Vector) -> (times: [Int64], mask: [UInt8]?) {
        let flat = time.flattened()
        guard case .int64(let times) = flat.values else { preconditionFailure("a timestamp column has timestamps") }
        if case .mask(let mask) = flat.validity { return (times, mask) }
        return (times, nil)
    }

    /// Calls `body` for each stretch of neighbouring runs in the same bucket.
    func forEachBucket(_ body: (_ bucket: Int64, _ rowCount: Int) -> Void) {
        var run = 0
        while run < buckets.count {
            let first = run
            while run < buckets.count, buckets[run] == buckets[first] { run += 1 }
            body(buckets[first], Int(starts[run] - starts[first]))
        }
    }
}
