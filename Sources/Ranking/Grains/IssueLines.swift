import Columns
package import Engine
package import Indicators

/// Every line at issue with what it says of department, doctor and patient, once for each indicator that tells it.
package struct IssueLines: Sendable {
    /// `indicator` (its place), `theme`, `institution_id`, `department`, `doctor_id`, `patient_id`, `claim_id`, `line_id`, `amount`.
    package let rows: QueryResult
    package let indicatorIDs: [String]
    /// Themes in the order of the indicators.
    package let themes: [BilingualText]

    static let table = "issue lines"

    /// Brings the money of indicators together with the lines it lies on.
    ///
    /// - Parameter money: What each indicator that is not in it leaves out of the amount at issue.
    /// - Throws: The runner's errors.
    package static func measure(
        _ money: [String: MoneyAtIssue], of indicators: [BoundIndicator], period: ReportingPeriod, runner: any QueryRunner
    ) throws -> IssueLines {
        var themes: [BilingualText] = []
        var answers: [(name: String, rows: QueryResult)] = []
        var lines: [String] = []
        var claims: [(countedLines: String, tables: [String])] = []
        for (place, bound) in indicators.enumerated() {
            let theme = themes.firstIndex(of: bound.indicator.theme) ?? themes.count
            if theme == themes.count { themes.append(bound.indicator.theme) }
            let name = "at issue \(place)"
            switch money[bound.indicator.id] {
            case nil: continue
            case .lines(let rows):
                answers.append((name, rows))
                lines.append(
                    "select \(place) as indicator, \(theme) as theme, institution_id, claim_id, line_id, max(amount) as amount from \"\(name)\" group by institution_id, claim_id, line_id")
            case .claims(let rows, let countedLines):
                answers.append((name, rows))
                let table = "select distinct \(place) as indicator, \(theme) as theme, institution_id, claim_id from \"\(name)\""
                if let known = claims.firstIndex(where: { $0.countedLines == countedLines }) {
                    claims[known].tables.append(table)
                } else {
                    claims.append((countedLines, [table]))
                }
            }
        }
        let columns = "f.indicator, f.theme, f.institution_id, l.department, l.doctor_id, l.patient_id, l.claim_id, l.line_id"
        var parts = claims.map { countedLines, tables in
            """
            select \(columns), coalesce(l.fund_amount, 0) as amount
            from (
            \(tables.joined(separator: "\nunion all\n"))
            ) as f
            join (\(countedLines)) as l on l.claim_id = f.claim_id
            """
        }
        if !lines.isEmpty {
            parts.append(
                """
                select \(columns), f.amount
                from (
                \(lines.joined(separator: "\nunion all\n"))
                ) as f
                join (\(period.linesQuery)) as l on l.claim_id = f.claim_id and l.line_id = f.line_id
                """)
        }
        let ids = indicators.map(\.indicator.id)
        if parts.isEmpty {
            let texts = ["institution_id", "department", "doctor_id", "patient_id", "claim_id", "line_id"].map { Field(name: $0, type: .text) }
            let numbers = ["indicator", "theme"].map { Field(name: $0, type: .integer) }
            let amount = Field(name: "amount", type: .numeric(precision: 18, scale: 2))
            return IssueLines(rows: ResultRows(fields: numbers + texts + [amount]).result(), indicatorIDs: ids, themes: themes)
        }
        return IssueLines(
            rows: try runner.keep(sql: parts.joined(separator: "\nunion all\n"), reading: answers), indicatorIDs: ids, themes: themes)
    }

    /// What each indicator says of each member of a grain below institutions.
    ///
    /// - Parameter wanted: Only members whose first key is among these; nil: all.
    /// - Returns: By indicator id, in no order that means anything.
    /// - Throws: The runner's errors.
    package func figures(
        by grain: Grain, among wanted: [[String]]? = nil, runner: any QueryRunner
    ) throws -> [String: [GrainFigure]] {
        let keys = grain.keyColumns
        var condition = keys.map { "\($0) <> ''" }.joined(separator: " and ")
        var answers = [(name: IssueLines.table, rows: rows)]
        if let wanted {
            condition += " and \(keys[0]) in (select \(keys[0]) from wanted)"
            answers.append(("wanted", GrainMembers.table(of: Set(wanted.map { $0[0] }).sorted(), column: keys[0])))
        }
        let list = keys.joined(separator: ", ")
        let answer = try runner.run(
            sql: """
                select indicator, \(list), count(distinct claim_id) as claims, count(*) as lines, count(distinct nullif(patient_id, '')) as patients,
                       count(distinct institution_id) as institutions, round(sum(amount), 10) as amount
                from (
                    select indicator, \(list), \(IssueLines.others(than: keys))claim_id, amount
                    from "\(IssueLines.table)"
                    where \(condition)
                ) as named
                group by indicator, \(list)
                """, reading: answers)
        let reader = try AnswerReader(
            answer, columns: ["indicator"] + keys + ["claims", "lines", "patients", "institutions", "amount"], of: "figures by grain")
        var figures: [String: [GrainFigure]] = [:]
        let first = keys.count + 1
        for row in reader.rows.indices {
            var key: [String] = []
            for column in keys.indices { key.append(try reader.text(row, 1 + column) ?? "") }
            figures[indicatorIDs[Int(try reader.count(row, 0))], default: []].append(
                GrainFigure(
                    key: key, claimCount: try reader.count(row, first), lineCount: try reader.count(row, first + 1),
                    patientCount: try reader.count(row, first + 2), institutionCount: try reader.count(row, first + 3),
                    amountCents: try reader.cents(row, first + 4)))
        }
        return figures
    }

    /// Columns that are counted and are no keys.
    private static func others(than keys: [String]) -> String {
        ["patient_id", "institution_id"].filter { !keys.contains($0) }.map { $0 + ", " }.joined()
    }

    /// Cents at issue by the keys of a grain, each line once, at the largest of its amounts.
    ///
    /// - Throws: The runner's errors.
    package func amounts(by grain: Grain, runner: any QueryRunner) throws -> [[String]: Int128] {
        try amounts(by: grain.keyColumns, where: grain.keyColumns.map { "\($0) <> ''" }.joined(separator: " and "), runner: runner)
    }

    /// Cents at issue by theme and institution, each line once: keys are the theme's place and the institution's id.
    ///
    /// - Throws: The runner's errors.
    package func amountsByTheme(runner: any QueryRunner) throws -> [[String]: Int128] {
        try amounts(by: ["theme", "institution_id"], where: "institution_id <> ''", runner: runner)
    }

    /// The patients with most cents at issue, first, of equal ones in the order of their ids; and how many have a line at issue.
    ///
    /// There are far more patients than are ever shown: no more than these are brought here.
    ///
    /// - Throws: The runner's errors.
    package func mostAtIssue(
        _ count: Int, runner: any QueryRunner
    ) throws -> (patients: [(id: String, amountCents: Int128)], patientCount: Int) {
        let amounts = IssueLines.amountsQuery(by: Grain.patient.keyColumns, where: "patient_id <> ''")
        let answer = try runner.run(
            sql: """
                with patients as (
                \(amounts)
                )
                select cast(null as text) as patient_id, cast(null as numeric(38, 10)) as amount, count(*) as patients from patients
                union all
                select patient_id, amount, null
                from (select * from patients order by coalesce(round(amount, 2), 0) desc, patient_id limit \(max(0, count))) as first_ones
                """, reading: [(IssueLines.table, rows)])
        let reader = try AnswerReader(answer, columns: ["patient_id", "amount", "patients"], of: "amounts by grain")
        var patients: [(id: String, amountCents: Int128)] = []
        var patientCount = 0
        for row in reader.rows.indices {
            if let id = try reader.text(row, 0) {
                patients.append((id, try reader.cents(row, 1)))
            } else {
                patientCount = Int(try reader.count(row, 2))
            }
        }
        patients.sort {
            $0.amountCents != $1.amountCents ? $0.amountCents > $1.amountCents : $0.id.utf8.lexicographicallyPrecedes($1.id.utf8)
        }
        return (patients, patientCount)
    }

    private static func amountsQuery(by keys: [String], where condition: String) -> String {
        let list = keys.joined(separator: ", ")
        // An institution's amount takes the lines its indicators name under its id, as the ranking does.
        let line = keys.contains("institution_id") ? "claim_id, line_id" : "institution_id, claim_id, line_id"
        return """
            select \(list), round(sum(amount), 10) as amount
            from (
                select \(list), \(line), max(amount) as amount
                from "\(IssueLines.table)"
                where \(condition)
                group by \(list), \(line)
            ) as counted
            group by \(list)
            """
    }

    private func amounts(by keys: [String], where condition: String, runner: any QueryRunner) throws -> [[String]: Int128] {
        let answer = try runner.run(sql: IssueLines.amountsQuery(by: keys, where: condition), reading: [(IssueLines.table, rows)])
        let reader = try AnswerReader(answer, columns: keys + ["amount"], of: "amounts by grain")
        var amounts: [[String]: Int128] = [:]
        for row in reader.rows.indices {
            var key: [String] = []
            for column in keys.indices {
                key.append(keys[column] == "theme" ? String(try reader.count(row, column)) : try reader.text(row, column) ?? "")
            }
            amounts[key] = try reader.cents(row, keys.count)
        }
        return amounts
    }
}
