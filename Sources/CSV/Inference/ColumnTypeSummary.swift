package import Columns

/// What the values of one column have in common, over some or all rows of a file.
package struct ColumnTypeSummary: Hashable, Sendable {
    /// Whether any row has a value.
    package private(set) var hasValue = false
    private var allBoolean = true
    private var allNumbers = true
    private var hasExponent = false
    /// Whether a number has a point, be it without digits behind it: no whole number is written so.
    private var hasPoint = false
    /// Digits that numbers without an exponent have at most.
    private var plainDigits = 0
    /// Most digits before the point, where all values are numbers.
    package private(set) var integerDigits = 0
    private var fractionDigits = 0
    private var allDates = true
    private var dateForm: DateForm?
    private var hasTime = false

    /// The summary of no rows.
    package init() {}

    /// Whether a double gives back every number that is written out as it is.
    package var isExactInDouble: Bool { plainDigits <= 15 }

    /// Whether no further value can change the type from text.
    var isText: Bool { hasValue && !allBoolean && !allNumbers && !allDates }

    /// The narrowest type that holds every value exactly; text if there is none, or no value at all.
    package var type: LogicalType {
        guard hasValue else { return .text }
        if allBoolean { return .boolean }
        if allNumbers {
            if integerDigits + fractionDigits > 18 { return .text }
            if hasExponent { return isExactInDouble ? .double : .text }
            return !hasPoint
                ? .bigint : .numeric(precision: max(1, integerDigits + fractionDigits), scale: fractionDigits)
        }
        if allDates { return hasTime ? .timestamp : .date }
        return .text
    }

    /// The summary of both sets of rows; the order does not matter.
    package mutating func merge(_ other: ColumnTypeSummary) {
        guard other.hasValue else { return }
        guard hasValue else {
            self = other
            return
        }
        allBoolean = allBoolean && other.allBoolean
        allNumbers = allNumbers && other.allNumbers
        hasExponent = hasExponent || other.hasExponent
        hasPoint = hasPoint || other.hasPoint
        plainDigits = max(plainDigits, other.plainDigits)
        integerDigits = max(integerDigits, other.integerDigits)
        fractionDigits = max(fractionDigits, other.fractionDigits)
        allDates = allDates && other.allDates && dateForm == other.dateForm
        hasTime = hasTime || other.hasTime
    }

    /// Takes in one field, without its quotes.
    mutating func add(_ bytes: ChunkBytes, _ start: Int, _ end: Int) {
        let (first, last) = NumberParsing.trim(bytes, start, end)
        guard first < last else { return }
        if allNumbers { allNumbers = addNumber(bytes, first, last) }
        if allDates { allDates = addDate(bytes, first, last) }
        if allBoolean { allBoolean = ColumnTypeSummary.isBoolean(bytes, first, last) }
        hasValue = true
    }

    /// Digits with a leading zero, an explicit plus, or more than 18 of them are identifiers and stay text.
    private mutating func addNumber(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        guard bytes[start] != 0x2B, let shape = NumberShape(bytes, start: start, end: end), !shape.hasLeadingZero,
            shape.significantIntegerDigits + shape.fractionDigits <= 18, shape.isInDoubleRange
        else { return false }
        integerDigits = max(integerDigits, shape.significantIntegerDigits)
        fractionDigits = max(fractionDigits, shape.fractionDigits)
        hasExponent = hasExponent || shape.hasExponent
        hasPoint = hasPoint || shape.hasPoint
        if !shape.hasExponent { plainDigits = max(plainDigits, shape.significantIntegerDigits + shape.fractionDigits) }
        return true
    }

    private mutating func addDate(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        guard let (form, moment) = DateParsing.moment(bytes, start: start, end: end), moment != nil else {
            return false
        }
        if let dateForm, dateForm != form { return false }
        dateForm = form
        if end - start > 10 || (form == .compact && end - start > 8) {
            hasTime = hasTime || hasTimePart(bytes, start, end)
        }
        return true
    }

    private func hasTimePart(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        (start..<end).contains { bytes[$0] == 0x3A }
    }

    private static func isBoolean(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        func equals(_ word: StaticString) -> Bool {
            guard end - start == word.utf8CodeUnitCount else { return false }
            // The index stays below the word's length.
            return (0..<(end - start)).allSatisfy { unsafe bytes[start + $0] | 0x20 == word.utf8Start[$0] }
        }
        return equals("true") || equals("false")
    }
}
