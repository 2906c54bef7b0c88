package import Columns

/// A number, text, date or switch an indicator's queries depend on.
package struct IndicatorParameter: Hashable, Sendable {
    package enum ValueType: String, Sendable, CaseIterable {
        case integer
        case decimal
        case text
        case date
        case boolean
        /// The name of a column of `claims`.
        case column
    }

    package var name: String
    package var type: ValueType
    package var defaultValue: ParameterValue
    package var minimum: ParameterValue?
    package var maximum: ParameterValue?
    package var description: BilingualText
    /// Whence the default: a legal or a statistical source.
    package var source: String

    /// Reads a value of the parameter's type within its range, or says what it would have taken.
    package func value(of text: String) -> Result<ParameterValue, ParameterMismatch> {
        guard let value = ParameterValue(text, type: type) else {
            return .failure(ParameterMismatch(expected: type.expectation))
        }
        if let minimum, value.isLess(than: minimum) { return .failure(ParameterMismatch(expected: rangeText)) }
        if let maximum, maximum.isLess(than: value) { return .failure(ParameterMismatch(expected: rangeText)) }
        return .success(value)
    }

    private var rangeText: String {
        switch (minimum, maximum) {
        case (let minimum?, let maximum?): "\(type.expectation) from \(minimum.text) to \(maximum.text)"
        case (let minimum?, nil): "\(type.expectation) of at least \(minimum.text)"
        case (nil, let maximum?): "\(type.expectation) of at most \(maximum.text)"
        case (nil, nil): type.expectation
        }
    }
}

/// What a parameter would have taken.
package struct ParameterMismatch: Error, Hashable, Sendable {
    package var expected: String
}

extension IndicatorParameter.ValueType {
    var expectation: String {
        switch self {
        case .integer: "an integer"
        case .decimal: "a decimal number"
        case .text: "a text without control characters"
        case .date: "a date such as 2025-01-31"
        case .boolean: "true or false"
        case .column: "the name of a column"
        }
    }
}

/// A validated value, the only thing that is ever put into a query.
package enum ParameterValue: Hashable, Sendable {
    case integer(Int64)
    /// `unscaled / 10^scale`.
    case decimal(unscaled: Int128, scale: Int)
    case text(String)
    case date(CivilDate)
    case boolean(Bool)
    case column(String)

    /// Nil if the text is no value of the type.
    package init?(_ text: String, type: IndicatorParameter.ValueType) {
        switch type {
        case .integer:
            guard let value = Int64(text) else { return nil }
            self = .integer(value)
        case .decimal:
            guard let value = DecimalText.parse(text), value.scale <= 18, value.unscaled.magnitude < 1 << 100 else { return nil }
            self = .decimal(unscaled: value.unscaled, scale: value.scale)
        case .text:
            guard text.utf8.count <= 4096, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else { return nil }
            self = .text(text)
        case .date:
            guard let date = ReportingPeriod.date(text) else { return nil }
            self = .date(date)
        case .boolean:
            switch text {
            case "true": self = .boolean(true)
            case "false": self = .boolean(false)
            default: return nil
            }
        case .column:
            guard (1...63).contains(text.utf8.count), !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
            else { return nil }
            self = .column(text)
        }
    }

    /// The value as a person writes it.
    package var text: String {
        switch self {
        case .integer(let value): String(value)
        case .decimal(let unscaled, let scale): DecimalText.string(unscaled: unscaled, scale: scale)
        case .text(let text): text
        case .date(let date): ReportingPeriod.text(date)
        case .boolean(let value): value ? "true" : "false"
        case .column(let name): name
        }
    }

    /// The value as SQL: numbers plain, negative ones in brackets, texts and names quoted.
    package var sqlLiteral: String {
        switch self {
        case .integer(let value): value < 0 ? "(\(value))" : String(value)
        case .decimal(let unscaled, _): unscaled < 0 ? "(\(text))" : text
        case .text(let text): ParameterValue.quoted(text)
        case .date: "date '\(text)'"
        case .boolean: text
        case .column(let name): "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        }
    }

    package static func quoted(_ text: String) -> String {
        var result = "'"
        for character in text.unicodeScalars {
            if character == "'" { result += "'" }
            result.unicodeScalars.append(character)
        }
        return result + "'"
    }

    /// Whether it is the lesser of two values of one type; texts and booleans have no order here.
    func isLess(than other: ParameterValue) -> Bool {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): return left < right
        case (.date(let left), .date(let right)): return left < right
        case (.decimal(let left, let leftScale), .decimal(let right, let rightScale)):
            let scale = max(leftScale, rightScale)
            let a = left.multipliedReportingOverflow(by: DecimalText.powers128[scale - leftScale])
            let b = right.multipliedReportingOverflow(by: DecimalText.powers128[scale - rightScale])
            if a.overflow || b.overflow { return a.overflow ? left < 0 : right > 0 }
            return a.partialValue < b.partialValue
        default: return false
        }
    }
}
