import Claims
import Engine
import Foundation
import Indicators
import Reporting
import Testing

@Suite("Where an institution's fund went")
struct InstitutionBreakdownTests {
    /// Claims of H1, H2 and H3: institution, settled, item, item's name, doctor, fund.
    private static let lines = """
        H1,2025-01-05,A,Ay,D1,10.00
        H1,2025-01-06,B,Be,D2,20.50
        H1,2025-03-07,A,Ax,D1,15.25
        H1,2025-03-08,,none,,1.00
        H1,2025-04-07,C,,D3,20.50
        H2,2025-04-07,Y,,D1,
        H3,2025-04-07,Z,Zet,D9,99.00

        """

    /// Answers of a store with those claims, for as long as the body runs.
    private func measure(_ ids: [String], partCount: Int = 5, period: ReportingPeriod = .all) throws -> [InstitutionBreakdown] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fundwatch-breakdown-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var text =
            "claim_id,line_id,institution_id,patient_id,visit_type,service_time,settled_at,item_code,item_name,doctor_id,department,quantity,unit_price,amount,fund_amount\n"
        for (number, line) in Self.lines.split(separator: "\n").enumerated() {
            let values = line.split(separator: ",", omittingEmptySubsequences: false)
            // An item's code is required; a quoted empty one is an empty text.
            let item = values[2].isEmpty ? "\"\"" : String(values[2])
            text += "C\(number),1,\(values[0]),P1,11,\(values[1]) 08:00:00,\(values[1]) 09:00:00,\(item),\(values[3]),\(values[4]),A01,1,1,100.00,\(values[5])\n"
        }
        let path = folder.appendingPathComponent("claims.csv").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        var options = EngineOptions()
        options.knowClaims()
        let database = Database(path: folder.appendingPathComponent("store").path, options: options)
        _ = try database.ingest(path, planner: try #require(ClaimImport(table: "claims")), options: IngestOptions())
        return try InstitutionBreakdown.measure(ids, partCount: partCount, period: period, runner: database)
    }

    private func text(_ parts: [InstitutionBreakdown.Part]) -> [String] {
        parts.map { "\($0.key) \($0.name ?? "-") \($0.lineCount) \($0.fundCents)" }
    }

    @Test("months in order, items and doctors by fund, then by code; lines that name none are in the months alone") func parts() throws {
        let found = try measure(["H2", "H1"])
        #expect(found.map(\.institutionID) == ["H2", "H1"])
        #expect(text(found[1].months) == ["2025-01 - 2 3050", "2025-03 - 2 1625", "2025-04 - 1 2050"])
        #expect(text(found[1].items) == ["A Ax 2 2525", "B Be 1 2050", "C - 1 2050"])
        #expect(text(found[1].doctors) == ["D1 A01 2 2525", "D2 A01 1 2050", "D3 A01 1 2050"])
        // No fund is none, not unknown.
        #expect(text(found[0].months) == ["2025-04 - 1 0"] && text(found[0].items) == ["Y - 1 0"])
    }

    @Test("the largest alone, within the period, and nothing for nobody") func limits() throws {
        let period = try ReportingPeriod(from: "2025-02-01", to: nil)
        let found = try measure(["H1", "H4"], partCount: 1, period: period)
        #expect(text(found[0].months) == ["2025-03 - 2 1625", "2025-04 - 1 2050"])
        #expect(text(found[0].items) == ["C - 1 2050"] && text(found[0].doctors) == ["D3 A01 1 2050"])
        #expect(found[1] == InstitutionBreakdown(institutionID: "H4"))
        #expect(try measure([]).isEmpty)
    }
}
