import Columns
import Planning

/// Appends the streaming half of a join to the pipeline of its probe side.
struct JoinStep: Sendable {
    let context: ExecutionContext

    /// Keys whose sides are expressions of one representation.
    struct Keys {
        var left: [ExpressionProgram] = []
        var right: [ExpressionProgram] = []
        var isNullSafe: [Bool] = []
    }

    /// A pipeline that streams `left` past build rows in memory.
    func probing(
        _ node: JoinNode, _ kind: JoinProbe.Kind, _ left: Pipeline, _ rightColumns: [PlanColumn], _ build: Batch,
        buildFirst: Bool, _ counters: OperatorCounters, matched: MatchedRows?, memory: RememberedMatches? = nil
    ) throws(ExecutionError) -> Pipeline {
        let share = try context.held(build.byteCount + build.rowCount * Relation.workingSize)
        let buildLayout = Pipeline(source: left.source, columns: rightColumns).layout
        let keys = try keys(node, left.layout, buildLayout)
        let columns = buildFirst ? rightColumns + left.columns : left.columns + rightColumns
        let probe = JoinProbe(
            kind: kind, build: build, buildColumnsFirst: buildFirst, probePrograms: keys.left,
            buildPrograms: keys.right, isNullSafe: keys.isNullSafe, residual: try residual(node, columns),
            counters: counters, options: context.options, matched: matched, share: share)
        var pipeline = left
        var isDone = false
        if let memory {
            isDone = JoinStep.remember(RememberedFilter(memory, keepsMatches: kind == .semi, probe: probe), &pipeline)
        }
        if !isDone { isDone = try takesOver(probe, node, &pipeline) }
        if !isDone {
            if kind == .inner || kind == .semi { try thin(&pipeline, node, probe, buildLayout) }
            try standIn(&pipeline, node, build, buildLayout)
            pipeline.operators.append(probe)
        }
        switch kind {
        case .semi, .anti, .mark: break
        case .inner, .left, .single: pipeline.columns = columns
        }
        pipeline.estimatedShare = JoinStep.share(kind, of: pipeline.estimatedShare)
        return pipeline
    }

    /// Lets the scan that the rows come from straight away do what the join does.
    private func takesOver(
        _ probe: JoinProbe, _ node: JoinNode, _ pipeline: inout Pipeline
    ) throws(ExecutionError) -> Bool {
        guard probe.isKeyFilter, pipeline.operators.isEmpty, var scan = pipeline.source as? ScanSource,
            let filter = try KeyFilter(
                probe, keys: node.keys.map(\.left), layout: scan.layout, keepsMatches: probe.kind == .semi, isRequired: true)
        else { return false }
        scan.add(filter)
        pipeline.source = scan
        return true
    }

    /// Lets the scan that the rows come from straight away do what a join does whose answer is remembered.
    static func remember(_ filter: RememberedFilter, _ pipeline: inout Pipeline) -> Bool {
        guard pipeline.operators.isEmpty else { return false }
        if var scan = pipeline.source as? ScanSource {
            scan.add(filter)
            pipeline.source = scan
            return true
        }
        guard var scan = pipeline.source as? FoldingScan else { return false }
        scan.add(filter)
        pipeline.source = scan
        return true
    }

    /// What is known of a semi or anti join of rows that come straight from a scan; nil if nothing of it can be kept.
    func memory(of node: JoinNode, _ left: Pipeline) -> RememberedMatches? {
        guard let memory = context.options.filterMemory, node.residual == nil, !node.keys.isEmpty, left.operators.isEmpty,
            let origin = (left.source as? ScanSource)?.origin ?? (left.source as? FoldingScan)?.origin,
            context.tables.isLasting(origin.table), let others = node.right.lastingForm(context.tables.isLasting)
        else { return nil }
        let putOut = Set(left.columns.map(\.id))
        let placeOf = Dictionary(node.right.columns.enumerated().map { ($1.id, $0) }) { first, _ in first }
        var fields: [Int] = []
        var places: [Int] = []
        for pair in node.keys {
            guard case .column(let own, _) = pair.left, putOut.contains(own), let field = origin.fieldOf[own],
                case .column(let other, _) = pair.right, let place = placeOf[other]
            else { return nil }
            fields.append(field)
            places.append(place)
        }
        return memory.answer(
            FilterMemory.Question(
                table: origin.table, fields: fields, others: others, places: places, isNullSafe: node.keys.map(\.isNullSafe)),
            segmentCount: origin.segmentCount)
    }

    /// A semi join is guessed to keep one row of so many.
    static let semiJoinShare = 4.0

    /// The share of a source's rows that is left of one after a join.
    static func share(_ kind: JoinProbe.Kind, of share: Double) -> Double { kind == .semi ? share / semiJoinShare : share }

    /// How many times more rows than the build side a scan must have to be thinned out.
    private static let thinningFactor = 8

    /// Lets the scan that the rows come from leave out those that the join will find no match for.
    private func thin(
        _ pipeline: inout Pipeline, _ node: JoinNode, _ probe: JoinProbe, _ buildLayout: [ColumnID: Int]
    ) throws(ExecutionError) {
        guard var scan = pipeline.source as? ScanSource, scan.takesOptionalFilters, !node.keys.isEmpty,
            probe.build.rowCount.multipliedReportingOverflow(by: JoinStep.thinningFactor).partialValue < scan.rowCount,
            let layout = JoinStep.scanned(pipeline, scan)
        else { return }
        var known: [JoinNode.KeyPair] = []
        var sameInRuns: [JoinNode.KeyPair] = []
        for pair in node.keys {
            let program: ExpressionProgram
            var ids: Set<ColumnID> = []
            pair.left.collectColumnIDs(into: &ids)
            guard ids.isSubset(of: layout.keys) else { continue }
            program = try ExpressionProgram(pair.left, columns: layout)
            known.append(pair)
            var isSame = true
            for column in program.columns where try !scan.seemsSameInRuns(column) { isSame = false }
            if isSame { sameInRuns.append(pair) }
        }
        func add(_ pairs: [JoinNode.KeyPair]) throws(ExecutionError) {
            guard !pairs.isEmpty else { return }
            var own = probe
            if pairs.count < node.keys.count {
                var build: [ExpressionProgram] = []
                for pair in pairs { build.append(try ExpressionProgram(pair.right, columns: buildLayout)) }
                own = JoinProbe(
                    kind: .semi, build: probe.build, probePrograms: [], buildPrograms: build,
                    isNullSafe: pairs.map(\.isNullSafe), residual: nil, counters: OperatorCounters(.root),
                    options: context.options)
            }
            guard
                let filter = try KeyFilter(
                    own, keys: pairs.map(\.left), layout: layout, keepsMatches: true, isRequired: false)
            else { return }
            scan.add(filter)
        }
        if sameInRuns.count < known.count { try add(sameInRuns) }
        try add(known)
        pipeline.source = scan
    }

    /// Lets the scan that the rows come from straight away leave columns unread that only the join's condition reads, where
    /// their segments' zone maps tell what comes of it.
    private func standIn(
        _ pipeline: inout Pipeline, _ node: JoinNode, _ build: Batch, _ buildLayout: [ColumnID: Int]
    ) throws(ExecutionError) {
        guard pipeline.operators.isEmpty, var scan = pipeline.source as? ScanSource, let condition = node.residual,
            build.rowCount <= JoinStep.standInLimit
        else { return }
        for column in pipeline.columns where node.conditionOnly.contains(column.id) {
            guard let place = scan.layout[column.id], scan.outputPlaces.count(where: { $0 == place }) == 1,
                let standIn = try ZoneStandIn(
                    column.id, column.type, place: place, in: condition, build, layout: buildLayout)
            else { continue }
            scan.add(standIn)
        }
        pipeline.source = scan
    }

    /// Build rows that are looked through for what a column is compared with.
    private static let standInLimit = 1 << 16

    /// Lets the scan that the rows come from leave out those that cannot be among the first ones of a sort.
    static func bound(_ pipeline: inout Pipeline, by key: PlanSortKey, _ bound: TopBound) {
        guard case .column(let id, let type) = key.expression, var scan = pipeline.source as? ScanSource,
            scan.takesOptionalFilters, let place = scanned(pipeline, scan)?[id]
        else { return }
        scan.bound(by: key, type, ofPlace: place, bound)
        pipeline.source = scan
    }

    /// Where the scan has the columns that the pipeline puts out as they were read; nil if a row left out there might
    /// keep a later step from failing.
    private static func scanned(_ pipeline: Pipeline, _ scan: ScanSource) -> [ColumnID: Int]? {
        var places: [Int?] = scan.outputPlaces
        for step in pipeline.operators {
            switch step {
            case let project as ProjectOperator:
                if project.canRaise { return nil }
                let before = places
                places = project.sources.map { $0.flatMap { before[$0] } }
            case let filter as FilterOperator:
                if filter.canRaise { return nil }
            case let probe as JoinProbe:
                if probe.matched != nil || probe.residual?.canRaise == true || probe.probePrograms.contains(where: \.canRaise) { return nil }
                switch probe.kind {
                case .semi, .anti: break
                case .inner, .left:
                    let others = [Int?](repeating: nil, count: probe.build.columns.count)
                    places = probe.buildColumnsFirst ? others + places : places + others
                case .single, .mark: return nil
                }
            default: return nil
            }
        }
        guard places.count == pipeline.columns.count else { return nil }
        var layout: [ColumnID: Int] = [:]
        for (place, column) in zip(places, pipeline.columns) { layout[column.id] = place }
        return layout
    }

    func keys(_ node: JoinNode, _ left: [ColumnID: Int], _ right: [ColumnID: Int]) throws(ExecutionError) -> Keys {
        var keys = Keys()
        for pair in node.keys {
            keys.left.append(try ExpressionProgram(pair.left, columns: left))
            keys.right.append(try ExpressionProgram(pair.right, columns: right))
            keys.isNullSafe.append(pair.isNullSafe)
        }
        return keys
    }

    private func residual(_ node: JoinNode, _ columns: [PlanColumn]) throws(ExecutionError) -> PredicateProgram? {
        guard let condition = node.residual else { return nil }
        let layout = Pipeline(source: RelationSource(relation: Relation(columns: [], batches: [])), columns: columns).layout
        return try PredicateProgram(predicates: [condition], columns: layout)
    }
}
