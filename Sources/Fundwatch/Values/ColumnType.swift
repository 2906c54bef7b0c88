import Columns

/// The type of a column, and how Swift reads it.
public enum ColumnType: Hashable, Sendable {
    /// ``AnswerColumn/booleans()``.
    case boolean
    /// ``AnswerColumn/integers()``.
    case integer
    /// ``AnswerColumn/integers()``.
    case bigint
    /// ``AnswerColumn/decimals()`` or ``AnswerColumn/unscaledDecimals()``: digits in all, and those after the point.
    case numeric(precision: Int, scale: Int)
    /// ``AnswerColumn/doubles()``.
    case double
    /// ``AnswerColumn/texts()``.
    case text
    /// ``AnswerColumn/dates()``.
    case date
    /// ``AnswerColumn/timestamps()``.
    case timestamp
    /// ``AnswerColumn/intervals()``.
    case interval
}

extension ColumnType: CustomStringConvertible {
    /// Its name in SQL: `bigint`, `numeric(14,2)`, `double precision`.
    public var description: String { logical.name }

    /// A column of nothing but a bare NULL is text, as in PostgreSQL; arrays are their texts.
    init(_ type: LogicalType) {
        switch type {
        case .boolean: self = .boolean
        case .integer: self = .integer
        case .bigint: self = .bigint
        case .numeric(let precision, let scale): self = .numeric(precision: precision, scale: scale)
        case .double: self = .double
        case .text, .unknown, .array: self = .text
        case .date: self = .date
        case .timestamp, .moment: self = .timestamp
        case .interval: self = .interval
        }
    }

    var logical: LogicalType {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .bigint: .bigint
        case .numeric(let precision, let scale): .numeric(precision: precision, scale: scale)
        case .double: .double
        case .text: .text
        case .date: .date
        case .timestamp: .timestamp
        case .interval: .interval
        }
    }
}

/// The name and type of a column.
public struct ColumnDescription: Hashable, Sendable {
    /// As SQL calls it; two columns of an answer may have one name.
    public let name: String
    /// What its values are.
    public let type: ColumnType
    /// Whether there may be NULLs.
    public let isNullable: Bool

    init(_ field: Field) {
        name = field.name
        type = ColumnType(field.type)
        isNullable = field.isNullable
    }
}
