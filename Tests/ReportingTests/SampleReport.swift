import Columns
import Engine
import Indicators
import Ranking
import Reporting

/// A small report with names that try to break the page.
enum SampleReport {
    static let hostileName = "<script>alert(1)</script>\u{202E}\"'&"

    static func report(count: Int = 40, options: ReportOptions = ReportOptions()) throws -> Report {
        let period = try ReportingPeriod(from: "2025-01-01", to: "2026-01-01")
        let indicators = try ["prescription_size", "visit_frequency", "male_gynecology"].map {
            try BoundIndicator(try IndicatorCatalog.builtIn().indicator($0), period: period)
        }
        var profiles: [InstitutionProfile] = []
        for number in 0..<count {
            var profile = InstitutionProfile(
                institutionID: "H" + String(100_000 + number), name: "医院 \(number)", region: number % 3 == 0 ? nil : "520115",
                level: "primary", kind: "hospital", claimCount: 1000, fundCents: 123_456_789)
            if number == 0 { profile.name = hostileName }
            if number == 1 { profile.name = "=1+1,\"x\"" }
            if number == 2 { profile.name = nil }
            if number == 3 { profile.name = "" }
            profiles.append(profile)
        }
        let figures = indicators.enumerated().map { index, bound in
            let rows = profiles.enumerated().map { number, profile in
                IndicatorFigure(
                    institutionID: profile.institutionID, events: number < 4 ? 200 - Int64(number) * 10 : Int64((number + index) % 7),
                    exposure: 1000 + Int64(number), amountCents: number < 4 ? 5_000_000 : 100)
            }
            return (indicatorID: bound.indicator.id, figures: rows)
        }
        let ranking = InstitutionRanking(
            profiles: profiles, figures: figures, amountsAtIssueCents: ["H100000": 9_999_99, "H100001": 12_34])
        var report = Report(
            indicators: indicators, ranking: ranking, period: period,
            provenance: ReportProvenance(storeHead: "ab12", commit: 7, toolVersion: "1.2.3", asOf: "2026-02-01"),
            dataQuality: DataQuality(lineCount: 5000, missing: [("sex", 12)]),
            excerpts: [
                try EvidenceExcerpt(
                    institutionID: "H100000", indicatorID: "prescription_size", evidence: evidence, rowCount: 2)
            ], options: options)
        report.measureRanking()
        return report
    }

    static let patientID = "52000001000000003004108338"

    static var evidence: QueryResult {
        let row = Batch(
            columns: [
                .constant(.text("<b>R1</b>"), type: .text, count: 3), .constant(.text(patientID), type: .text, count: 3),
                .constant(.numeric(unscaled: 1250, scale: 2), type: .numeric(precision: 16, scale: 2), count: 3),
            ], rowCount: 3)
        return QueryResult(
            schema: Schema([
                Field(name: "prescription_id", type: .text), Field(name: "patient_id", type: .text),
                Field(name: "amount", type: .numeric(precision: 16, scale: 2)),
            ]), batches: [row])
    }
}
