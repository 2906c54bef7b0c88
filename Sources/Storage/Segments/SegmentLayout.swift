import Columns
import Encodings

/// A segment while it is put together: columns in the order they are encoded, blocks as they come.
struct SegmentLayout {
    let schema: Schema
    let rowCount: Int
    private(set) var directory: SegmentDirectory
    /// First row of each run and the end; nil without runs.
    private let starts: [Int32]?
    /// In the space they are stored in: runs if grouped.
    private let lanes: [LaneColumn]
    /// The lanes of the present values of each.
    private let presentLanes: [[Int64]]
    /// What was found out about these.
    private let statistics: [BlockStatistics]
    private var references: ReferencePool
    /// How the columns of a segment before were encoded.
    private let plan: SegmentPlan?
    /// How those of this one are.
    private(set) var newPlan: SegmentPlan
    private var file = ByteWriter()

    init(
        schema: Schema, columns: [EncodableColumn], rowCount: Int, groupKeyColumn: Int?, plan: SegmentPlan? = nil
    ) {
        self.schema = schema
        self.plan = plan
        newPlan = SegmentPlan(rowCount: rowCount, columnCount: columns.count)
        self.rowCount = rowCount
        var lanes = columns.map { LaneColumn($0) }
        var starts: [Int32]?
        if let groupKeyColumn, rowCount > 0 {
            let found = RunDetection.starts(of: lanes[groupKeyColumn], runs: columns[groupKeyColumn].runs)
            // Runs of hardly more than one row save less than they cost.
            if (found.count - 1) * 4 <= rowCount * 3 { starts = found }
        }
        var presentLanes: [[Int64]] = []
        var statistics: [BlockStatistics] = []
        var placesInRuns: [(runs: RunMap, places: [Int32]?)] = []
        var entries: [SegmentDirectory.Column] = []
        for (index, field) in schema.fields.enumerated() {
            entries.append(SegmentLayout.entry(field, lanes[index], runs: columns[index].runs, rowCount: rowCount))
            if let runs = columns[index].runs {
                var known = placesInRuns.first { $0.runs === runs }
                if known == nil {
                    known = (runs, starts.flatMap { RunDetection.places(of: $0, in: runs) })
                    placesInRuns.append(known!)
                }
                if let places = known?.places {
                    // No run of the column begins within a run of the key.
                    entries[index].isGrouped = true
                    if places.count != runs.runCount { lanes[index] = lanes[index].gathered(places) }
                } else {
                    lanes[index] = lanes[index].gathered(runs.runOfRow())
                }
            }
            if let starts, !entries[index].isGrouped, RunDetection.isConstant(lanes[index], starts: starts) {
                entries[index].isGrouped = true
                lanes[index] = lanes[index].grouped(starts: starts)
            }
            // Strings have no lanes.
            let present = lanes[index].strings == nil ? lanes[index].present(lanes[index].lanes) : []
            entries[index].storedNullCount =
                lanes[index].strings == nil
                ? lanes[index].count - present.count : lanes[index].mask?.count { $0 == 0 } ?? 0
            let known = BlockStatistics(present)
            entries[index].bounds = BoundsBuilder.bounds(of: lanes[index], present: present, known, type: field.type)
            presentLanes.append(present)
            statistics.append(known)
        }
        self.presentLanes = presentLanes
        self.statistics = statistics
        self.starts = starts
        self.lanes = lanes
        references = ReferencePool(starts: starts, rowCount: rowCount)
        directory = SegmentDirectory(
            rowCount: rowCount, runCount: starts.map { $0.count - 1 } ?? 0, runBlock: nil, blocks: [], columns: entries)
    }

    private static func entry(
        _ field: Field, _ column: LaneColumn, runs: RunMap?, rowCount: Int
    ) -> SegmentDirectory.Column {
        var entry = SegmentDirectory.Column(name: field.name, type: field.type, storage: column.storage)
        if let mask = column.mask {
            if let runs {
                let flags = mask.span
                let rows = runs.starts
                let starts = rows.span
                var presentCount = 0
                for run in 0..<flags.count { presentCount &+= Int(starts[run &+ 1] &- starts[run]) &* Int(flags[run]) }
                entry.nullCount = rowCount - presentCount
            } else {
                entry.nullCount = mask.count - FlagKernels.sum(mask)
            }
        }
        entry.rawSize = column.strings?.bytes.count ?? rowCount * column.storage.valueSize
        if column.mask == nil, column.strings == nil, column.highLanes == nil, let first = column.lanes.first {
            entry.isConstant = column.lanes.last == first && column.lanes.allSatisfy { $0 == first }
        }
        return entry
    }

    /// Fewest rows of a usual run for which the sums of runs are stored.
    private static let rowsInSummedRun = 3

    /// Bytes that a row of a usual table takes, with some to spare: the file then does not move as it grows.
    private static let usualRowSize = 16

    /// Header, blocks, directory, trailer.
    mutating func encode(measuring measureColumns: [Int] = []) -> [UInt8] {
        file.reserve(SegmentLayout.usualRowSize * rowCount)
        writeHeader()
        if let starts {
            var lengths = [Int64](repeating: 0, count: starts.count - 1)
            for run in 0..<lengths.count { lengths[run] = Int64(starts[run + 1] - starts[run]) }
            var block = ByteWriter()
            EncodingChooser.encode(EncodingInput(values: lengths), into: &block)
            directory.runBlock = add(block)
        }
        for index in encodingOrder() { encodeColumn(index) }
        for index in measureColumns { encodeMeasure(index) }
        writeDirectory()
        return file.bytes
    }

    /// A column may be predicted from those before it: grouped columns come first, since a line column may be predicted
    /// from them and never the other way round, and among both dictionary codes, on which much else depends.
    private func encodingOrder() -> [Int] {
        lanes.indices.sorted { left, right in
            let (a, b) = (directory.columns[left], directory.columns[right])
            if a.isGrouped != b.isGrouped { return a.isGrouped }
            let (aIsCode, bIsCode) = (a.storage == .codes32, b.storage == .codes32)
            return aIsCode == bIsCode ? left < right : aIsCode
        }
    }

    private mutating func encodeColumn(_ index: Int) {
        let column = lanes[index]
        let entry = directory.columns[index]
        guard entry.nullCount < rowCount else { return }
        let kind = SegmentLayout.kind(of: entry)
        if entry.constantLane != nil {
            directory.columns[index].encodings = ConstantEncoding.name
            references.add(column: index, lanes: column.lanes, kind: kind, isGrouped: entry.isGrouped)
            return
        }
        var block = ByteWriter()
        var isOwn = true
        for way in plan?.ways(ofColumn: index) ?? [] {
            guard let found = encoded(column, index, entry, kind: kind, plans: way.plans),
                !way.isMissed(size: found.bytes.count, rowCount: rowCount)
            else { continue }
            block = found
            isOwn = false
            break
        }
        if isOwn, let found = encoded(column, index, entry, kind: kind, plans: nil) { block = found }
        newPlan.set(column: index, size: block.bytes.count, plans: block.plans, isOwn: isOwn)
        if column.strings == nil, entry.storage != .int128 {
            references.add(column: index, lanes: column.lanes, kind: kind, isGrouped: entry.isGrouped)
        }
        directory.columns[index].encodings = block.trace.text
        directory.columns[index].block = add(block)
    }

    /// A run's value stands for the values of all its lines.
    private static let groupedSurchargeShare = 0.75
    /// A run's sum stands for several lines that would be far slower to read.
    private static let sumSurchargeShare = 0.1

    /// Signs of a line column's runs, where its bounds do not tell them, and its sums, where its lines are computed from
    /// other columns and so are dear to read.
    private mutating func encodeMeasure(_ index: Int) {
        let entry = directory.columns[index]
        guard let starts, !entry.isGrouped, !entry.isConstant, entry.storage == .int64, entry.nullCount < rowCount else {
            return
        }
        let isComputed = [ProductEncoding.name, RatioEncoding.name].contains { entry.encodings.contains($0 + "(") }
        // Sums of runs of few rows would take nearly as many bytes as the rows, and spare little.
        let areLong = (starts.count - 1) * SegmentLayout.rowsInSummedRun <= rowCount
        let measures = RunMeasures(lanes[index].lanes, mask: lanes[index].mask, starts: starts, withSums: isComputed && areLong)
        var measure = SegmentMeasure(column: index)
        if measures.signs.contains(where: { $0 != RunSign.positive.rawValue }) {
            var block = ByteWriter()
            EncodingChooser.encode(EncodingInput(values: measures.signs.map { Int64($0) }), into: &block)
            measure.signBlock = add(block)
        }
        if let sums = measures.sums {
            var block = ByteWriter()
            var present = sums
            if let mask = measures.mask {
                let presence = Presence(mask: mask)
                measure.absentRunCount = mask.count - presence.presentCount
                EncodingChooser.encode(EncodingInput(values: mask.map { Int64($0) }), into: &block)
                present = presence.compressed(sums)
            }
            let input = EncodingInput(values: present, kind: SegmentLayout.kind(of: entry))
            EncodingChooser.choose(input, surchargeShare: SegmentLayout.sumSurchargeShare).write(&block)
            measure.sumBlock = add(block)
        }
        directory.measures.append(measure)
    }

    /// The column's block by the plans of its nodes, nil if one of them does not apply; the best there is without plans.
    private func encoded(
        _ column: LaneColumn, _ index: Int, _ entry: SegmentDirectory.Column, kind: ValueKind, plans: [EncodingPlan]?
    ) -> ByteWriter? {
        let present = presentLanes[index]
        var block = ByteWriter()
        func plan() -> EncodingPlan? { plans.flatMap { block.plans.count < $0.count ? $0[block.plans.count] : nil } }
        func write(_ input: EncodingInput) -> Bool {
            if plans != nil { return EncodingChooser.follow(input, into: &block) }
            let share = entry.isGrouped ? SegmentLayout.groupedSurchargeShare : 1
            EncodingChooser.choose(input, surchargeShare: share).write(&block)
            return true
        }
        if let mask = column.mask {
            let flags = mask.span
            let lanes = Lanes.filled(count: mask.count) { lanes in
                for row in 0..<flags.count { lanes[row] = Int64(flags[row]) }
            }
            let input = EncodingInput(
                values: lanes, kind: .code,
                references: references.references(for: .code, isGrouped: entry.isGrouped, mask: nil), plan: plan())
            guard write(input) else { return nil }
        }
        if let strings = column.strings {
            StringEncoding.encode(column.mask.map { strings.present(in: $0) } ?? strings, into: &block)
        } else if entry.storage == .int128 {
            block.append(column.highLanes == nil ? 0 : 1)
            guard write(EncodingInput(values: present, plan: plan(), statistics: statistics[index])) else { return nil }
            if let high = column.highLanes {
                guard write(EncodingInput(values: column.present(high), plan: plan())) else { return nil }
            }
        } else {
            let input = EncodingInput(
                values: present, kind: kind,
                references: references.references(for: kind, isGrouped: entry.isGrouped, mask: column.mask),
                plan: plan(), statistics: statistics[index],
                rowsInRun: entry.isGrouped ? nil : references.rowsInRun(mask: column.mask))
            guard write(input) else { return nil }
        }
        return block
    }

    static func kind(of entry: SegmentDirectory.Column) -> ValueKind {
        switch entry.storage {
        case .codes32: .code
        case .codes64: .identifier
        case .int32: .day
        case .int64: entry.type == .timestamp ? .time : .number(scale: entry.type.scale ?? 0)
        case .boolean, .double, .int128, .strings: .other
        }
    }

    /// Appends a block and zeros up to where the next one may begin; every block's size counts these.
    private mutating func add(_ block: ByteWriter) -> Int {
        let offset = file.bytes.count
        precondition(offset % SegmentFormat.alignment == 0, "Blocks lie behind each other.")
        file.append(contentsOf: block.bytes)
        file.align(to: SegmentFormat.alignment)
        directory.blocks.append(
            SegmentDirectory.Block(
                offset: offset, size: file.bytes.count - offset,
                checksum: Checksum.block(file.bytes, offset..<file.bytes.count)))
        return directory.blocks.count - 1
    }

    private mutating func writeHeader() {
        file.append(contentsOf: SegmentFormat.magic)
        file.append(littleEndian: SegmentFormat.version)
        while file.bytes.count < SegmentFormat.headerSize - 8 { file.append(0) }
        file.append(littleEndian: Checksum.block(file.bytes))
    }

    private mutating func writeDirectory() {
        var block = ByteWriter()
        directory.write(to: &block)
        block.align(to: SegmentFormat.alignment)
        let offset = file.bytes.count
        file.append(contentsOf: block.bytes)
        var trailer = ByteWriter()
        trailer.append(littleEndian: UInt64(offset))
        trailer.append(littleEndian: UInt64(block.bytes.count))
        trailer.append(littleEndian: Checksum.block(block.bytes))
        trailer.append(littleEndian: UInt64(offset + block.bytes.count + SegmentFormat.trailerSize))
        while trailer.bytes.count < SegmentFormat.trailerSize - 16 { trailer.append(0) }
        trailer.append(contentsOf: SegmentFormat.magic)
        trailer.append(littleEndian: Checksum.block(trailer.bytes))
        file.append(contentsOf: trailer.bytes)
    }
}

extension StringColumn {
    /// The strings whose mask is 1.
    func present(in mask: [UInt8]) -> StringColumn {
        var kept = StringColumn()
        for row in 0..<count where mask[row] != 0 { kept.append(contentsOf: self[bytesAt: row]) }
        return kept
    }
}
