import Columns
import Foundation
import Storage
import Testing

@Suite("The documented file format")
struct FormatDocumentTests {
    /// Two claims, three lines: claim codes 0, 0, 1 and the amounts 12.50, 9.90 and NULL.
    static func example() throws -> [UInt8] {
        let schema = Schema([
            Field(name: "claim", type: .text), Field(name: "amount", type: .numeric(precision: 16, scale: 2)),
        ])
        let columns = [
            EncodableColumn(.codes32([0, 0, 1])),
            EncodableColumn(.int64([1250, 990, 0]), validity: .mask([1, 1, 0])),
        ]
        return try SegmentEncoder.encode(schema: schema, columns: columns, rowCount: 3, groupKeyColumn: 0).bytes
    }

    static func dump(_ bytes: [UInt8]) -> String {
        var lines: [String] = []
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = bytes[start..<min(start + 16, bytes.count)]
            if row.allSatisfy({ $0 == 0 }) { continue }
            let hex = row.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined(separator: " ")
            let text = row.map { (0x20..<0x7F).contains($0) ? String(UnicodeScalar($0)) : "." }.joined()
            let offset = String(start, radix: 16)
            lines.append("    " + String(repeating: "0", count: 4 - offset.count) + offset + "  " + hex + "  " + text)
        }
        return lines.joined(separator: "\n")
    }

    @Test("the hex dump in docs/file-format.md is what the program writes")
    func hexDump() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "docs/file-format.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        let dump = FormatDocumentTests.dump(try FormatDocumentTests.example())
        #expect(text.contains(dump), "The example is now:\n\(dump)")
    }
}
