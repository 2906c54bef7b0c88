// Finds the institutions with the most oversized prescriptions in the sample data.
//
//     swift run FindOversizedPrescriptions [folder with claims.csv and institutions.csv]

import Foundation
import Fundwatch

func findOversizedPrescriptions(in samples: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("oversized-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: folder) }

    // A store in a folder of its own; the first file makes it.
    var options = StoreOptions()
    options.createsMissingStore = true
    options.timeout = .seconds(60)
    let store = try FundStore(at: folder, options: options)

    // Each file is a batch: all of it or nothing.
    try store.ingest(samples + "/institutions.csv", into: "institutions")
    let claims = try store.ingest(samples + "/claims.csv")
    print("batch \(claims.batchID): \(claims.rowsLoaded) rows loaded, \(claims.rowsRejected) rejected")

    // The indicator, over the second half of the year and with a stricter limit than usual.
    var settings = AnalysisSettings()
    settings.from = CalendarDate(year: 2025, month: 7, day: 1)
    settings.parameters = ["z_limit": "2.0"]
    let figures = try store.figures(of: "prescription_size", settings: settings)
    let worst = figures.sorted { ($1.rate, $0.institutionID) < ($0.rate, $1.institutionID) }.prefix(5)

    // Names come from SQL, column by column; texts from outside are parameters.
    for figure in worst {
        let answer = try store.query(
            "select name, level from institutions where institution_id = $1", parameters: [.text(figure.institutionID)])
        let name = try answer.column("name").texts().first ?? nil
        print("\(figure.institutionID)  \(figure.events) of \(figure.exposure)  \(figure.amount) yuan  \(name ?? "not listed")")
    }

    // The rows behind the worst figure, a batch at a time.
    if let first = worst.first {
        var total: Int128 = 0
        var lines = 0
        try store.stream(
            "select prescription_id, amount from live_claims where institution_id = $1", parameters: [.text(first.institutionID)]
        ) { batch in
            let (cents, _) = try batch.column("amount").unscaledDecimals()
            total += cents.reduce(0) { $0 + ($1 ?? 0) }
            lines += batch.rowCount
        }
        print("\(first.institutionID) billed \(ExactDecimal(unscaled: total, scale: 2)) yuan on \(lines) lines")
    }
}

do {
    try findOversizedPrescriptions(in: CommandLine.arguments.dropFirst().first ?? "SampleData")
} catch let error as FundError {
    // Where, what was found, and the mend; with a caret under the place in a statement.
    FileHandle.standardError.write(Data((error.explanation + "\n").utf8))
    exit(1)
}
