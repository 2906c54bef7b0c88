import CSV
import Columns
import Storage

/// What one worker keeps from chunk to chunk.
struct IngestWorker {
    let parser: CSVChunkParser
    /// For each column of the plan.
    var strings: [ColumnStrings]

    init(_ parsePlan: CSVParsePlan, _ plan: IngestPlan) {
        parser = CSVChunkParser(parsePlan)
        strings = plan.columns.map { ColumnStrings(translate: $0.translate) }
    }
}
