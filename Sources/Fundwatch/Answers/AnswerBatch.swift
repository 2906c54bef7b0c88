import Columns

/// Some of an answer's rows, in order: as many as the engine makes at a time, at most about a hundred thousand.
public struct AnswerBatch: Sendable {
    /// Its rows, at least one.
    public let rowCount: Int
    /// Its columns, in the order of the query.
    public let columns: [AnswerColumn]

    init(_ batch: Batch, _ descriptions: [ColumnDescription]) {
        rowCount = batch.rowCount
        columns = zip(descriptions, batch.columns).map { AnswerColumn($0, pieces: [$1]) }
    }

    /// The column of a name.
    ///
    /// - Throws: ``FundError/Kind/usage`` if there is none, or more than one.
    public func column(_ name: String) throws(FundError) -> AnswerColumn {
        columns[try ColumnPlace.of(name, in: columns.map(\.description))]
    }
}
