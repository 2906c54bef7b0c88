package import Columns

/// A column whose type was widened after some of its segments were written: their values become the table's as they are
/// read.
package struct TypeWidening {
    private let type: LogicalType
    private let factor: Int64

    /// nil if values of the one type are not values of the other just so.
    ///
    /// Exact numbers may get a larger scale (the writer makes sure that every stored value then still fits), dates may
    /// become timestamps.
    init?(from stored: LogicalType, to type: LogicalType) {
        self.type = type
        switch (stored, type) {
        case (.date, .timestamp): factor = CivilTime.microsecondsPerDay
        case (.integer, .bigint): factor = 1
        case (.integer, .numeric), (.bigint, .numeric), (.numeric, .numeric):
            guard !stored.isWide, !type.isWide, let old = stored.scale, let new = type.scale, old <= new else { return nil }
            factor = DecimalText.powers64[new - old]
        default: return nil
        }
    }

    /// Whether a stored column of one type may be declared to be of the other.
    package static func isPossible(from stored: LogicalType, to type: LogicalType) -> Bool {
        stored == type || TypeWidening(from: stored, to: type) != nil
    }

    /// The vector with its values in the wider type; flat or constant, as stored columns come.
    func applied(to vector: Vector) -> Vector {
        let values: VectorValues
        switch vector.values {
        case .constant(let scalar): values = .constant(widened(scalar))
        // Values of rows that are NULL are arbitrary, hence wrapping.
        case .int64(let rows): values = .int64(rows.map { $0 &* factor })
        // Dates are the only values of 32 bits.
        case .int32(let rows): values = .int64(rows.map { CivilTime.midnight(ofDay: $0) })
        default: values = vector.values
        }
        return Vector(type: type, count: vector.count, values: values, validity: vector.validity)
    }

    private func widened(_ scalar: ScalarValue) -> ScalarValue {
        switch (scalar, type) {
        case (.date(let day), _): .timestamp(CivilTime.midnight(ofDay: day))
        case (.integer(let value), .numeric(_, let scale)):
            .numeric(unscaled: Int128(value) &* Int128(factor), scale: scale)
        case (.numeric(let unscaled, _), .numeric(_, let scale)):
            .numeric(unscaled: unscaled &* Int128(factor), scale: scale)
        default: scalar
        }
    }
}
