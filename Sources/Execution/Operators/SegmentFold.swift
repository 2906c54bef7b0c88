import CKernels
import Columns

/// Which runs a folding scan puts out.
struct KeptRuns {
    /// Ascending; nil for all.
    let runs: [Int32]?
    /// The rows that count; nil if all rows of the runs do.
    let rows: Rows?

    enum Rows {
        /// 1 for each row of the segment that counts.
        case mask([UInt8])
        /// Few: ascending, and where those of each kept run begin among them.
        case few([Int32], starts: [Int32])
    }

    /// Whether sums take a look at the lines, and need whole columns for it.
    var readsWholeColumns: Bool {
        if case .mask? = rows { return true }
        return false
    }
}

/// One segment while it is folded.
struct SegmentFold {
    private let table: any ScannableTable
    private let segment: Int
    private let fields: [Int]
    private let map: RunMap
    private var reader: (any SegmentReader)?
    /// Fields of which only some rows were read.
    private var partlyReadFields: Set<Int> = []
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
    var readFields: [Int] { Array(partlyReadFields.union(vectors.keys.map { fields[$0] })) }

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
        let found = try openReader().columns(missing.map { fields[$0] })
        for (index, vector) in zip(missing, found) { vectors[index] = vector }
    }

    private mutating func openReader() throws(ExecutionError) -> any SegmentReader {
        if let reader { return reader }
        let opened = try table.reader(segment: segment)
        reader = opened
        return opened
    }

    /// A column that has one value in a run, with a value for each run.
    mutating func perRun(_ index: Int) throws(ExecutionError) -> Vector {
        try column(index).onePerRun(of: map)
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
            guard let mask else { return KeptRuns(runs: nil, rows: nil) }
            let runs = Mask.rows(mask)
            if runs.isEmpty { return nil }
            return KeptRuns(runs: runs.count == mask.count ? nil : runs, rows: nil)
        }
        let left = try left(mask, filters, &state)
        if case .none = left { return nil }
        guard case .rows(let rows) = left else { return KeptRuns(runs: nil, rows: nil) }
        let (runs, starts) = SegmentFold.runs(of: rows, map)
        if SegmentFold.isFew(rows.count, of: map.rowCount) { return KeptRuns(runs: runs, rows: .few(rows, starts: starts)) }
        return KeptRuns(runs: runs, rows: .mask(left.mask(rowCount: map.rowCount)))
    }

    /// The rows of the runs of `mask` on which all `filters` are TRUE.
    mutating func left(
        _ mask: [UInt8]?, _ filters: [PredicateProgram], _ state: inout ExpressionState
    ) throws(ExecutionError) -> Selection {
        var left = mask.map { Mask.selection(spread($0, map.starts)) } ?? .all
        for filter in filters {
            left = try selected(left, by: filter, &state)
            if case .none = left { break }
        }
        return left
    }

    var rowCount: Int { map.rowCount }

    /// The sum of a column over all rows of some runs, nil for all, from what the store keeps of each; nil if it keeps none.
    func storedTotal(_ index: Int, ofRuns runs: [Int32]?) throws(ExecutionError) -> Vector? {
        if vectors[index] != nil { return nil }
        return try table.runSums(segment: segment, field: fields[index]).flatMap { SegmentFold.total($0.picked(runs)) }
    }

    /// The sums of columns over these rows, each a vector of one row; nil if one does not fit 64 bits.
    mutating func totals(_ indexes: [Int], _ rows: Selection) throws(ExecutionError) -> [Vector]? {
        var own: [Vector]
        if case .rows(let rows) = rows, SegmentFold.isFew(rows.count, of: map.rowCount) {
            own = try columns(indexes, at: rows)
        } else {
            try read(indexes)
            own = indexes.map { vectors[$0]! }
            if case .rows(let rows) = rows { own = own.map { $0.gathered(rows) } }
        }
        let sums = own.compactMap { SegmentFold.total($0) }
        return sums.count == indexes.count ? sums : nil
    }

    private static func total(_ column: Vector) -> Vector? {
        sums(column.flattened(), nil, [0, Int32(truncatingIfNeeded: column.count)], [0])
    }

    /// The rows left on which the filter is TRUE.
    private mutating func selected(
        _ left: Selection, by filter: PredicateProgram, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Selection {
        if case .rows(let rows) = left, SegmentFold.isFew(rows.count, of: map.rowCount) {
            var columns = placeholders(rows.count)
            for (index, vector) in zip(filter.columns, try self.columns(filter.columns, at: rows)) { columns[index] = vector }
            switch try filter.select(Batch(columns: columns, rowCount: rows.count, morsel: segment), &state) {
            case .all: return left
            case .none: return .none
            case .rows(let places): return .rows(gather(rows, places))
            }
        }
        var columns = placeholders(map.rowCount)
        // Of columns of which only is asked whether they are NULL no more than that is read.
        var whole = filter.columns
        for index in filter.presenceColumns.sorted() where vectors[index] == nil {
            guard let presence = try openReader().presence(fields[index]) else { continue }
            columns[index] = presence
            whole.removeAll { $0 == index }
            partlyReadFields.insert(fields[index])
        }
        try read(whole)
        for index in whole { columns[index] = vectors[index]! }
        let own = try filter.select(Batch(columns: columns, rowCount: map.rowCount, morsel: segment), &state)
        switch (left, own) {
        case (.none, _), (_, .none): return .none
        case (.all, _): return own
        case (_, .all): return left
        case (.rows, .rows): return Mask.selection(Mask.and(left.mask(rowCount: map.rowCount), own.mask(rowCount: map.rowCount)))
        }
    }

    /// Whether so few rows are left that columns are read at them alone.
    private static func isFew(_ count: Int, of rowCount: Int) -> Bool { count * 8 < rowCount }

    /// Columns at some rows: flat, or with runs of their own.
    private mutating func columns(_ indexes: [Int], at rows: [Int32]) throws(ExecutionError) -> [Vector] {
        var vectors: [Vector] = []
        for index in indexes {
            let isWhole = try isRead(index) ? true : isGrouped(index)
            if isWhole {
                vectors.append(try column(index).gathered(rows))
                continue
            }
            partlyReadFields.insert(fields[index])
            vectors += try openReader().columns([fields[index]], at: rows)
        }
        return vectors
    }

    /// The runs that these rows lie in, and where the rows of each begin among them.
    private static func runs(of rows: [Int32], _ map: RunMap) -> (runs: [Int32], starts: [Int32]) {
        var runs: [Int32] = []
        var rowStarts: [Int32] = []
        let borders = map.starts
        let starts = borders.span
        let runCount = map.runCount
        guard rows.count * 16 < map.rowCount else {
            let rows = rows.span
            var place = 0
            for run in 0..<runCount {
                let first = place
                while place < rows.count, rows[place] < starts[run &+ 1] { place &+= 1 }
                if place == first { continue }
                runs.append(Int32(truncatingIfNeeded: run))
                rowStarts.append(Int32(truncatingIfNeeded: first))
            }
            rowStarts.append(Int32(truncatingIfNeeded: place))
            return (runs, rowStarts)
        }
        let runOfRow = map.runs(of: rows)
        runs.reserveCapacity(rows.count)
        rowStarts.reserveCapacity(rows.count + 1)
        for place in 0..<rows.count where place == 0 || runOfRow[place] != runOfRow[place &- 1] {
            runs.append(runOfRow[place])
            rowStarts.append(Int32(truncatingIfNeeded: place))
        }
        rowStarts.append(Int32(truncatingIfNeeded: rows.count))
        return (runs, rowStarts)
    }

    /// The number of rows of each kept run that count.
    func counts(_ kept: KeptRuns) -> Vector {
        if case .few(_, let starts)? = kept.rows {
            let counts = (0..<(starts.count - 1)).map { Int64(starts[$0 + 1] &- starts[$0]) }
            return Vector(type: .integer, count: counts.count, values: .int64(counts))
        }
        var counts = [Int64](repeating: 0, count: kept.runs?.count ?? map.runCount)
        let borders = map.starts
        let starts = borders.span
        switch (kept.runs, kept.rows) {
        case (nil, .mask(let mask)?):
            for run in 0..<counts.count { counts[run] = SegmentFold.sum(mask, Int(starts[run])..<Int(starts[run &+ 1])) }
        case (let runs?, .mask(let mask)?):
            for place in 0..<counts.count {
                let run = Int(runs[place])
                counts[place] = SegmentFold.sum(mask, Int(starts[run])..<Int(starts[run &+ 1]))
            }
        case (nil, _):
            for run in 0..<counts.count { counts[run] = Int64(starts[run &+ 1] &- starts[run]) }
        case (let runs?, _):
            for place in 0..<counts.count {
                let run = Int(runs[place])
                counts[place] = Int64(starts[run &+ 1] &- starts[run])
            }
        }
        return Vector(type: .integer, count: counts.count, values: .int64(counts))
    }

    @inline(__always)
    private static func sum(_ mask: [UInt8], _ rows: Range<Int>) -> Int64 {
        var count = 0
        for row in rows { count &+= Int(mask[row]) }
        return Int64(count)
    }

    /// The sum of a column over the rows of each kept run that count; nil if one does not fit 64 bits.
    mutating func sums(_ index: Int, _ kept: KeptRuns) throws(ExecutionError) -> Vector? {
        if kept.rows == nil, vectors[index] == nil, let stored = try table.runSums(segment: segment, field: fields[index]) {
            return stored.picked(kept.runs)
        }
        if case .few(let rows, let starts)? = kept.rows {
            let lines = try columns([index], at: rows)[0].flattened()
            return SegmentFold.sums(lines, nil, starts, (0..<Int32(starts.count - 1)).map { $0 })
        }
        var mask: [UInt8]?
        if case .mask(let known)? = kept.rows { mask = known }
        let runs = kept.runs ?? (0..<Int32(map.runCount)).map { $0 }
        return SegmentFold.sums(try column(index).flattened(), mask, map.starts, runs)
    }

    /// The sum of a column over the rows of each run that the mask leaves; nil if one does not fit 64 bits.
    private static func sums(_ lines: Vector, _ mask: [UInt8]?, _ starts: [Int32], _ runs: [Int32]) -> Vector? {
        guard case .int64(let values) = lines.values else { return nil }
        var present: [UInt8]?
        if case .mask(let known) = lines.validity { present = known }
        if let mask { present = present.map { Mask.and($0, mask) } ?? mask }
        var sums = [Int64](repeating: 0, count: runs.count)
        var validity = [UInt8](repeating: 1, count: runs.count)
        if isSmall(values) {
            SegmentFold.addSmall(values, present, starts, runs, &sums, &validity)
        } else {
            for (place, run) in runs.enumerated() {
                let rows = Int(starts[Int(run)])..<Int(starts[Int(run) + 1])
                guard let sum = SegmentFold.sum(values, present, rows) else { return nil }
                sums[place] = sum.value
                validity[place] = sum.isPresent ? 1 : 0
            }
        }
        return Vector(type: lines.type, count: runs.count, values: .int64(sums), validity: Validity(compacting: validity))
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
