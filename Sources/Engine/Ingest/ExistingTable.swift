package import Columns
import Storage

/// A table as it is stored before a load.
package struct ExistingTable: Sendable {
    package var schema: Schema
    package var rowCount: Int
    /// Whether the table was made by loading files that had no row, so that nobody chose its types.
    package var hasUntriedTypes: Bool
    private let digits: @Sendable (Int) throws -> Int?

    /// - Parameter digits: For a column of exact numbers, see `integerDigits(ofColumn:)`.
    package init(
        schema: Schema, rowCount: Int, hasUntriedTypes: Bool = false,
        digits: @escaping @Sendable (Int) throws -> Int? = { _ in nil }
    ) {
        self.schema = schema
        self.rowCount = rowCount
        self.hasUntriedTypes = hasUntriedTypes
        self.digits = digits
    }

    /// Digits before the point that a stored value of a column of exact numbers has at most; nil if that is not known.
    func integerDigits(ofColumn column: Int) throws -> Int? { try digits(column) }
}

extension ExistingTable {
    /// nil if there is no such table.
    init?(_ name: String, in snapshot: StoreSnapshot) {
        guard let table = snapshot.table(name) else { return nil }
        let batches = snapshot.batches.filter { $0.table == name }
        self.init(
            schema: table.schema, rowCount: table.rowCount,
            hasUntriedTypes: table.rowCount == 0 && !batches.isEmpty && batches.allSatisfy { $0.rowsLoaded == 0 }
        ) { try ExistingTable.integerDigits(of: table, column: $0) }
    }

    private static func integerDigits(of table: TableSnapshot, column: Int) throws -> Int? {
        var most = 0
        for segment in table.segments {
            switch try segment.zoneMap(column).bounds {
            case .empty: continue
            case .values(let low, let high?):
                guard let lowDigits = digits(low), let highDigits = digits(high) else { return nil }
                most = max(most, lowDigits, highDigits)
            default: return nil
            }
        }
        return most
    }

    private static func digits(_ value: ScalarValue) -> Int? {
        switch value {
        case .integer(let number): digits(Int128(number))
        case .numeric(let unscaled, let scale): digits(unscaled / DecimalText.powers128[scale])
        default: nil
        }
    }

    private static func digits(_ number: Int128) -> Int { number == 0 ? 0 : String(number.magnitude).utf8.count }
}
