import CSV
import Columns
import Foundation
import Glibc
import Testing

/// A file written for one test and removed with it.
final class TemporaryFile {
    let path: String

    init(_ bytes: [UInt8], ending: String = "csv") throws {
        path = NSTemporaryDirectory() + "csv-\(UUID().uuidString).\(ending)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }

    convenience init(_ text: String, ending: String = "csv") throws { try self.init(Array(text.utf8), ending: ending) }

    /// Lets the system forget the file's pages, so that it is read from disk.
    func leaveCache() throws {
        let descriptor = unsafe open(path, O_RDONLY)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        try #require(fsync(descriptor) == 0 && posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED) == 0)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Everything a file gives, as text: slow and plain.
struct ParsedFile {
    var header: [String] = []
    var rows: [[String?]] = []
    var lines: [Int] = []
    var rejects: [RejectedRow] = []
    var encoding: TextEncoding = .utf8
    var dateForms: [DateForm?] = []
    var chunkCount = 0

    /// - Parameter types: One for each column of the file; text where nil or missing.
    init(
        _ bytes: [UInt8], types: [LogicalType?] = [], options: CSVOptions = CSVOptions(), required: Set<Int> = [],
        identifiers: Set<Int> = [], ending: String = "csv"
    ) throws {
        let file = try TemporaryFile(bytes, ending: ending)
        let reader = try CSVReader(path: file.path, options: options)
        header = reader.header
        let requests = header.indices.map { column in
            CSVColumnRequest(
                fileColumn: column, name: header[column],
                type: (column < types.count ? types[column] : nil) ?? .text, isRequired: required.contains(column),
                rejectsScientificNotation: identifiers.contains(column))
        }
        while let chunk = try reader.nextChunk() {
            let parsed = try chunk.parse(requests)
            let columns = parsed.columns.map { $0.expanded() }
            for row in 0..<parsed.rowCount {
                rows.append(columns.map { ParsedFile.text($0, row) })
                lines.append(parsed.line(row: row))
            }
            rejects += parsed.rejects
            chunkCount += 1
        }
        encoding = reader.encoding
        dateForms = header.indices.map { reader.dateForm(ofColumn: $0) }
    }

    init(
        _ text: String, types: [LogicalType?] = [], options: CSVOptions = CSVOptions(), required: Set<Int> = [],
        identifiers: Set<Int> = []
    ) throws {
        try self.init(Array(text.utf8), types: types, options: options, required: required, identifiers: identifiers)
    }

    static func text(_ column: ParsedColumn, _ row: Int) -> String? {
        if let runs = column.runs { return text(column.expanded(), Int(runs.starts[0]) + row) }
        guard column.validity.isPresent(row) else { return nil }
        switch column.values {
        case .identifiers: return nil
        case .text(let codes, let entries, _): return entries[Int(codes[row])]
        case .boolean(let values): return values[row] == 0 ? "false" : "true"
        case .int32(let values): return dateText(Int(values[row]))
        case .double(let values): return "\(values[row])"
        case .int64(let values):
            switch column.type {
            case .numeric(_, let scale): return DecimalText.string(unscaled: Int128(values[row]), scale: scale)
            case .timestamp: return timestampText(values[row])
            default: return "\(values[row])"
            }
        }
    }

    private static func dateText(_ days: Int) -> String {
        let date = CivilDate(daysSinceEpoch: days)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private static func timestampText(_ microseconds: Int64) -> String {
        let day = Int(CivilTime.day(ofMicroseconds: microseconds))
        let rest = Int(microseconds) - day * 86_400_000_000
        let seconds = rest / 1_000_000
        let time = "\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        let fraction = rest % 1_000_000
        return "\(dateText(day)) \(time)" + (fraction == 0 ? "" : ".\(padded(fraction, 6))")
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// SplitMix64: the same numbers from the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
