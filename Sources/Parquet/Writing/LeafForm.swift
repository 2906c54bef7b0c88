import Columns
import Diagnostics

/// How a column of the engine lies in a file.
struct LeafForm: Sendable {
    let name: String
    let type: LogicalType
    let physicalType: PhysicalType
    /// Bytes of a value of a fixed length.
    let typeLength: Int
    let annotation: Annotation

    init(_ field: Field) throws(ParquetError) {
        name = field.name
        type = field.type
        var length = 0
        switch field.type {
        case .boolean: (physicalType, annotation) = (.boolean, .none)
        case .integer: (physicalType, annotation) = (.int32, .none)
        case .bigint: (physicalType, annotation) = (.int64, .none)
        case .double: (physicalType, annotation) = (.double, .none)
        case .text, .unknown, .array: (physicalType, annotation) = (.byteArray, .text)
        case .date: (physicalType, annotation) = (.int32, .date)
        case .timestamp, .moment: (physicalType, annotation) = (.int64, .timestamp(.microseconds))
        case .numeric(let precision, let scale):
            // A file's decimals have at least as many digits as stand after the point.
            let digits = max(precision, scale, 1)
            annotation = .decimal(precision: digits, scale: scale)
            if digits <= 9, !field.type.isWide {
                physicalType = .int32
            } else if digits <= 18, !field.type.isWide {
                physicalType = .int64
            } else {
                physicalType = .fixedByteArray
                length = LeafForm.byteCount(digits: digits)
            }
        case .interval:
            throw ParquetError(
                .query, "an interval has no place in a Parquet file", column: field.name, mend: "cast it to text")
        }
        typeLength = length
    }

    var schemaElement: SchemaElement {
        var element = SchemaElement()
        element.name = name
        element.type = physicalType
        element.typeLength = typeLength
        element.repetition = 1
        element.annotation = annotation
        return element
    }

    /// Largest magnitude a decimal may have; nil for other types.
    var decimalLimit: Int128? {
        guard case .decimal(let precision, _) = annotation else { return nil }
        return precision < DecimalText.powers128.count ? DecimalText.powers128[precision] - 1 : nil
    }

    /// Bytes that a signed number of so many decimal digits takes.
    private static func byteCount(digits: Int) -> Int {
        let largest = UInt128(DecimalText.powers128[min(digits, 38)]) - 1
        return (UInt128.bitWidth - largest.leadingZeroBitCount) / 8 + 1
    }
}
