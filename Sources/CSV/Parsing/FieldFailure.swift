import Columns

/// Why a field cannot be a value of its column.
struct FieldFailure {
    var reason: RejectReason
    var message: String
}

/// The sentences of reject files. Values of text columns are never quoted; those of numbers and dates are, shortened.
enum FailureText {
    static func failure(_ reason: RejectReason, request: CSVColumnRequest, raw: [UInt8], form: DateForm?)
        -> FieldFailure
    {
        FieldFailure(reason: reason, message: message(reason, request: request, raw: raw, form: form))
    }

    private static func message(
        _ reason: RejectReason, request: CSVColumnRequest, raw: [UInt8], form: DateForm?
    ) -> String {
        let name = request.name
        let value = "\(name) \"\(quoted(raw))\""
        switch reason {
        case .missingValue: return "missing value in required column \(name)"
        case .scientificNotation: return "scientific notation in identifier \(name)"
        case .invalidEncoding: return "\(name) has bytes that are no character of the file's encoding"
        case .nulByte: return "\(name) has a NUL byte"
        case .notANumber:
            return switch request.type {
            case .numeric: "\(value) is not a decimal; expected digits and at most one point, such as 1234.50"
            case .double: "\(value) is not a number; expected a form such as 12.5 or 1.25e3"
            default: "\(value) is not a whole number; expected digits only"
            }
        case .numberTooLarge: return "\(value) has too many digits for \(request.type.name)"
        case .tooManyDecimals: return "\(value) has more digits after the point than \(request.type.name) keeps"
        case .notADate: return "\(value) is not a date; expected a form such as 2025-01-31"
        case .notATimestamp: return "\(value) is not a time; expected a form such as 2025-01-31 08:04:38"
        case .dateFormat:
            return "\(value) is a date in another format than the file's first in this column (\(form?.example ?? ""))"
        case .notABoolean: return "\(value) is not a boolean; expected true or false"
        case .fieldCount, .unclosedQuote, .textAfterQuote, .duplicate: return reason.rawValue
        }
    }

    private static func quoted(_ raw: [UInt8]) -> String {
        raw.count <= 40
            ? String(decoding: raw, as: UTF8.self) : String(decoding: raw.prefix(40), as: UTF8.self) + "…"
    }
}
