import CSV
import Columns
import Diagnostics
import Engine

/// How a file is read and loaded; what is nil is found out from the file.
public struct IngestSettings: Sendable {
    /// How many rows a file may lose before all of it is refused.
    public enum RejectLimit: Hashable, Sendable {
        /// That many rows.
        case rows(Int)
        /// A share of the lines read, 0 to 100, in steps of 0.001.
        case percent(Double)
    }

    /// Character encodings that are read.
    public enum Encoding: String, Hashable, Sendable, CaseIterable {
        /// UTF-8, with or without a byte-order mark.
        case utf8
        /// GB18030, and with it GBK and GB2312.
        case gb18030
        /// UTF-16 in either order of bytes.
        case utf16LittleEndian, utf16BigEndian
    }

    /// How far a load has come.
    public struct Progress: Hashable, Sendable {
        /// Bytes of the file that were read.
        public let bytesRead: Int
        /// Rows that were loaded.
        public let rowsLoaded: Int
    }

    /// One row in a thousand, unless you say otherwise.
    public var rejectLimit = RejectLimit.percent(0.1)
    /// The character between fields, of ASCII.
    public var delimiter: Character?
    /// The character around fields, of ASCII.
    public var quote: Character?
    /// Whether no field is in quotes: every quote is a letter like others.
    public var isNeverQuoted = false
    /// Whether the first row has the names. The files of the known tables must have it.
    public var hasHeader: Bool?
    /// How characters are written as bytes.
    public var encoding: Encoding?
    /// Lines above the header to leave out, such as a title.
    public var skippedLineCount: Int?
    /// Unquoted texts that mean NULL besides the empty one.
    public var nullTokens: [String] = []
    /// Types of columns that are not to be found out, by name, `"*"` for all others; not for the known tables, whose types are known.
    public var types: [String: ColumnType] = [:]
    /// Whether the batch records the SHA-256 of the file.
    public var recordsSHA256 = false
    /// Whether a file whose bytes the table holds already is loaded once more.
    public var loadsRepeatedFiles = false
    /// Told now and then, on any thread, how far the load has come.
    public var progress: (@Sendable (Progress) -> Void)?

    /// Everything found out, one row in a thousand may be rejected.
    public init() {}
}

extension IngestSettings {
    /// - Parameter isKnown: Whether the table is a known one.
    func engineOptions(isKnown: Bool) throws(FundError) -> IngestOptions {
        var options = IngestOptions()
        options.rejectLimit = try engineLimit()
        options.recordsSHA256 = recordsSHA256
        options.loadsRepeatedFiles = loadsRepeatedFiles
        if let progress { options.progress = { progress(Progress(bytesRead: $0, rowsLoaded: $1)) } }
        options.csv.delimiter = try IngestSettings.byte(delimiter, of: "delimiter")
        options.csv.quote = isNeverQuoted ? CSVDialect.noQuote : try IngestSettings.byte(quote, of: "quote")
        options.csv.skippedLineCount = skippedLineCount
        options.csv.nullTokens = nullTokens
        options.csv.hasHeader = hasHeader ?? (isKnown ? true : nil)
        if isKnown, hasHeader == false {
            throw FundError(
                .usage, "hasHeader false does not go with a known table, whose columns are found by their names",
                mend: "put a line with the names above the rows")
        }
        if let skippedLineCount, skippedLineCount < 0 {
            throw FundError(.usage, "skippedLineCount \(skippedLineCount) is no number of lines")
        }
        options.csv.encoding = encoding.map {
            switch $0 {
            case .utf8: .utf8
            case .gb18030: .gb18030
            case .utf16LittleEndian: .utf16LittleEndian
            case .utf16BigEndian: .utf16BigEndian
            }
        }
        return options
    }

    /// The chosen types, ordered by column.
    func chosenTypes() throws(FundError) -> [(column: String, type: LogicalType)] {
        var chosen: [(column: String, type: LogicalType)] = []
        for (column, type) in types.sorted(by: { $0.key < $1.key }) {
            switch type {
            case .interval: throw FundError(.usage, "column \"\(column)\": no file is read as intervals", mend: "read it as text")
            case .numeric(let precision, let scale) where !(1...18).contains(precision) || !(0...precision).contains(scale):
                throw FundError(
                    .usage, "column \"\(column)\": no file is read as \(type)", mend: "choose at most 18 digits, or text")
            default: chosen.append((column, type.logical))
            }
        }
        return chosen
    }

    private func engineLimit() throws(FundError) -> Engine.RejectLimit {
        switch rejectLimit {
        case .rows(let count) where count >= 0: return .rows(count)
        case .percent(let share) where share >= 0 && share <= 100:
            return .partsPerHundredThousand(Int((share * 1000).rounded()))
        case .rows(let count): throw FundError(.usage, "rejectLimit \(count) is no number of rows")
        case .percent(let share): throw FundError(.usage, "rejectLimit \(share) % is not between 0 and 100 %")
        }
    }

    private static func byte(_ character: Character?, of setting: String) throws(FundError) -> UInt8? {
        guard let character else { return nil }
        // What Swift takes for one character may be CR and LF.
        guard let byte = character.asciiValue, character.utf8.count == 1 else {
            throw FundError(.usage, "\(setting) \"\(character)\" is not one ASCII character")
        }
        return byte
    }
}
