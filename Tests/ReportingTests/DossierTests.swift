import Columns
import Diagnostics
import Engine
import Indicators
import Ranking
import Reporting
import Testing

@testable import Spreadsheet

@Suite("Dossiers")
struct DossierTests {
    /// Answers every question with the sample's evidence.
    private struct Runner: QueryRunner {
        func run(sql: String) throws -> QueryResult { SampleReport.evidence }
        func run(sql: String, reading answers: [(name: String, rows: QueryResult)]) throws -> QueryResult { try run(sql: sql) }
    }

    private func dossier(_ id: String = "H100000", language: DisplayLanguage = .english) throws -> Dossier {
        var options = ReportOptions()
        options.language = language
        return try DossierBuilder.build(institutionID: id, report: try SampleReport.report(options: options), runner: Runner())
    }

    @Test("the page shows figures, peers and evidence with patients in full, and says so") func page() throws {
        let page = DossierPage.page(try dossier())
        #expect(page.contains(SampleReport.patientID) && page.contains(Dossier.confidential.english) && page.contains(Wording.notice.english))
        #expect(page.contains("Oversized prescriptions") && page.contains("<svg") && page.contains("3 of 3 rows"))
        // Hostile data stays data, and nothing is loaded or run.
        #expect(!page.contains("<script") && !page.contains("<b>R1</b>") && !page.unicodeScalars.contains("\u{202E}"))
        for forbidden in ["http://", "https://", "src=", "<link", "url("] { #expect(!page.contains(forbidden)) }
        #expect(page == DossierPage.page(try dossier()))
    }

    @Test("in Chinese") func chinese() throws {
        let page = DossierPage.page(try dossier(language: .chinese))
        #expect(page.contains("听证卷宗") && page.contains(Dossier.confidential.chinese) && !page.contains("Dossier"))
    }

    @Test("the workbook has a sheet of figures and one for the evidence of each finding") func workbook() throws {
        let dossier = try dossier()
        let sheets = try WorkbookReader.sheets(of: DossierWorkbook.bytes(dossier), path: "d.xlsx")
        #expect(sheets.count == 1 + dossier.findings.count && dossier.findings.count == 3)
        for sheet in sheets { #expect(sheet.rows.contains { $0.cells[0]?.text == Dossier.confidential.english }) }
        let evidence = sheets[1].rows.suffix(3)
        #expect(evidence.allSatisfy { $0.cells[1]?.text == SampleReport.patientID && $0.cells[2] == SheetGrid.Cell("12.5", isNumber: true) })
    }

    @Test("an institution that is not there is refused with the nearest; its id makes a plain file name") func names() throws {
        let error = #expect(throws: Diagnostic.self) { try dossier("H10000") }
        #expect(error?.mend?.contains("did you mean") == true && error?.kind == .noInput)
        var odd = try dossier()
        odd.place.profile.institutionID = "../H 1/医"
        #expect(odd.fileStem == "dossier-%2E%2E%2FH%201%2F%E5%8C%BB")
    }
}
