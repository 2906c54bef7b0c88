package import Columns
package import Diagnostics
import Execution
import Planning

/// Limits and surroundings of a database.
package struct EngineOptions: Sendable {
    /// Worker threads; nil for one a core.
    package var workerCount: Int?
    /// Bytes a query may hold; nil where nobody says.
    package var memoryLimit: Int?
    /// Bytes a query may hold where nobody says, before it goes on in a file; nil for no limit.
    ///
    /// It is there for what would bring the machine down: plans are made for speed, and freed memory is kept until the first file.
    package var usualMemoryLimit: Int? = MachineMemory.usualLimit
    /// Where rows go that memory has no room for; nil for `$TMPDIR`, else the store's folder, else a folder of the system.
    package var temporaryDirectory: String?
    /// How long a query may run; nil for as long as it takes.
    package var timeout: Duration?
    /// Rows a query may give; nil for any number.
    package var rowLimit: Int?
    /// Whether the rows of a result must be held in memory, and are refused where there is no room; else they may lie in a file.
    package var holdsResults = false
    /// Whether statements may name files of this machine: `read_csv`, `read_parquet`.
    package var readsFiles = true
    /// Whether standard input has something else than rows, such as the statements.
    package var standardInputIsTaken = false
    /// Told what is to be said besides a statement's rows: lines of a file that it asked to leave out. Without it nothing is left out.
    package var onNotice: (@Sendable (Diagnostic) -> Void)?
    /// Names of rewrite rules to leave out, of `ruleNames`.
    package var disabledRules: Set<String> = []
    /// Tables that exist, empty, until they are loaded.
    package var knownTables: [String: Schema] = [:]
    /// Views that exist in every store; name and query.
    package var knownViews: [String: String] = [:]
    /// What `now()` and `current_date` are asked of; nil where an answer must be repeatable, as figures and reports: they are refused then.
    package var clock: LocalClock?
    /// The zone of times that name none, where a statement has set it; else that of the clock.
    package var zone: ZoneRules?
    /// Who statements speak for; nil refuses `current_user` and its kin.
    package var session: SessionIdentity?
    /// Rows of a segment that `create table as` writes, the last one aside.
    package var segmentRowCount = 131_072
    /// Whether statements count the bytes they read, which takes looking at the directory of every segment.
    package var countsBytesRead = false
    /// Recorded in each commit and in reports.
    package var toolVersion = EngineOptions.version
    /// Asked now and then; true stops the work.
    package var isCancelled: @Sendable () -> Bool = { false }

    package init() {}

    /// What planning is to know of them.
    var planning: PlannerOptions {
        var planning = PlannerOptions(disabledRules: disabledRules, asOf: clock?.now)
        planning.zone = (zone ?? clock?.zone)?.name
        planning.user = session?.user
        planning.database = session?.database
        return planning
    }

    /// Columns of known tables that are text, in lower case.
    var knownTextColumns: Set<String> {
        Set(knownTables.values.flatMap(\.fields).filter { $0.type == .text }.map { ColumnNames.folded($0.name) })
    }

    /// What `workerCount` may be where somebody chooses it.
    package static let workerCounts = 1...1024

    /// What is said of a number beyond them, behind its name.
    package static var workerCountRange: String { "is not between \(workerCounts.lowerBound) and \(workerCounts.upperBound)" }

    /// The version of everything in this package.
    package static let version = "0.1.0"

    /// What can be left out: rules of planning, and what statements find out for those after them.
    package static var ruleNames: [String] { Optimizer.ruleNames + [FilterMemory.name] }

    package var effectiveWorkerCount: Int { workerCount ?? EngineOptions.processorCount }
}
