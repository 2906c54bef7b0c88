import CSV
import Columns
import Foundation

private struct ChunkInput {
    let chunk: RawChunk
    let parser: CSVChunkParser

    init(_ text: ClaimText) throws {
        let path = NSTemporaryDirectory() + "kernels-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = "claim,patient,institution,settled_at,service_date,item,quantity,price,amount,category\n"
        try Data(Array(header.utf8) + text.records).write(to: URL(fileURLWithPath: path))
        let reader = try CSVReader(path: path, options: CSVOptions(chunkSize: 32 << 20))
        let types: [ClaimText.Column: LogicalType] = [
            .settledAt: .timestamp, .serviceDate: .date, .quantity: .integer, .price: .numeric(precision: 16, scale: 2),
            .amount: .numeric(precision: 16, scale: 2),
        ]
        let plan = try CSVParsePlan(
            requests: reader.header.enumerated().map { column, name in
                CSVColumnRequest(
                    fileColumn: column, name: name,
                    type: ClaimText.Column(rawValue: column).flatMap { types[$0] } ?? .text)
            })
        guard let chunk = try reader.nextChunk() else { preconditionFailure("The file has rows.") }
        self.chunk = chunk
        parser = CSVChunkParser(plan)
    }
}

/// A chunk with all its columns, from bytes to typed columns; a value is a field.
func registerChunkParsing() {
    kernel("csv, chunk of 10 columns", values: ClaimText.fieldCount) {
        try ChunkInput(ClaimText())
    } run: { input -> Int in
        let parsed = input.parser.parse(input.chunk)
        precondition(parsed.rowCount == Segment.rowCount)
        return parsed.rowCount
    }
}
