import Columns

/// Which runs a folding scan puts out.
struct KeptRuns {
    /// Ascending; nil for all.
    let runs: [Int32]?
    /// 1 for each row of the segment that counts; nil if all rows of the runs do.
    let rowMask: [UInt8]?
}

/// One segment while it is folded.
struct SegmentFold {
    private let table: any ScannableTable
    private let segment: Int
    private let fields: [Int]
    private let map: RunMap
    /// What has been read, by index into `fields`.
    private var vectors: [Int: Vector] = [:]
    private var grouped: [Int: Bool] = [:]

    init(table: any ScannableTable, segment: Int, fields: [Int], map: RunMap) {
        self.table = table
        self.segment = segment
        self.fields = fields
        self.map = map
    }

    func isRead(_ index: Int) -> Bool { vectors[index] != nil }
    var readFields: [Int] { vectors.keys.map { fields[$0] } }

    mutating func isGrouped(_ index: Int) throws(ExecutionError) -> Bool {
        if let known = grouped[index] { return known }
        let answer = try table.hasOneValueInRuns(segment: segment, field: fields[index])
        grouped[index] = answer
        return answer
    }

    mutating func areGrouped(_ indexes: [Int]) throws(ExecutionError) -> Bool {
        for index in indexes where try !isGrouped(index) { return false }
        return true
    }

    func signs(_ index: Int) throws(ExecutionError) -> [UInt8]? {
        try table.runSigns(segment: segment, field: fields[index])
    }

    /// A column with a value for each row.
    mutating func column(_ index: Int) throws(ExecutionError) -> Vector {
        try read([index])
        return vectors[index]!
    }

    /// Reads columns that are not read yet, all in one go.
    mutating func read(_ indexes: [Int]) throws(ExecutionError) {
        let missing = indexes.filter { vectors[$0] == nil }
        if missing.isEmpty { return }
        let found = try table.read(segment: segment, fields: missing.map { fields[$0] })
        for (index, vector) in zip(missing, found) { vectors[index] = vector }
    }

    /// A column that has one value in a run, with a value for each run.
    mutating func perRun(_ index: Int) throws(ExecutionError) -> Vector {
        let vector = try column(index)
        switch vector.values {
        case .runs(let child, _): return child
        case .constant(let value): return .constant(value, type: vector.type, count: map.runCount)
        // Every row of a run has the value.
        default: return vector.gathered(Array(map.starts.dropLast()))
        }
    }

    /// 1 for each run on which a filter of columns with one value in a run is TRUE.
    mutating func runMask(_ filter: PredicateProgram, _ state: inout ExpressionState) throws(ExecutionError) -> [UInt8] {
        try read(filter.columns)
        var columns = placeholders(map.runCount)
        for index in filter.columns { columns[index] = try perRun(index) }
        let batch = Batch(columns: columns, rowCount: map.runCount, morsel: segment)
        return try filter.select(batch, &state).mask(rowCount: map.runCount)
    }

    /// Columns that no expression reads.
    private func placeholders(_ count: Int) -> [Vector] {
        [Vector](repeating: .constant(.null, type: .boolean, count: count), count: fields.count)
    }

    /// 1 for each run that may have rows which pass the test, and whether all rows of them do.
    static func mask(_ signs: [UInt8], _ test: RunFilter.SignTest, among known: [UInt8]?) -> ([UInt8], isDecided: Bool) {
        // By sign: above 0, below 0, anything else.
        let kept: [UInt8] = [test.keepsPositive ? 1 : 0, test.keepsNegative ? 1 : 0, 1]
        var mask = [UInt8](repeating: 0, count: signs.count)
        var open = false
        for run in 0..<signs.count {
            let sign = Int(signs[run])
            mask[run] = kept[sign]
            if sign == 2, known.map({ $0[run] != 0 }) ?? true { open = true }
        }
        return (mask, !open)
    }

    /// The runs of `mask` with rows on which all `filters` are TRUE; nil if there are none.
    mutating func kept(
        _ mask: [UInt8]?, _ filters: [PredicateProgram], _ state: inout ExpressionState
    ) throws(ExecutionError) -> KeptRuns? {
        guard !filters.isEmpty else {
            guard let mask else { return KeptRuns(runs: nil, rowMask: nil) }
            let runs = Mask.rows(mask)
            if runs.isEmpty { return nil }
            return KeptRuns(runs: runs.count == mask.count ? nil : runs, rowMask: nil)
        }
        var rowMask = mask.map { Mask.expanding($0, map) } ?? [UInt8](repeating: 1, count: map.rowCount)
        for filter in filters {
            try read(filter.columns)
            var columns = placeholders(map.rowCount)
            for index in filter.columns { columns[index] = vectors[index]! }
            let batch = Batch(columns: columns, rowCount: map.rowCount, morsel: segment)
            let left = Mask.count(rowMask)
            if left == 0 { return nil }
            if left * 8 < map.rowCount {
                let rows = Mask.rows(rowMask)
                let selection = try filter.select(batch.selecting(rows, columns: filter.columns), &state)
                rowMask = SegmentFold.mask(selection, among: rows, count: map.rowCount)
            } else {
                rowMask = Mask.and(rowMask, try filter.select(batch, &state).mask(rowCount: map.rowCount))
            }
        }
        let runs = SegmentFold.runs(of: rowMask, map)
        return runs.isEmpty ? nil : KeptRuns(runs: runs, rowMask: rowMask)
    }

    /// The runs with a row that is 1 in the mask.
    private static func runs(of rowMask: [UInt8], _ map: RunMap) -> [Int32] {
        var runs: [Int32] = []
        let starts = map.starts
        let rowCount = Mask.count(rowMask)
        if rowCount * 16 < map.rowCount {
            // Few rows: the run of each is sought beyond the last one's.
            var run = -1
            for row in Mask.rows(rowMask) where run < 0 || starts[run &+ 1] <= row {
                var low = run &+ 1
                var step = 1
                while low &+ step < map.runCount, starts[low &+ step] <= row {
                    low &+= step
                    step &*= 2
                }
                var high = min(map.runCount, low &+ step)
                while high &- low > 1 {
                    let middle = (low &+ high) / 2
                    if starts[middle] <= row { low = middle } else { high = middle }
                }
                run = low
                runs.append(Int32(truncatingIfNeeded: run))
            }
            return runs
        }
        for run in 0..<map.runCount {
            var count: UInt8 = 0
            var row = Int(starts[run])
            while row < Int(starts[run + 1]) {
                count |= rowMask[row]
                row &+= 1
            }
            if count != 0 { runs.append(Int32(truncatingIfNeeded: run)) }
        }
        return runs
    }

    private static func mask(_ selection: Selection, among rows: [Int32], count: Int) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: count)
        switch selection {
        case .all: for row in rows { mask[Int(row)] = 1 }
        case .none: break
        case .rows(let places): for place in places { mask[Int(rows[Int(place)])] = 1 }
        }
        return mask
    }

    /// The number of rows of each kept run that count.
    func counts(_ kept: KeptRuns) -> Vector {
        let starts = map.starts
        func count(_ run: Int) -> Int64 {
            guard let mask = kept.rowMask else { return Int64(starts[run + 1] &- starts[run]) }
            var count = 0
            for row in Int(starts[run])..<Int(starts[run + 1]) { count &+= Int(mask[row]) }
            return Int64(count)
        }
        let counts = kept.runs.map { $0.map { count(Int($0)) } } ?? (0..<map.runCount).map(count)
        return Vector(type: .integer, count: counts.count, values: .int64(counts))
    }

    /// The sum of a column over the rows of each kept run that count; nil if one does not fit 64 bits.
    mutating func sums(_ index: Int, _ kept: KeptRuns) throws(ExecutionError) -> Vector? {
        if kept.rowMask == nil, vectors[index] == nil,
            let stored = try table.runSums(segment: segment, field: fields[index])
        {
            return stored.picked(kept.runs)
        }
        let lines = try column(index).flattened()
        guard case .int64(let values) = lines.values else { return nil }
        var present: [UInt8]?
        if case .mask(let mask) = lines.validity { present = mask }
        if let mask = kept.rowMask { present = present.map { Mask.and($0, mask) } ?? mask }
        let runs = kept.runs ?? (0..<Int32(map.runCount)).map { $0 }
        var sums = [Int64](repeating: 0, count: runs.count)
        var validity = [UInt8](repeating: 1, count: runs.count)
        if isSmall(values) {
            SegmentFold.addSmall(values, present, map.starts, runs, &sums, &validity)
        } else {
            for (place, run) in runs.enumerated() {
                let rows = Int(map.starts[Int(run)])..<Int(map.starts[Int(run) + 1])
                guard let sum = SegmentFold.sum(values, present, rows) else { return nil }
                sums[place] = sum.value
                validity[place] = sum.isPresent ? 1 : 0
            }
        }
        return Vector(
            type: lines.type, count: runs.count, values: .int64(sums), validity: Validity(compacting: validity))
    }

    /// Sums that cannot leave 64 bits, and whether a run has a value.
    private static func addSmall(
        _ values: [Int64], _ present: [UInt8]?, _ starts: [Int32], _ runs: [Int32], _ sums: inout [Int64], _ validity: inout [UInt8]
    ) {
        guard let present else {
            for place in 0..<runs.count {
                let run = Int(runs[place])
                var sum: Int64 = 0
                for row in Int(starts[run])..<Int(starts[run &+ 1]) { sum &+= values[row] }
                sums[place] = sum
            }
            return
        }
        for place in 0..<runs.count {
            let run = Int(runs[place])
            var sum: Int64 = 0
            var any: UInt8 = 0
            for row in Int(starts[run])..<Int(starts[run &+ 1]) {
                sum &+= values[row] & (0 &- Int64(present[row]))
                any |= present[row]
            }
            sums[place] = sum
            validity[place] = any
        }
    }

    /// A sum that may leave 64 bits: then nil.
    private static func sum(
        _ values: [Int64], _ present: [UInt8]?, _ rows: Range<Int>
    ) -> (value: Int64, isPresent: Bool)? {
        var sum: Int64 = 0
        var isPresent = present == nil
        for row in rows where present.map({ $0[row] != 0 }) ?? true {
            let (next, overflow) = sum.addingReportingOverflow(values[row])
            if overflow { return nil }
            sum = next
            isPresent = true
        }
        return (sum, isPresent)
    }
}

extension Vector {
    /// The rows of an ascending selection; all for nil.
    func picked(_ rows: [Int32]?) -> Vector { rows.map { gathered($0) } ?? self }
}
