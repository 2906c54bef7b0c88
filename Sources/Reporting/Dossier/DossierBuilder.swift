package import Indicators
import Diagnostics
import Ranking

/// Gathers and writes dossiers.
package enum DossierBuilder {
    /// Rows of evidence of one finding in the workbook; the page shows fewer.
    package static let evidenceLimit = 20_000

    /// - Throws: a `Diagnostic` if no such institution has lines in the period; the runner's errors.
    package static func build(
        institutionID: String, report: Report, runner: any QueryRunner, evidenceLimit: Int = evidenceLimit
    ) throws -> Dossier {
        guard let place = report.ranking.institutions.first(where: { $0.profile.institutionID == institutionID }) else {
            let near = EditDistance.nearest(to: institutionID, among: report.ranking.institutions.map(\.profile.institutionID))
            throw Diagnostic(
                .noInput, "no institution \"\(institutionID)\" has lines that count in the period",
                mend: near.map { "did you mean \"\($0)\"?" } ?? "ranking.csv lists them all")
        }
        let reasons = place.reasons
        let others = place.figures.filter { figure in figure.figure.events > 0 && !reasons.contains { $0.indicatorID == figure.indicatorID } }
        var findings: [Dossier.Finding] = []
        for scored in reasons + others {
            guard let indicator = report.indicators.first(where: { $0.indicator.id == scored.indicatorID }) else { continue }
            let evidence = try IndicatorRun.evidence(of: indicator, institutionID: institutionID, runner: runner)
            let excerpt = try EvidenceExcerpt(
                institutionID: institutionID, indicatorID: scored.indicatorID, evidence: evidence, rowCount: evidenceLimit)
            findings.append(
                Dossier.Finding(
                    indicator: indicator, scored: scored, peerRates: peerRates(scored, in: report.ranking),
                    evidenceColumns: excerpt.columns, evidence: excerpt.rows, evidenceRowCount: excerpt.totalRowCount))
        }
        return Dossier(report: report, place: place, findings: findings)
    }

    /// Writes the page and the workbook of each dossier, atomically.
    ///
    /// - Throws: `ReportError`.
    package static func write(_ dossiers: [Dossier], to folder: String) throws(ReportError) {
        var files: [(name: String, bytes: [UInt8])] = []
        for dossier in dossiers {
            files.append((dossier.fileStem + ".html", Array(DossierPage.page(dossier).utf8)))
            files.append((dossier.fileStem + ".xlsx", DossierWorkbook.bytes(dossier)))
        }
        try AtomicFiles.write(files, to: folder)
    }

    private static func peerRates(_ scored: ScoredFigure, in ranking: InstitutionRanking) -> [Double] {
        guard let basis = scored.comparison?.basis,
            let all = ranking.indicators.first(where: { $0.indicatorID == scored.indicatorID })?.figures
        else { return [] }
        let peers = Set(ranking.institutions.filter { basis.contains($0.profile) }.map(\.profile.institutionID))
        return all.map(\.figure).filter { $0.institutionID != scored.figure.institutionID && peers.contains($0.institutionID) }
            .map(\.rate).sorted()
    }
}
