package import Columns

/// A key column as fixed-width codes: rows are equal exactly if their codes and NULL flags are, as long as `domain` is
/// the same.
package struct KeyColumn: Sendable {
    /// What the codes mean.
    package enum Domain: Sendable {
        /// Zero-based codes of a dictionary, below `TextDictionary.count`.
        case dictionary(TextDictionary)
        case identifier(IdentifierDomain)
        /// 0 or 1.
        case boolean
        /// The 64 bits of a number, date or timestamp, offset so that unsigned order is the values' order.
        case ordered

        /// Whether codes of both mean the same.
        package func isSame(as other: Domain) -> Bool {
            switch (self, other) {
            case (.dictionary(let left), .dictionary(let right)): left === right
            case (.identifier(let left), .identifier(let right)): left === right
            case (.boolean, .boolean), (.ordered, .ordered): true
            default: false
            }
        }
    }

    package enum Codes: Sendable {
        case narrow([UInt32])
        case wide([UInt64])
    }

    package let domain: Domain
    /// One code a row; 0 on NULL rows.
    package let codes: Codes
    package let validity: Validity

    private init(_ domain: Domain, _ codes: Codes, _ validity: Validity) {
        self.domain = domain
        self.codes = codes
        self.validity = validity
    }

    /// The codes of a vector, runs and constants expanded; nil where values have no fixed-width code (texts without a
    /// domain, wide numerics, intervals).
    package init?(_ vector: Vector) {
        let flat = vector.flattened()
        let present = flat.validity
        switch flat.values {
        case .dictionary(let codes, let dictionary):
            self.init(.dictionary(dictionary), .narrow(KeyColumn.cleared(codes, present)), present)
        case .identifier(let codes, let domain):
            self.init(.identifier(domain), .wide(KeyColumn.cleared(codes, present)), present)
        case .boolean(let rows):
            self.init(.boolean, .narrow(KeyColumn.cleared(mapRows(rows, filler: 0) { UInt32($0) }, present)), present)
        case .int32(let rows):
            let codes = mapRows(rows, filler: UInt32(0)) { UInt32(bitPattern: $0) ^ 0x8000_0000 }
            self.init(.ordered, .narrow(KeyColumn.cleared(codes, present)), present)
        case .int64(let rows):
            let codes = mapRows(rows, filler: UInt64(0)) { UInt64(bitPattern: $0) ^ 0x8000_0000_0000_0000 }
            self.init(.ordered, .wide(KeyColumn.cleared(codes, present)), present)
        case .double(let rows):
            let codes = mapRows(rows, filler: UInt64(0)) { KeyColumn.ordered($0) }
            self.init(.ordered, .wide(KeyColumn.cleared(codes, present)), present)
        case .int128, .interval, .string: return nil
        case .constant, .runs: preconditionFailure("flattened vectors have neither shape")
        }
    }

    /// Bits whose unsigned order is PostgreSQL's order of doubles: zeros of both signs are one, NaN is last.
    @inline(__always)
    private static func ordered(_ value: Double) -> UInt64 {
        let bits = (value == 0 ? 0 : (value != value ? Double.nan : value)).bitPattern
        return bits >> 63 != 0 ? ~bits : bits | 0x8000_0000_0000_0000
    }

    /// 0 on NULL rows, which may hold anything.
    private static func cleared<Code: FixedWidthInteger & UnsignedInteger & Sendable>(
        _ codes: [Code], _ validity: Validity
    ) -> [Code] {
        guard case .mask(let present) = validity else { return codes }
        return mapPairs(.rows(codes), .rows(present), count: codes.count, filler: 0) { $0 & (0 &- Code($1)) }
    }
}
