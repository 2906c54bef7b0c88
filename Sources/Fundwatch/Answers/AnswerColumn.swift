import Columns
import Diagnostics
import Engine

/// A column of an answer, or the part of it that is in one batch: read it as its type says, NULL being nil.
///
/// Each reading makes the array anew; keep it rather than asking twice.
public struct AnswerColumn: Sendable {
    /// Its name, its type, and whether it may hold NULLs.
    public let description: ColumnDescription
    /// Values, NULLs among them.
    public let count: Int
    /// Flat vectors, one after the other.
    let pieces: [Vector]

    init(_ description: ColumnDescription, pieces: [Vector]) {
        self.description = description
        self.pieces = pieces.map { $0.flattened() }
        count = pieces.reduce(0) { $0 + $1.count }
    }

    /// What SQL calls it.
    public var name: String { description.name }

    /// What its values are.
    public var type: ColumnType { description.type }

    /// The error of a reading that does not suit the type.
    func mismatch(_ reading: String) -> FundError {
        let own =
            switch type {
            case .boolean: "booleans()"
            case .integer, .bigint: "integers()"
            case .numeric: "decimals()"
            case .double: "doubles()"
            case .text: "texts()"
            case .date: "dates()"
            case .timestamp: "timestamps()"
            case .interval: "intervals()"
            }
        return FundError(
            .usage, "column \"\(name)\" is \(type), which \(reading) does not read",
            mend: "read it with \(own), or cast it in the query")
    }
}

/// NULLs, and values of any type.
extension AnswerColumn {
    /// Whether each value is NULL.
    public var nulls: [Bool] {
        pieces.flatMap { piece in piece.validity.expanded(rowCount: piece.count).map { $0 == 0 } }
    }

    /// How many values are NULL.
    public var nullCount: Int { pieces.reduce(0) { $0 + $1.validity.nullCount(rowCount: $1.count) } }

    /// The values of any type, one by one: for columns whose type the program does not know, not for bulk data.
    public func values() -> [FundValue] {
        pieces.flatMap { piece in (0..<piece.count).map { FundValue(piece.scalar(at: $0)) } }
    }

    /// The values of any type as text, as the program prints them in CSV.
    public func strings() -> [String?] {
        pieces.flatMap { piece in (0..<piece.count).map { ResultText.string(piece, row: $0) } }
    }
}
