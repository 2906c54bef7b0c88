package import Columns
package import Engine

/// The first rows behind one figure of one institution.
package struct EvidenceExcerpt: Sendable {
    package var institutionID: String
    package var indicatorID: String
    package var columns: [String]
    package var rows: [[ScalarValue]]
    /// Rows there are in all.
    package var totalRowCount: Int

    /// - Throws: that evidence in a file cannot be read back.
    package init(institutionID: String, indicatorID: String, evidence: QueryResult, rowCount: Int) throws {
        self.institutionID = institutionID
        self.indicatorID = indicatorID
        columns = evidence.schema.fields.map(\.name)
        totalRowCount = evidence.rowCount
        var first: [[ScalarValue]] = []
        try evidence.forFirstBatches { batch in
            let vectors = batch.columns.map { $0.flattened() }
            for row in 0..<min(batch.rowCount, rowCount - first.count) { first.append(vectors.map { $0.scalar(at: row) }) }
            return first.count < rowCount
        }
        rows = first
    }
}

/// Patient ids in reports.
package enum PatientMask {
    /// Columns that hold patient ids.
    package static func isPatientColumn(_ name: String) -> Bool { name == "patient_id" || name.hasSuffix("_patient_id") }

    /// The last three characters of an id of at least eight, the rest as stars; a shorter one is stars only.
    package static func masked(_ id: String) -> String {
        id.count >= 8 ? "*****" + id.suffix(3) : "********"
    }
}
