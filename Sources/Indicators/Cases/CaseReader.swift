import Columns

/// Reads the cases at the end of an indicator file, all of them comments to SQL:
///
///     -- test: three times the same line is two events
///     -- claims: claim_id line_id item_code
///     --   3x C1 {n} 001
///     -- because: Two of the three are beyond the first.
///     -- expect: H1 2 3 14.00
///
/// Values stand between blanks, `_` is NULL, `3x` makes three rows with `{n}` from 1 to 3. Tables are claims, institutions, knowledge and
/// deaths; what a row does not say is ordinary (see `CaseRows`). `set: name=value` sets a parameter.
/// `because:` says to a reader what the figures follow from.
struct CaseReader {
    private let file: String
    private(set) var cases: [IndicatorCase] = []

    init(file: String) { self.file = file }

    /// Takes a line of the part that begins with the first `-- test:`.
    mutating func take(_ line: String, number: Int) throws(IndicatorError) {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        if words.isEmpty { return }
        guard words[0] == "--" else {
            throw failure(number, "text after the first test", "put the tests at the end, each line begun with --")
        }
        if line.hasPrefix("--  ") { return try takeRow(Array(words.dropFirst()), number) }
        guard words.count >= 3, words[1].hasSuffix(":") else {
            throw failure(number, "a line of a test without a key", "write test:, set:, because:, expect: or the name of a table")
        }
        let key = String(words[1].dropLast())
        let rest = Array(words.dropFirst(2))
        if key == "test" {
            cases.append(IndicatorCase(name: rest.joined(separator: " "), line: number))
            return
        }
        switch key {
        case "set":
            for word in rest {
                guard let sign = word.firstIndex(of: "=") else { throw failure(number, "\"\(word)\" is not name=value", "write set: name=value") }
                cases[cases.count - 1].settings[String(word[..<sign])] = String(word[word.index(after: sign)...])
            }
        case "because":
            let before = cases[cases.count - 1].reason
            cases[cases.count - 1].reason = (before.isEmpty ? "" : before + " ") + rest.joined(separator: " ")
        case "expect": try expect(rest, number)
        case "claims", "institutions", "knowledge", "deaths":
            cases[cases.count - 1].tables.append(IndicatorCase.Rows(table: key, columns: rest, rows: []))
        default:
            throw failure(number, "unknown key \"\(key)\" in a test", "write test:, set:, because:, expect:, claims:, institutions:, knowledge: or deaths:")
        }
    }

    private mutating func takeRow(_ words: [String], _ number: Int) throws(IndicatorError) {
        let place = cases.count - 1
        guard let table = cases[place].tables.indices.last else {
            throw failure(number, "a row without a table", "put a line such as \"-- claims: claim_id item_code\" above it")
        }
        var values = words
        var count = 1
        if let first = words.first, first.hasSuffix("x"), let times = Int(first.dropLast()), (1...100_000).contains(times) {
            count = times
            values.removeFirst()
        }
        guard values.count == cases[place].tables[table].columns.count else {
            throw failure(
                number, "\(values.count) values for \(cases[place].tables[table].columns.count) columns", "write one for each, _ for NULL")
        }
        cases[place].tables[table].repeats.append(count)
        for n in 1...count {
            cases[place].tables[table].rows.append(values.map { $0 == "_" ? nil : $0.replacing("{n}", with: String(n)) })
        }
    }

    private mutating func expect(_ words: [String], _ number: Int) throws(IndicatorError) {
        guard words.count == 4, let events = Int64(words[1]), let exposure = Int64(words[2]),
            let amount = DecimalText.parse(words[3]), amount.scale == 2
        else {
            throw failure(number, "an expectation that is no figure", "write expect: INSTITUTION EVENTS EXPOSURE AMOUNT, such as H1 2 3 14.00")
        }
        cases[cases.count - 1].expected.append(
            IndicatorFigure(institutionID: words[0], events: events, exposure: exposure, amountCents: amount.unscaled))
        cases[cases.count - 1].expected.sort { $0.institutionID.utf8.lexicographicallyPrecedes($1.institutionID.utf8) }
    }

    private func failure(_ line: Int, _ message: String, _ mend: String) -> IndicatorError {
        .badFile(file: file, line: line, message: message, mend: mend)
    }
}
