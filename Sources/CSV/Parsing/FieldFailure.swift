import Columns

/// Why a field cannot be a value of its column.
struct FieldFailure {
    var reason: RejectReason
    var message: String
}

/// The sentences of reject files.
///
/// Values of text columns are never quoted. Those of numbers are, shortened. Dates and times, which may be of birth or
/// death, are told by their shape alone.
enum FailureText {
    /// - Parameter isWritten: Whether a field of a date or time is written as one, though there is no such moment.
    static func failure(
        _ reason: RejectReason, request: CSVColumnRequest, raw: [UInt8], form: DateForm?, isWritten: Bool
    ) -> FieldFailure {
        let text =
            isWritten
            ? momentMissing(reason, request: request, raw: raw)
            : message(reason, request: request, raw: raw, form: form)
        return FieldFailure(reason: reason, message: text)
    }

    private static func momentMissing(_ reason: RejectReason, request: CSVColumnRequest, raw: [UInt8]) -> String {
        let what = reason == .notADate ? "date" : "time"
        return "\(request.name) of the form \"\(shape(raw))\" is not a \(what) that exists"
    }

    private static func message(
        _ reason: RejectReason, request: CSVColumnRequest, raw: [UInt8], form: DateForm?
    ) -> String {
        let name = request.name
        let value =
            switch request.type {
            case .date, .timestamp: "\(name) of the form \"\(shape(raw))\""
            default: "\(name) \"\(quoted(raw))\""
            }
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
            let example = form?.example ?? ""
            return "\(value) is a date in another format than the file's first in this column, such as \(example)"
        case .notABoolean: return "\(value) is not a boolean; expected true or false"
        case .fieldCount, .unclosedQuote, .fieldTooLong, .textAfterQuote, .carriageReturn, .duplicate: return reason.rawValue
        }
    }

    private static func quoted(_ raw: [UInt8]) -> String {
        raw.count <= 40
            ? String(decoding: raw, as: UTF8.self) : String(decoding: raw.prefix(40), as: UTF8.self) + "…"
    }

    private static func shape(_ raw: [UInt8]) -> String {
        // A character has at most 4 bytes.
        ValueShape.text(String(decoding: raw.prefix(4 * 41), as: UTF8.self), limit: 40)
    }
}
