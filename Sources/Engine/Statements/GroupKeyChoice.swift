import Columns
import Storage

/// Finds the column whose runs of equal neighbours save most if the columns that never change within them are stored
/// once a run.
enum GroupKeyChoice {
    /// Rows looked at.
    private static let sampleRowCount = 16_384

    /// The column, or nil if rows are no longer than runs would be or nothing else goes with them.
    static func column(of columns: [ResultColumn], rowCount: Int) -> Int? {
        let count = min(rowCount, sampleRowCount)
        guard count > 1 else { return nil }
        let samples = columns.map { $0.sampleLanes(count: count) }
        var best: (column: Int, saved: Int)?
        for candidate in samples.indices {
            guard let key = samples[candidate] else { continue }
            let starts = (1..<count).filter { key[$0] != key[$0 - 1] }
            let runCount = starts.count + 1
            // Runs must be worth their map.
            guard runCount * 3 <= count * 2 else { continue }
            var isStart = [Bool](repeating: false, count: count)
            for start in starts { isStart[start] = true }
            var constantCount = 0
            for sample in samples {
                guard let sample else { continue }
                if (1..<count).allSatisfy({ isStart[$0] || sample[$0] == sample[$0 - 1] }) { constantCount += 1 }
            }
            guard constantCount > 1 else { continue }
            let saved = constantCount * (count - runCount)
            if best == nil || saved > best!.saved { best = (candidate, saved) }
        }
        return best?.column
    }
}

extension ResultColumn {
    /// Numbers for the first rows, equal where the values are; nil for plain text.
    fileprivate func sampleLanes(count: Int) -> [UInt64?]? {
        func lanes(_ value: (Int) -> UInt64) -> [UInt64?] {
            (0..<count).map { validity.isPresent($0) ? value($0) : nil }
        }
        switch values {
        case .text(let codes, _): return lanes { UInt64(codes[$0]) }
        case .coded(let values):
            switch values {
            case .boolean(let rows): return lanes { UInt64(rows[$0]) }
            case .int32(let rows): return lanes { UInt64(bitPattern: Int64(rows[$0])) }
            case .int64(let rows): return lanes { UInt64(bitPattern: rows[$0]) }
            // Two different wide numbers that meet here only mislead a guess: the encoder looks at the values.
            case .int128(let rows): return lanes { UInt64(truncatingIfNeeded: rows[$0] ^ (rows[$0] >> 64)) }
            case .double(let rows): return lanes { rows[$0].bitPattern }
            case .codes32(let rows): return lanes { UInt64(rows[$0]) }
            case .codes64(let rows): return lanes { rows[$0] }
            case .strings: return nil
            }
        }
    }
}
