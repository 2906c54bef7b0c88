import Columns
package import Engine

/// One indicator's page in Markdown: what it finds, by which formula, on whose authority, and an example computed by its own queries.
package struct IndicatorPage {
    private let bound: BoundIndicator
    private let example: WorkedExample?
    private let language: DisplayLanguage
    private var indicator: Indicator { bound.indicator }

    /// Runs the first case of the indicator's file; a file without cases has a page without an example.
    ///
    /// - Throws: As `WorkedExample`.
    package init(_ bound: BoundIndicator, language: DisplayLanguage = .english, engine: EngineOptions) throws {
        self.bound = bound
        self.language = language
        example = try bound.indicator.cases.first.map { try WorkedExample($0, of: bound.indicator, engine: engine) }
    }

    /// The page as text that ends with a line end.
    ///
    /// - Parameter level: Of the page's heading.
    /// - Returns: Markdown with tables as GitHub reads them.
    package func markdown(level: Int = 1) -> String {
        var parts = [String(repeating: "#", count: level) + " " + heading, kinds, whatItFinds]
        if let formula = indicator.formula { parts += formulaParts(formula) }
        parts.append(paragraph(PageWord.source, note: PageWord.kind(indicator.basisKind), indicator.basis[language]))
        parts.append(paragraph(PageWord.falseAlarms, indicator.falseAlarms[language]))
        if !indicator.parameters.isEmpty { parts.append(parameters) }
        if let example { parts += exampleParts(example) }
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// What the rows of an example have where they do not say it, for a page that stands alone.
    package static func noteOnRows(_ language: DisplayLanguage) -> String {
        let columns = ["institution_id", "patient_id", "visit_type", "settled_at", "item_code", "quantity", "amount", "fund_amount"]
        let values = columns.compactMap { column in
            CaseRows.ordinaryValue(of: column, in: "claims").map { "\(MarkdownText.code(column)) \($0)" }
        }
        return MarkdownText.paragraph(PageWord.ordinaryRows[language] + values.joined(separator: ", ") + ".") + "\n"
    }

    // MARK: - Parts

    private var heading: String {
        let chinese = "\(MarkdownText.code(indicator.id)) \(indicator.title.chinese)"
        return language == .chinese ? chinese : "\(chinese): \(indicator.title.english)"
    }

    private var kinds: String {
        let theme = language == .chinese ? indicator.theme.chinese : "\(indicator.theme.english) (\(indicator.theme.chinese))"
        return [
            theme, PageWord.kind(indicator.kind)[language], PageWord.result(indicator.result)[language],
            PageWord.version(indicator.version)[language], PageWord.reads[language] + tables,
        ].joined(separator: " · ")
    }

    /// The tables that the queries read, with the points of knowledge it needs.
    private var tables: String {
        let queries = indicator.queries
        let text = [queries.common, queries.figures].joined(separator: "\n")
        let words = text.split { " \n(),".contains($0) }
        let named = Set(zip(words, words.dropFirst()).filter { ["from", "join"].contains($0.0) }.map { String($0.1) })
        var names = [MarkdownText.code("live_claims")]
        for table in ["institutions", "knowledge", "deaths"] where named.contains(table) {
            var name = MarkdownText.code(table)
            if table == "knowledge", !indicator.needs.isEmpty {
                name += PageWord.points(indicator.needs.map(MarkdownText.code).joined(separator: ", "))[language]
            }
            names.append(name)
        }
        return names.joined(separator: ", ")
    }

    private var whatItFinds: String {
        MarkdownText.paragraph(PageWord.finds(event: indicator.event[language], exposure: indicator.exposure[language])[language])
    }

    private func formulaParts(_ formula: IndicatorFormula) -> [String] {
        let items = [(PageWord.unit, formula.unit), (PageWord.event, formula.event), (PageWord.amount, formula.amount)].map { name, text in
            MarkdownText.paragraph("- **\(name[language]).** " + MarkdownText.sentence(text[language]), indent: 2)
        }
        return [items.joined(separator: "\n")] + (formula.reading.map { [paragraph(PageWord.reading, $0[language])] } ?? [])
    }

    private func paragraph(_ name: BilingualText, note: BilingualText? = nil, _ text: String) -> String {
        let title = note.map { "**\(name[language])** (\($0[language]))." } ?? "**\(name[language]).**"
        return MarkdownText.paragraph("\(title) \(MarkdownText.sentence(text))")
    }

    private var parameters: String {
        // What is chosen stands beside the default, where anything is.
        let isChosen = !bound.chosen.isEmpty
        var header = [PageWord.parameter, PageWord.defaultValue, PageWord.meaning, PageWord.source].map { $0[language].lowercased() }
        if isChosen { header.insert(PageWord.chosen[language], at: 2) }
        let rows = zip(indicator.parameters, bound.settings).map { parameter, setting in
            var row = [
                MarkdownText.code(parameter.name), MarkdownText.cell(parameter.defaultValue.text),
                MarkdownText.cell(parameter.description[language]), MarkdownText.cell(parameter.source),
            ]
            if isChosen { row.insert(MarkdownText.cell(setting.value.text), at: 2) }
            return row
        }
        return MarkdownText.table(header, rows)
    }

    // MARK: - The example

    private func exampleParts(_ worked: WorkedExample) -> [String] {
        let example = worked.example
        var name = MarkdownText.sentence(MarkdownText.capitalized(example.name))
        if !example.settings.isEmpty {
            let settings = example.settings.sorted { $0.key < $1.key }.map { MarkdownText.code("\($0.key) = \($0.value)") }
            name += " " + PageWord.with(settings.joined(separator: ", "))[language]
        }
        var parts = [paragraph(PageWord.example, name)]
        for (number, table) in example.tables.enumerated() {
            if example.tables.count > 1 { parts.append(MarkdownText.code(table.table)) }
            parts.append(rows(of: table, money: worked.moneyOfLines?[number]))
        }
        let header = [
            PageWord.institution[language], PageWord.events[language], PageWord.exposure(indicator.subject)[language],
            PageWord.amountOfFigure[language],
        ]
        parts.append(paragraph(PageWord.found, example.reason))
        parts.append(
            MarkdownText.table(
                header, worked.figures.map { [MarkdownText.cell($0.institutionID), "\($0.events)", "\($0.exposure)", Self.money($0.amountCents)] }))
        return parts
    }

    /// The rows as they are written, several like ones in a line, and of claims what of their money is at issue.
    private func rows(of table: IndicatorCase.Rows, money: [Int128?]?) -> String {
        let isClaims = table.table == "claims"
        let isRepeated = table.repeats.contains { $0 > 1 }
        let fund = isClaims && !table.columns.contains(Self.fund) ? CaseRows.ordinaryValue(of: Self.fund, in: table.table) : nil
        let showsMoney = isClaims && money != nil
        let header =
            (isRepeated ? [PageWord.rows[language]] : []) + (table.columns + (fund == nil ? [] : [Self.fund])).map(MarkdownText.code)
            + (showsMoney ? [PageWord.atIssue[language]] : [])
        var next = 0
        let lines = table.repeats.enumerated().map { number, count in
            let rows = table.rows[next..<(next + count)]
            next += count
            var cells = isRepeated ? ["\(count)"] : []
            for column in table.columns.indices { cells.append(Self.cell(rows.map { $0[column] })) }
            if let fund { cells.append(fund) }
            if showsMoney { cells.append(money?[number].map(Self.money) ?? Self.nothing) }
            return cells
        }
        return MarkdownText.table(header, lines)
    }

    /// The value of several rows: the first and the last, if they differ.
    private static func cell(_ values: [String?]) -> String {
        guard let first = values.first, let last = values.last else { return "" }
        let (beginning, end) = (first.map(MarkdownText.cell) ?? nothing, last.map(MarkdownText.cell) ?? nothing)
        return beginning == end ? beginning : "\(beginning) … \(end)"
    }

    private static func money(_ cents: Int128) -> String { DecimalText.string(unscaled: cents, scale: 2) }

    private static let fund = "fund_amount"
    private static let nothing = "–"
}
