import Planning

/// What the steps of one running recursive query have in common: the parts of its recursive term that do not read the rows of
/// the step before, computed by the first step that needs them.
final class FixedParts {
    private let id: Int
    private var answers: [PlanPath: Bool] = [:]
    private var pipelines: [PlanPath: Pipeline] = [:]
    private var probes: [PlanPath: KeptProbe] = [:]
    /// Steps begun so far.
    var stepCount = 0

    /// Steps that stream a part past their rows, where that looks cheaper for one of them, before the part is kept in memory.
    private static let streamingStepCount = 2
    /// Rows of a part that is kept in memory though a step alone would rather stream it.
    private static let keptRowLimit = 1 << 21

    /// - Parameter id: What `.working` in the recursive term names.
    init(id: Int) { self.id = id }

    /// Whether a plan of the recursive term, which stands at a place of its own, gives the same rows at every step.
    func contains(_ plan: LogicalPlan, at path: PlanPath) -> Bool {
        if let known = answers[path] { return known }
        let answer = !plan.reads(working: id)
        answers[path] = answer
        return answer
    }

    /// The pipeline of a part; it may be run again and again.
    func pipeline(at path: PlanPath) -> Pipeline? { pipelines[path] }

    func keep(_ pipeline: Pipeline, at path: PlanPath) { pipelines[path] = pipeline }

    /// Whether a part that a join could stream should be its build side all the same.
    func isWorthBuilding(rowCount: Int) -> Bool {
        stepCount > FixedParts.streamingStepCount && rowCount <= FixedParts.keptRowLimit
    }

    func probe(at path: PlanPath) -> KeptProbe? { probes[path] }

    func keep(_ probe: KeptProbe, at path: PlanPath) { probes[path] = probe }
}

/// A join whose build side is the same at every step, ready to take the rows of the next.
struct KeptProbe {
    let probe: JoinProbe
    /// Which side streams past the build rows.
    let streamsLeft: Bool
    /// Columns that the streaming side must put out.
    let input: [PlanColumn]
    /// Columns that the join puts out.
    let output: [PlanColumn]
    /// Counts the bytes of the build side while it is kept.
    let share: MemoryShare
}

/// Plans computed once, by id.
final class SharedResults {
    private var results: [Int: [(plan: LogicalPlan, rows: Pipeline)]] = [:]

    /// The rows of a plan; parts of a statement that are rewritten by themselves may have it in forms of their own.
    func rows(_ id: Int, of plan: LogicalPlan) -> Pipeline? { results[id]?.first { $0.plan == plan }?.rows }

    func keep(_ rows: Pipeline, _ id: Int, of plan: LogicalPlan) { results[id, default: []].append((plan, rows)) }
}

/// A recursive query at one of its steps.
struct RunningRecursion {
    /// What `.working` names.
    let id: Int
    /// The rows that the step before gave.
    let working: Relation
    /// Results that are good for this step only.
    let shared = SharedResults()
}
