import Claims
import Foundation

/// A folder of generated files, read back with a plain CSV reader and removed at the end.
final class GeneratedFiles {
    let directory: String
    let summary: GeneratorSummary

    init(lines: Int, seed: UInt64 = 7, linesPerFile: Int = 10_000_000) throws {
        directory = NSTemporaryDirectory() + "claims-generator-" + UUID().uuidString
        let options = GeneratorOptions(lines: lines, seed: seed, directory: directory, linesPerFile: linesPerFile)
        summary = try ClaimGenerator(options).run()
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: directory + "/" + name)) }

    /// Rows as dictionaries by header.
    func rows(_ name: String) throws -> [[String: String]] {
        let records = Self.records(String(decoding: try bytes(name), as: UTF8.self))
        guard let header = records.first else { return [] }
        return records.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    /// RFC 4180, one scalar at a time.
    static func records(_ text: String) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field = ""
        var isQuoted = false
        var endsQuote = false
        for scalar in text.unicodeScalars {
            if isQuoted, scalar == "\"" {
                isQuoted = false
                endsQuote = true
                continue
            }
            if scalar == "\"", endsQuote { field.append("\"") }
            if scalar == "\"" {
                isQuoted = true
            } else if isQuoted {
                field.unicodeScalars.append(scalar)
            } else if scalar == "," || scalar == "\n" {
                record.append(field)
                field = ""
                if scalar == "\n" {
                    records.append(record)
                    record = []
                }
            } else {
                field.unicodeScalars.append(scalar)
            }
            endsQuote = false
        }
        return records
    }
}
