/// One rule of the national rule library (2025 edition, 88 rules) and what covers it here.
package struct NationalRule: Hashable, Sendable {
    /// 1 to 88.
    package var number: Int
    /// Empty for the rules that are new in 2025 and have no code yet.
    package var code: String
    package var name: BilingualText
    /// T1 to T11, our classes of rules.
    package var template: String
    /// Ids of the indicators that cover it, wholly or in part; empty for none.
    package var indicators: [String]
    /// The input that is missing; nil where nothing is.
    package var missing: BilingualText?

    /// All of them, in their order.
    ///
    /// - Throws: `IndicatorError.badFile` if the embedded file is not as it should be.
    package static func all() throws(IndicatorError) -> [NationalRule] {
        var rules: [NationalRule] = []
        let text = String(decoding: BuiltInLibrary.nationalRules, as: UTF8.self)
        for (index, line) in text.split(separator: "\n").enumerated().dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 8, let number = Int(fields[0]) else {
                throw .badFile(
                    file: "national_rules.tsv", line: index + 1, message: "\(fields.count) fields instead of eight",
                    mend: "write number, code, names, template, indicators and what is missing")
            }
            let indicators = fields[5].split(separator: ",").map { String($0.drop { $0 == " " }) }
            rules.append(
                NationalRule(
                    number: number, code: fields[1], name: BilingualText(fields[3], fields[2]), template: fields[4],
                    indicators: indicators, missing: fields[6].isEmpty ? nil : BilingualText(fields[6], fields[7])))
        }
        return rules
    }
}
