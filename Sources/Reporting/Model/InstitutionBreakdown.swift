import Columns
package import Indicators

/// Where an institution's fund went: month by month, its largest items, its doctors.
package struct InstitutionBreakdown: Hashable, Sendable {
    package struct Part: Hashable, Sendable {
        /// A month such as `2025-03`, the code of an item, the id of a doctor.
        package var key: String
        package var name: String?
        package var lineCount: Int64
        package var fundCents: Int128

        package init(key: String, name: String? = nil, lineCount: Int64, fundCents: Int128) {
            self.key = key
            self.name = name
            self.lineCount = lineCount
            self.fundCents = fundCents
        }
    }

    package var institutionID: String
    /// Months with lines, in order.
    package var months: [Part] = []
    /// The largest by Fund.
    package var items: [Part] = []
    /// The largest by Fund.
    package var doctors: [Part] = []

    package init(institutionID: String) { self.institutionID = institutionID }

    /// Measures the lines that count of some institutions.
    ///
    /// Three questions rather than one with grouping sets: measured on a million lines that took no less, because the time goes into the
    /// groups of items, which a wider key makes dearer, and not into reading the lines.
    ///
    /// - Parameter partCount: Items and doctors of each institution.
    /// - Throws: The runner's errors.
    package static func measure(
        _ institutionIDs: [String], partCount: Int, period: ReportingPeriod, runner: any QueryRunner
    ) throws -> [InstitutionBreakdown] {
        if institutionIDs.isEmpty { return [] }
        let list = institutionIDs.map(ParameterValue.quoted).joined(separator: ", ")
        func parts(_ key: String, name: String = "null", condition: String = "true", places: String = "") throws -> [String: [Part]] {
            let answer = try runner.run(
                sql: """
                    with lines as (\(period.linesQuery) and institution_id in (\(list))),
                    parts as (
                        select institution_id, \(key) as key, \(name) as name, count(*) as lines, coalesce(sum(fund_amount), 0) as fund
                        from lines
                        where \(condition)
                        group by institution_id, \(key)
                    ),
                    placed as (
                        select institution_id, key, name, lines, fund,
                               row_number() over (partition by institution_id order by fund desc, key) as place
                        from parts
                    )
                    select institution_id, key, name, lines, fund from placed \(places) order by institution_id, place
                    """)
            let reader = try AnswerReader(answer, columns: ["institution_id", "key", "name", "lines", "fund"], of: "breakdown")
            var found: [String: [Part]] = [:]
            for row in reader.rows.indices {
                guard let id = try reader.text(row, 0), let key = ValueText.nonNull(reader.value(row, 1)) else { continue }
                found[id, default: []].append(
                    Part(
                        key: key, name: try reader.text(row, 2), lineCount: try reader.count(row, 3), fundCents: try reader.cents(row, 4)))
            }
            return found
        }
        let largest = "where place <= \(partCount)"
        let months = try parts("date_trunc('month', settled_at)")
        let items = try parts("item_code", name: "min(item_name)", condition: "item_code <> ''", places: largest)
        let doctors = try parts("doctor_id", name: "min(department)", condition: "doctor_id <> ''", places: largest)
        return institutionIDs.map { id in
            var breakdown = InstitutionBreakdown(institutionID: id)
            breakdown.months = (months[id] ?? []).sorted { $0.key < $1.key }.map { part in
                Part(key: String(part.key.prefix(7)), lineCount: part.lineCount, fundCents: part.fundCents)
            }
            breakdown.items = items[id] ?? []
            breakdown.doctors = doctors[id] ?? []
            return breakdown
        }
    }
}
