import Columns
import Foundation
import Parquet

/// Files that other programs wrote, with the cells that they hold: `Files/cells.json`, made by `Files/make.py`.
struct GoldenFile: Decodable, CustomStringConvertible, Sendable {
    struct Column: Decodable, Sendable {
        var name: String
        /// As `LogicalType.name`; nil for a column that is refused.
        var type: String?
        var cells: [String?]
    }

    var file: String
    var columns: [Column]

    var description: String { file }
    var path: String { GoldenFile.folder.appendingPathComponent(file).path }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Files")

    static func all() throws -> [GoldenFile] {
        try JSONDecoder().decode([GoldenFile].self, from: Data(contentsOf: folder.appendingPathComponent("cells.json")))
    }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    /// A value as the list of cells writes it: dates in days, times in microseconds.
    static func cell(_ value: ScalarValue) -> String? {
        switch value {
        case .null: nil
        case .boolean(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .numeric(let unscaled, let scale): DecimalText.string(unscaled: unscaled, scale: scale)
        case .double(let number): String(number.bitPattern, radix: 16)
        case .text(let text): text
        case .date(let days): "\(days)"
        case .timestamp(let microseconds): "\(microseconds)"
        case .interval: "interval"
        }
    }
}

extension ScalarValue {
    /// Whether a value of the same type is larger; NaN is neither below nor above.
    func isBelow(_ other: ScalarValue) -> Bool {
        switch (self, other) {
        case (.boolean(let a), .boolean(let b)): !a && b
        case (.integer(let a), .integer(let b)): a < b
        case (.numeric(let a, _), .numeric(let b, _)): a < b
        case (.double(let a), .double(let b)): a < b
        case (.text(let a), .text(let b)): Array(a.utf8).lexicographicallyPrecedes(Array(b.utf8))
        case (.date(let a), .date(let b)): a < b
        case (.timestamp(let a), .timestamp(let b)): a < b
        default: false
        }
    }
}
