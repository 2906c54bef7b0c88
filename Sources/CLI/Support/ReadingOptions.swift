import ArgumentParser
import CSV
import Claims
import Columns
import Diagnostics
import Engine

/// The options that say how a CSV file is written and what becomes of it; shared by `ingest` and `sniff`.
struct ReadingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Types that are not to be found out: column:type,…, *:type for all others (tables other than the known four).", valueName: "list"))
    var types: String?

    @Option(name: .customLong("null"), help: ArgumentHelp("An unquoted text that means NULL, besides the empty one; may be repeated.", valueName: "token"))
    var nullTokens: [String] = []

    @Option(help: ArgumentHelp("The character between fields (\\t for a tab, \\x01 for a control character) instead of finding out.", valueName: "char"))
    var delimiter: String?

    @Option(help: ArgumentHelp("The character around fields instead of \"; none if fields are never quoted.", valueName: "char"))
    var quote: String?

    @Option(help: ArgumentHelp("Whether the first row has the names: yes or no instead of finding out.", valueName: "yes|no"))
    var header: HeaderChoice?

    @Option(help: ArgumentHelp("Lines above the header to leave out, such as a title.", valueName: "n"))
    var skip: Int?

    @Option(help: ArgumentHelp("utf-8, gb18030, utf-16le or utf-16be instead of finding out.", valueName: "name"))
    var encoding: String?

    /// - Parameter isCanonical: Whether the table is one of the known ones, whose files always have a header.
    func csvOptions(isCanonical: Bool) throws -> CSVOptions {
        var options = CSVOptions()
        if let encoding {
            guard let known = TextEncoding(named: encoding) else {
                throw Diagnostic(
                    .usage, "--encoding \"\(encoding)\" is not known", mend: "choose utf-8, gb18030, utf-16le or utf-16be")
            }
            options.encoding = known
        }
        options.delimiter = try delimiter.map { try ReadingOptions.byte(ReadingOptions.unescaped($0), option: "--delimiter") }
        options.quote = try quote.map {
            $0 == "none" ? CSVDialect.noQuote : try ReadingOptions.byte($0, option: "--quote")
        }
        options.skippedLineCount = skip
        options.nullTokens = nullTokens
        options.hasHeader = header.map { $0 == .yes } ?? (isCanonical ? true : nil)
        if isCanonical, header == .no {
            throw Diagnostic(
                .usage, "--header no does not go with a known table, whose columns are found by their names",
                mend: "put a line with the names above the rows")
        }
        return options
    }

    /// The options that were given, for a command that reads the same way.
    var arguments: [String] {
        var all = nullTokens.flatMap { ["--null", $0] }
        for (name, value) in [
            ("--types", types), ("--delimiter", delimiter), ("--quote", quote), ("--header", header?.rawValue),
            ("--skip", skip.map { "\($0)" }), ("--encoding", encoding),
        ] {
            if let value { all += [name, value] }
        }
        return all
    }

    func chosenTypes() throws -> [(column: String, type: LogicalType)] {
        try types.map { try TypeNames.parse($0) } ?? []
    }

    /// `\t`, `\x01` and `\u0001` as the characters they stand for, any other text as it is.
    private static func unescaped(_ text: String) -> String {
        if text == "\\t" { return "\t" }
        for (start, count) in [("\\x", 2), ("\\u", 4)] where text.lowercased().hasPrefix(start) {
            let digits = text.dropFirst(2)
            guard digits.utf8.count == count, digits.allSatisfy(\.isHexDigit), let number = UInt8(digits, radix: 16), number < 0x80 else { continue }
            return String(UnicodeScalar(number))
        }
        return text
    }

    private static func byte(_ text: String, option: String) throws -> UInt8 {
        let bytes = Array(text.utf8)
        guard bytes.count == 1 else {
            throw Diagnostic(.usage, "\(option) \"\(text)\" is not one ASCII character")
        }
        return bytes[0]
    }
}

/// `--header`.
enum HeaderChoice: String, CaseIterable, ExpressibleByArgument {
    case yes, no
}
