import Columns
import Indicators
import Ranking

/// The tables of a report above and below institutions as CSV.
package enum GrainFiles {
    private static func money(_ cents: Int128) -> ScalarValue { .numeric(unscaled: cents, scale: 2) }
    private static func text(_ value: String?) -> ScalarValue { value.map { .text($0) } ?? .null }
    private static func rate(_ part: Int64, _ whole: Int64) -> ScalarValue { whole > 0 ? .double(Double(part) / Double(whole)) : .null }

    /// A row for each theme and institution with events of it; `score` as an institution's, over the theme's indicators alone.
    package static func themes(_ report: Report) -> String {
        CSVText.text(
            columns: ["theme", "institution_id", "indicators", "events", "score", "amount_at_issue"],
            rows: report.grains.themeFigures.map { figure in
                [
                    .text(report.grains.themes[figure.theme][report.options.language]), .text(figure.institutionID),
                    .integer(figure.indicatorCount), .integer(figure.events), .numeric(unscaled: Int128(figure.scoreTenths), scale: 1),
                    money(figure.amountCents),
                ]
            })
    }

    /// A row for each region and indicator; without an indicator all claims, and the amount at issue with each line once.
    package static func regions(_ report: Report) -> String {
        CSVText.text(
            columns: ["digits", "region", "indicator", "institutions", "events", "exposure", "rate", "amount"],
            rows: report.grains.regions.flatMap { digits, figures in
                figures.map { figure -> [ScalarValue] in
                    let isOne = figure.indicatorID != nil
                    return [
                        .integer(Int64(digits)), text(figure.region), text(figure.indicatorID), .integer(figure.institutionCount),
                        isOne ? .integer(figure.events) : .null, .integer(figure.exposure),
                        isOne ? rate(figure.events, figure.exposure) : .null, money(figure.amountCents),
                    ]
                }
            })
    }

    package static func departments(_ report: Report) -> String {
        CSVText.text(
            columns: ["institution_id", "department", "indicators", "claims", "fund_amount", "amount_at_issue", "leading_indicator"],
            rows: report.grains.departments.map { department in
                [
                    .text(department.institutionID), .text(department.department), .integer(department.indicatorCount),
                    .integer(department.claimCount), money(department.fundCents), money(department.amountCents),
                    .text(department.leadingIndicatorID),
                ]
            })
    }

    static let practitionerColumns = [
        "rank", "doctor_id", "department", "institution_id", "level", "institutions", "claims", "fund_amount", "score", "grade", "amount_at_issue",
        "indicator", "claims_at_issue", "lines_at_issue", "patients", "rate", "expected_rate", "z", "amount",
    ]

    /// A row for each doctor and indicator with lines at issue, worst doctor first: claims at issue of all the doctor's claims, and what peers let expect.
    package static func practitioners(_ report: Report) -> String {
        var rows: [[ScalarValue]] = []
        for place in report.grains.practitioners {
            let id = place.profile.institutionID
            guard let member = report.grains.doctors[id] else { continue }
            for (indicatorID, figure) in report.grains.doctorFigures[id] ?? [] {
                let scored = place.figures.first { $0.indicatorID == indicatorID }
                rows.append([
                    .integer(Int64(place.rank)), .text(id), text(member.department), .text(member.institutionID), .text(place.profile.level),
                    .integer(member.institutionCount), .integer(member.claimCount), money(member.fundCents),
                    .numeric(unscaled: Int128(place.scoreTenths), scale: 1), .text(place.grade.rawValue), money(place.amountAtIssueCents),
                    .text(indicatorID), .integer(figure.claimCount), .integer(figure.lineCount), .integer(figure.patientCount),
                    rate(figure.claimCount, member.claimCount), scored?.comparison.map { .double($0.expectedRate) } ?? .null,
                    scored?.comparison.map { .double($0.adjustedDistance) } ?? .null, money(figure.amountCents),
                ])
            }
        }
        return CSVText.text(columns: practitionerColumns, rows: rows)
    }

    /// The insured persons with most money at issue; ids masked unless the report reveals them.
    package static func insuredPersons(_ report: Report) -> String {
        CSVText.text(
            columns: [
                "place", "patient_id", "institutions", "indicators", "claims", "fund_amount", "amount_at_issue", "leading_indicator", "leading_claims",
            ],
            rows: report.grains.insuredPersons.enumerated().map { place, person in
                [
                    .integer(Int64(place + 1)), .text(shown(person.patientID, report)), .integer(person.institutionCount),
                    .integer(person.indicatorCount), .integer(person.claimCount), money(person.fundCents), money(person.amountCents),
                    .text(person.leadingIndicatorID), .integer(person.leadingClaimCount),
                ]
            })
    }

    static func shown(_ patientID: String, _ report: Report) -> String {
        report.options.revealsPatients ? patientID : PatientMask.masked(patientID)
    }

    /// Institutions in their first contract months, by their rank among all institutions in the same months of theirs.
    package static func newInstitutions(_ report: Report) -> String {
        CSVText.text(
            columns: [
                "rank", "compared", "institution_id", "name", "region", "level", "kind", "contract_start", "claims", "fund_amount", "score", "grade",
                "amount_at_issue", "reason_1", "reason_2", "reason_3",
            ],
            rows: report.newInstitutions.map { new in
                let (profile, place) = (new.place.profile, new.place)
                let reasons = place.reasons.prefix(3).map { ReasonText.line($0, in: report) }
                return [
                    .integer(Int64(place.rank)), .integer(Int64(new.comparedCount)), .text(profile.institutionID), text(profile.name),
                    text(profile.region), .text(profile.level), .text(profile.kind), .text(new.member.contractStart), .integer(profile.claimCount),
                    money(profile.fundCents), .numeric(unscaled: Int128(place.scoreTenths), scale: 1), .text(place.grade.rawValue),
                    money(place.amountAtIssueCents),
                ] + (0..<3).map { $0 < reasons.count ? .text(reasons[$0]) : .null }
            })
    }
}
