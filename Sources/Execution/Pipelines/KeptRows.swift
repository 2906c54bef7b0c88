package import Columns
import Planning

/// The rows a plan gave: in memory, or in a file that goes away with them.
package struct KeptRows: Sendable {
    package let rowCount: Int
    private let pipeline: Pipeline
    private let places: [Int]
    private let context: ExecutionContext

    /// - Parameter pipeline: One that is kept.
    init(_ pipeline: Pipeline, places: [Int], _ context: ExecutionContext) {
        self.pipeline = pipeline
        self.places = places
        // Whoever reads them looks at the time, if there is a limit: a person at a pager has none.
        self.context = context.withoutDeadline()
        rowCount = pipeline.source.estimatedRowCount
    }

    /// An answer that others read.
    ///
    /// - Parameter pipeline: Nothing but rows in memory or in a file.
    fileprivate init(answer pipeline: Pipeline, _ context: ExecutionContext) {
        self.init(pipeline, places: Array(pipeline.columns.indices), context)
    }

    /// The batches if they are in memory, else nil.
    package var batchesInMemory: [Batch]? {
        (pipeline.source as? RelationSource)?.relation.batches.map { Executor.arranged($0, places) }
    }

    /// Hands over the batches in order.
    ///
    /// - Throws: what `body` throws, or that rows cannot be read back.
    package func forEachBatch(_ body: (Batch) throws -> Void) throws {
        var failure: (any Error)?
        do throws(ExecutionError) {
            try Executor.forEachBatch(of: pipeline, context) { batch throws(ExecutionError) in
                do { try body(Executor.arranged(batch, places)) } catch {
                    failure = error
                    throw ExecutionError(.unsupported("the reader stopped"))
                }
            }
        } catch {
            throw failure ?? error.diagnostic
        }
    }
}

extension KeptRows {
    /// An answer in memory takes one in so many bytes of the limit: a report has twenty of them, each read through a copy.
    private static let answerShare = 128
    /// The same where nobody asked for the limit.
    private static let usualAnswerShare = 32
    /// All answers in memory take one in so many bytes of the limit: statements need the rest.
    private static let allAnswersShare = 8

    /// Runs a pipeline and keeps its rows for other statements, which have the memory limit to themselves: more than a small part
    /// of it goes to a file.
    ///
    /// - Parameters:
    ///   - output: The columns wanted; they get identities of their own.
    ///   - context: Whose tables the rows do not hold on to.
    static func answer(
        _ pipeline: Pipeline, output: [PlanColumn], _ context: ExecutionContext
    ) throws(ExecutionError) -> KeptRows {
        var rows = pipeline
        rows.operators.append(try ProjectOperator(output.map(\.reference), columns: rows.layout, counters: OperatorCounters(.root)))
        rows.columns = output.enumerated().map { index, column in
            PlanColumn(id: ColumnID(index), name: column.name, type: column.type, isNullable: column.isNullable)
        }
        let share = context.options.isUsualLimit ? usualAnswerShare : answerShare
        let limit = context.spillingByteCount.map { spillingByteCount in
            let whole = spillingByteCount * ExecutionContext.shareCount
            let left = whole / allAnswersShare - context.options.heldByteCount
            return max(min(spillingByteCount, ExecutionContext.smallestShare), min(whole / share, left))
        }
        return KeptRows(
            answer: try rows.collected(context, counters: OperatorCounters(.root), limitBytes: limit, isAnew: true),
            context.withoutTables())
    }

    /// The rows of an answer in which a column has a value, with some of the columns, kept as the answer is.
    ///
    /// - Parameters:
    ///   - marker: The index of the column that tells.
    ///   - columns: Indexes of the columns wanted.
    package func rows(where marker: Int, is wanted: ScalarValue, columns: [Int]) throws -> KeptRows {
        do throws(ExecutionError) {
            let column = pipeline.columns[marker]
            var chosen = pipeline
            chosen.operators.append(
                try FilterOperator(
                    .comparison(.equal, column.reference, .constant(wanted, column.type)), columns: chosen.layout,
                    counters: OperatorCounters(.root)))
            return try KeptRows.answer(chosen, output: columns.map { pipeline.columns[$0] }, context)
        } catch {
            throw error.diagnostic
        }
    }

    /// Bytes of its rows in memory.
    package var heldByteCount: Int {
        (pipeline.source as? RelationSource)?.relation.batches.reduce(0) { $0 + $1.byteCount } ?? 0
    }

    /// Pieces of an answer that can be read by themselves; 0 for rows in memory.
    package var pieceCount: Int { (pipeline.source as? SpilledRows)?.morselCount ?? 0 }

    /// Rows of a piece.
    package func rowCount(piece: Int) -> Int { (pipeline.source as? SpilledRows)?.pieces[piece].rowCount ?? 0 }

    /// The rows of a piece.
    package func piece(_ number: Int) throws(ExecutionError) -> Batch {
        guard let rows = pipeline.source as? SpilledRows else { preconditionFailure("rows in memory have no pieces") }
        return try rows.batch(number)
    }
}
