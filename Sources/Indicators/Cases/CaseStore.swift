import Claims
import Columns
import Diagnostics
import Engine
import FoundationEssentials

/// The rows of a case in a store of their own, which is gone with this.
struct CaseStore {
    /// Rows that the store refuses.
    struct LoadingError: Error {
        let table: String
        let message: String
    }

    let database: Database
    /// Holds the store.
    private let folder: TemporaryFolder

    /// - Throws: `LoadingError`; what keeps a store from being made at all.
    init(_ example: IndicatorCase, engine: EngineOptions) throws {
        folder = try TemporaryFolder(prefix: "fundwatch-case-")
        database = Database(path: folder.path + "/store", options: engine)
        var options = IngestOptions()
        options.rejectLimit = .rows(0)
        options.loadsRepeatedFiles = true
        for name in CanonicalTable.all.map(\.name) {
            // A later file replaces most tables, so all rows of a table with the same columns go into one.
            for (number, table) in CaseStore.merged(example.tables.filter { $0.table == name }).enumerated() {
                guard let planner = ClaimImport(table: name) else { continue }
                let path = folder.path + "/\(name)-\(number).csv"
                try Data(CaseRows.csv(table, firstRow: CaseRows.firstRow(ofPiece: number)).utf8).write(to: URL(filePath: path))
                do {
                    _ = try database.ingest(path, planner: planner, options: options)
                } catch let error as any DiagnosableError {
                    throw LoadingError(table: name, message: error.diagnostic.message)
                }
            }
        }
    }

    /// The money at issue on each line of claims, for those that have any; nil if the indicator tells no lines.
    ///
    /// - Throws: The engine's errors.
    func moneyOfLines(_ indicator: BoundIndicator) throws -> [ClaimLineKey: Int128]? {
        guard let query = indicator.linesQuery else { return nil }
        let answer = try database.run(
            sql: """
                select claim_id, line_id, round(sum(amount), 2) as amount
                from (\(IndicatorRun.linesQuery(query))) as lines_of_case
                group by claim_id, line_id
                """)
        var money: [ClaimLineKey: Int128] = [:]
        for row in answer.rows() {
            guard case .text(let claimID) = row[0], case .text(let lineID) = row[1], case .numeric(let amount, _) = row[2] else { continue }
            money[ClaimLineKey(claimID: claimID, lineID: lineID)] = amount
        }
        return money
    }

    private static func merged(_ tables: [IndicatorCase.Rows]) -> [IndicatorCase.Rows] {
        var merged: [IndicatorCase.Rows] = []
        for table in tables {
            if let place = merged.firstIndex(where: { $0.columns == table.columns }) {
                merged[place].rows += table.rows
            } else {
                merged.append(table)
            }
        }
        return merged
    }
}
