import Columns
import Planning

/// Takes batches one after the other; each worker has its own.
protocol BatchConsumer: AnyObject {
    func consume(_ batch: Batch) throws(ExecutionError)
}

/// Numbered pieces of rows that any worker can bring forth.
protocol MorselSource: Sendable {
    var morselCount: Int { get }
    /// Rows of a morsel at most, for choosing between plans; nothing depends on it being right.
    var estimatedRowCount: Int { get }
    /// Whether all rows are there already, in memory or in a file, and `estimatedRowCount` is their number.
    var isKept: Bool { get }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader
}

extension MorselSource {
    var isKept: Bool { false }
}

/// One worker's way to a source.
protocol MorselReader: AnyObject {
    /// Gives the batches of one morsel, each with its number, to the consumer the reader was made for.
    func read(morsel: Int) throws(ExecutionError)
}

/// A step that batches stream through.
protocol PipelineOperator: Sendable {
    /// Whether it only takes columns of its input, each row once.
    var onlyArranges: Bool { get }
    func makeConsumer(_ next: any BatchConsumer) -> any BatchConsumer
}

extension PipelineOperator {
    var onlyArranges: Bool { false }
}

/// A source and the steps its batches stream through.
struct Pipeline: Sendable {
    var source: any MorselSource
    var operators: [any PipelineOperator] = []
    var columns: [PlanColumn]
    /// Share of the source's rows that the steps are guessed to keep; nothing but speed depends on it.
    var estimatedShare = 1.0
    /// What the source's rows are guessed to be where plans are chosen; nil for what the source says.
    ///
    /// A join whose rows lie in a file knows how many they are; in memory it only guesses. Which side of another join is held, and
    /// so the order of its rows, must not depend on that.
    var guessedSourceRowCount: Int?

    var estimatedRowCount: Int { Int(Double(guessedSourceRowCount ?? source.estimatedRowCount) * estimatedShare) }

    /// Whether all rows are there already, as they are put out but for the choice of columns.
    var isKept: Bool {
        source is RelationSource ? operators.isEmpty : source.isKept && operators.allSatisfy(\.onlyArranges)
    }

    /// The same rows, guessed to be as many as they are.
    ///
    /// - Precondition: `isKept`.
    var counted: Pipeline {
        var result = self
        result.guessedSourceRowCount = nil
        result.estimatedShare = 1
        return result
    }

    /// Index in a batch of each column.
    var layout: [ColumnID: Int] {
        var layout: [ColumnID: Int] = [:]
        for (index, column) in columns.enumerated() { layout[column.id] = index }
        return layout
    }

    /// A chain of consumers that ends in `sink`, and the reader that feeds it.
    func makeReader(_ sink: any BatchConsumer) -> any MorselReader {
        var next = sink
        for step in operators.reversed() { next = step.makeConsumer(next) }
        return source.makeReader(next)
    }
}

/// What the parts of one running plan share.
final class ExecutionContext: Sendable {
    let tables: any TableSource
    let options: ExecutionOptions
    let budget: MemoryBudget
    let profile: QueryProfile

    init(tables: any TableSource, options: ExecutionOptions, profile: QueryProfile) {
        self.tables = tables
        self.options = options
        self.budget = MemoryBudget(limitBytes: options.memoryLimitBytes)
        budget.take(options.heldByteCount)
        self.profile = profile
        spillingByteCount =
            options.spillingByteCount
            ?? options.memoryLimitBytes.map { max(ExecutionContext.smallestShare, $0 / ExecutionContext.shareCount) }
    }

    /// The same plan's surroundings for one of several tasks that run side by side, each on one thread.
    init(oneOf taskCount: Int, in whole: ExecutionContext) {
        tables = whole.tables
        var options = whole.options
        options.workerCount = 1
        self.options = options
        budget = whole.budget
        profile = whole.profile
        spillingByteCount = whole.spillingByteCount.map { $0 / max(1, taskCount) }
    }

    /// The same for reading rows that lie there already: none of the plan's tables is held on to.
    func withoutTables() -> ExecutionContext { ExecutionContext(tables: NoTables(), options: options, profile: profile) }

    /// The same with all the time there is.
    func withoutDeadline() -> ExecutionContext { ExecutionContext(untimed: self) }

    private init(untimed whole: ExecutionContext) {
        tables = whole.tables
        var options = whole.options
        options.deadline = nil
        self.options = options
        budget = whole.budget
        profile = whole.profile
        spillingByteCount = whole.spillingByteCount
    }

    /// Counts what is held already, and is not to be refused, until nobody has the result any more; nil where nobody asks.
    ///
    /// - Parameter other: Counts bytes that are held as long as these are.
    func held(_ byteCount: @autoclosure () -> Int, beside other: MemoryShare? = nil) throws(ExecutionError) -> MemoryShare? {
        guard let limit = spillingByteCount else { return nil }
        let share = MemoryShare(budget, limitBytes: limit, beside: other)
        _ = try share.add(byteCount())
        return share
    }

    /// Bytes an operator may hold before it spills; nil where it never does.
    let spillingByteCount: Int?

    /// Whether plans are chosen for speed, though they may hold more.
    var plansForSpeed: Bool { spillingByteCount == nil || options.isUsualLimit }

    /// An operator that merges what its workers gathered holds it up to three times for a while.
    static let shareCount = 4
    /// Less than this is not worth a file.
    static let smallestShare = 1 << 20

    var workerCount: Int { options.workerCount }
}

/// For rows that need no table any more.
private struct NoTables: TableSource {
    func table(named name: String) throws(ExecutionError) -> any ScannableTable {
        preconditionFailure("rows that are kept read no table")
    }
}
