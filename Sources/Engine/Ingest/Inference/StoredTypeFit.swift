import CSV
import Columns
import Storage

/// Whether a stored column takes the values of one more file.
enum StoredTypeFit {
    /// Digits an exact number of a loaded column may have.
    private static let digitLimit = 18

    /// The stored type, or a wider one that holds all values that are stored and all of the file's exactly as they are
    /// written; nil if there is none.
    ///
    /// - Parameters:
    ///   - storedDigits: Digits before the point that stored values have at most, nil if unknown; asked for only if needed.
    ///   - file: What the values of the file have in common, at least one value.
    static func type(
        stored: LogicalType, storedDigits: () throws -> Int?, file: ColumnTypeSummary
    ) rethrows -> LogicalType? {
        switch (stored, file.type) {
        case (.text, _): return .text
        case (.double, .double): return .double
        // As exactly as the file's own type would be.
        case (.double, .bigint), (.double, .numeric): return file.isExactInDouble ? .double : nil
        case (.boolean, .boolean), (.date, .date), (.bigint, .bigint): return stored
        case (.timestamp, .date), (.timestamp, .timestamp), (.date, .timestamp): return .timestamp
        case (.integer, .bigint) where file.integerDigits <= 9: return .integer
        case (.integer, .bigint): return .bigint
        case (.integer, .numeric), (.bigint, .numeric), (.numeric, .bigint), (.numeric, .numeric):
            return try widened(stored, storedDigits, file)
        default: return nil
        }
    }

    private static func widened(
        _ stored: LogicalType, _ storedDigits: () throws -> Int?, _ file: ColumnTypeSummary
    ) rethrows -> LogicalType? {
        let scale = max(stored.scale ?? 0, file.type.scale ?? 0)
        var declaredDigits = digitLimit + 1
        if case .numeric(let precision, let storedScale) = stored {
            guard precision <= digitLimit else { return nil }
            declaredDigits = precision - storedScale
            if storedScale == scale, file.integerDigits <= declaredDigits { return stored }
        }
        var digits = max(declaredDigits, file.integerDigits)
        if digits + scale > digitLimit {
            guard let known = try storedDigits() else { return nil }
            digits = max(known, file.integerDigits)
        }
        guard digits + scale <= digitLimit else { return nil }
        let type = LogicalType.numeric(precision: max(1, digits + scale), scale: scale)
        return TypeWidening.isPossible(from: stored, to: type) ? type : nil
    }
}
