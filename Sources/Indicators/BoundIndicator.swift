package import Diagnostics

/// An indicator with every parameter set and the period known: its queries are plain SQL.
package struct BoundIndicator: Sendable {
    package let indicator: Indicator
    package internal(set) var period: ReportingPeriod
    /// A value for each parameter, in the indicator's order.
    package internal(set) var settings: [(name: String, value: ParameterValue)]
    /// Parameters that are not left to their defaults.
    package let chosen: Set<String>
    /// Where a profile says what was chosen, by the parameter's name.
    package internal(set) var places: [String: SourceLocation] = [:]
    /// Lines that do not exist for it.
    package let exemptions: [Exemption]

    /// Binds the parameters: the overrides as text, the defaults for the rest.
    ///
    /// - Throws: `IndicatorError.unknownParameter` or `.badValue`.
    package init(
        _ indicator: Indicator, overrides: [String: String] = [:], period: ReportingPeriod, exemptions: [Exemption] = []
    ) throws(IndicatorError) {
        let names = indicator.parameters.map(\.name)
        for name in overrides.keys.sorted() where !names.contains(name) {
            throw .unknownParameter(
                name, indicator: indicator.id, nearest: EditDistance.nearest(to: name, among: names), known: names)
        }
        var settings: [(name: String, value: ParameterValue)] = []
        for parameter in indicator.parameters {
            guard let text = overrides[parameter.name] else {
                settings.append((parameter.name, parameter.defaultValue))
                continue
            }
            switch parameter.value(of: text) {
            case .success(let value): settings.append((parameter.name, value))
            case .failure(let mismatch):
                throw .badValue(
                    parameter: parameter.name, indicator: indicator.id, text: text, expected: mismatch.expected)
            }
        }
        self.indicator = indicator
        self.period = period
        self.settings = settings
        chosen = Set(overrides.keys)
        self.exemptions = exemptions.filter { $0.applies(to: indicator.id) }
    }

    /// The indicator over the first months of contracts alone.
    package func withinFirstContractMonths(_ count: Int) -> BoundIndicator {
        var bound = self
        bound.period.firstContractMonths = count
        return bound
    }

    /// Splits `name=value` options.
    package static func overrides(_ options: [String]) throws(IndicatorError) -> [String: String] {
        var overrides: [String: String] = [:]
        for option in options {
            guard let sign = option.firstIndex(of: "="), sign != option.startIndex else { throw .badSetting(option) }
            overrides[String(option[..<sign])] = String(option[option.index(after: sign)...])
        }
        return overrides
    }

    /// What the events count. The indicator's words may speak of the defaults, so values in their place are added.
    package var event: BilingualText {
        var text = indicator.event
        for (parameter, setting) in zip(indicator.parameters, settings)
        where parameter.type != .column && setting.value != parameter.defaultValue {
            let (name, value, usual) = (setting.name, setting.value.text, parameter.defaultValue.text)
            text.english += "; here \(name) = \(value), not \(usual)"
            text.chinese += "; 此处 \(name) = \(value), 非默认的 \(usual)"
        }
        return text
    }

    /// SQL of the figures of all institutions.
    package var figuresQuery: String { bound(indicator.queries.figures) }

    /// SQL of the rows behind one institution's figure.
    package func evidenceQuery(institutionID: String) -> String {
        bound(indicator.queries.evidence, institutionID: institutionID)
    }

    /// SQL of the rows behind the figures of several institutions, one after the other: the first column numbers the institutions from 0.
    func evidenceQuery(institutionIDs: [String]) -> String {
        institutionIDs.enumerated().map { number, institutionID in
            "select \(number) as institution_number, rows_of_one.*\nfrom (\n\(evidenceQuery(institutionID: institutionID))\n) as rows_of_one"
        }.joined(separator: "\nunion all\n")
    }

    /// SQL of the events' money on their lines, or nil if the indicator is left out of the amount at issue.
    package var linesQuery: String? { linesText.map { bound($0) } }

    /// SQL of the lines that exist for it.
    package var countedLinesQuery: String {
        // A condition that is unknown, for want of a value, exempts nothing.
        period.linesQuery + exemptions.map { " and (\($0.condition)) is not true" }.joined()
    }

    private var linesText: String? {
        indicator.queries.lines
            ?? indicator.queries.claims.map { claims in
                """

                select c.institution_id, l.claim_id, l.line_id, coalesce(l.fund_amount, 0) as amount
                from (
                \(BoundIndicator.subquery(claims))
                ) as c
                join (:lines) as l on l.claim_id = c.claim_id
                """
            }
    }

    /// SQL of figures and lines in one answer, so that what they have in common is computed once: `is_figure` tells the rows
    /// apart, figures and lines have columns of their own. Nil without lines.
    package var figuresAndLinesQuery: String? {
        linesText.map { figuresQuery(with: $0, columns: ["institution_id", "claim_id", "line_id", "amount"]) }
    }

    /// The same with claims in place of their lines; nil if the indicator does not say them.
    package var figuresAndClaimsQuery: String? {
        indicator.queries.claims.map { figuresQuery(with: $0, columns: ["institution_id", "claim_id"]) }
    }

    private func figuresQuery(with other: String, columns: [String]) -> String {
        bound(
            """

            select true as is_figure, institution_id, events, exposure, amount,
                   \(columns.map { "null as other_\($0)" }.joined(separator: ", "))
            from (
            \(BoundIndicator.subquery(indicator.queries.figures))
            ) as figures_of_all
            union all
            select false, null, null, null, null, \(columns.joined(separator: ", "))
            from (
            \(BoundIndicator.subquery(other))
            ) as others_of_all
            """)
    }

    /// A query that continues a `with` clause, as one that stands by itself within the statement of that clause.
    private static func subquery(_ query: String) -> String {
        var rest = query[...]
        while true {
            rest = rest.drop { $0.isWhitespace }
            guard rest.hasPrefix("--") else { break }
            rest = rest.drop { !$0.isNewline }
        }
        return rest.hasPrefix(",") ? "with nothing_before as (select 1 as one)\n" + rest : String(rest)
    }

    private func bound(_ query: String, institutionID: String? = nil) -> String {
        var values = ["lines": countedLinesQuery]
        for setting in settings { values[setting.name] = setting.value.sqlLiteral }
        if let institutionID { values["institution"] = ParameterValue.quoted(institutionID) }
        return QueryTemplate(indicator.queries.common + query).bound(values)
    }
}
