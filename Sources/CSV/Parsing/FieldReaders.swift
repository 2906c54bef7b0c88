import Columns

/// numeric(p,s): scaled `Int64`.
struct DecimalReader: FieldReader {
    static let zero: Int64 = 0
    let precision: Int
    let scale: Int
    private let decimalForm: NumberParsing.DecimalForm
    private let limits: [UInt64]

    init(precision: Int, scale: Int) {
        self.precision = precision
        self.scale = scale
        limits = NumberParsing.limits(upTo: UInt64(DecimalText.powers64[precision]) - 1)
        decimalForm = NumberParsing.DecimalForm(precision: precision, scale: scale)
    }

    var form: DateForm? { nil }

    @inline(__always)
    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Int64> {
        if let value = NumberParsing.shortDecimal(bytes, start: start, end: end, decimalForm) { return .value(value) }
        return NumberParsing.decimal(bytes, start: start, end: end, precision: precision, scale: scale)
    }

    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int64>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        grid.readDecimals(column, rows, from: first, scale: scale, limits: limits, into: &values, at: base, &mask)
    }

    func values(_ rows: [Int64]) -> ParsedValues { .int64(rows) }
}

/// bigint and integer.
struct IntegerReader: FieldReader {
    static let zero: Int64 = 0
    let lowest: Int64
    let highest: Int64
    private let limits: [UInt64]
    var form: DateForm? { nil }

    /// - Parameter lowest: At most `-highest`.
    init(lowest: Int64, highest: Int64) {
        precondition(highest >= 0 && lowest <= 0 - highest)
        self.lowest = lowest
        self.highest = highest
        limits = NumberParsing.limits(upTo: UInt64(highest))
    }

    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Int64> {
        NumberParsing.integer(bytes, start: start, end: end, lowest: lowest, highest: highest)
    }

    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int64>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        grid.readDecimals(column, rows, from: first, scale: -1, limits: limits, into: &values, at: base, &mask)
    }

    func values(_ rows: [Int64]) -> ParsedValues { .int64(rows) }
}

struct DoubleReader: FieldReader {
    static let zero = 0.0
    var form: DateForm? { nil }

    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Double> {
        NumberParsing.double(bytes, start: start, end: end)
    }

    func values(_ rows: [Double]) -> ParsedValues { .double(rows) }
}

/// The words PostgreSQL reads as booleans, in any case, blanks around them allowed.
struct BooleanReader: FieldReader {
    static let zero: UInt8 = 0
    private static let trueWords: [[UInt8]] = ["true", "t", "yes", "y", "on", "1"].map { Array($0.utf8) }
    private static let falseWords: [[UInt8]] = ["false", "f", "no", "n", "off", "0"].map { Array($0.utf8) }
    var form: DateForm? { nil }

    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<UInt8> {
        let (first, last) = NumberParsing.trim(bytes, start, end)
        guard last - first <= 5 else { return .failure(.notABoolean) }
        func equals(_ word: [UInt8]) -> Bool {
            word.count == last - first
                && word.indices.allSatisfy { index in
                    let byte = bytes[first + index]
                    return (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte) == word[index]
                }
        }
        if BooleanReader.trueWords.contains(where: equals) { return .value(1) }
        if BooleanReader.falseWords.contains(where: equals) { return .value(0) }
        return .failure(.notABoolean)
    }

    func values(_ rows: [UInt8]) -> ParsedValues { .boolean(rows) }
}

/// The date form of a column while a chunk is read.
struct FormOfColumn {
    let fileColumn: Int
    private(set) var form: DateForm?

    init(fileColumn: Int) { self.fileColumn = fileColumn }

    /// A new file may follow, and with it a new form.
    mutating func begin() { form = nil }

    /// Whether a value of form `found` may stand in the column; the column's first value in file order decides.
    @inline(__always)
    mutating func accepts(_ found: DateForm, _ context: ChunkContext) -> Bool {
        if let form { return form == found }
        return settle(found, context) == found
    }

    private mutating func settle(_ found: DateForm, _ context: ChunkContext) -> DateForm {
        let settled = context.dateForms.decide(column: fileColumn, chunk: context.chunkIndex, found: found)
        form = settled
        return settled
    }
}

/// The dashed date read last: neighbouring lines mostly have the same.
struct LatestDay {
    // 1970-01-01, so that no other bytes are taken for a date that was never read.
    private var word: UInt64 = 0x2D31_302D_3037_3931
    private var tail: UInt16 = 0x3130
    private var days: Int32 = 0

    /// As `DateParsing.dashedDays`.
    @inline(__always)
    mutating func days(_ bytes: ChunkBytes, at start: Int) -> Int32? {
        let word = bytes.word(at: start)
        let tail = bytes.halfWord(at: start &+ 8)
        if word == self.word, tail == self.tail { return days }
        guard let found = DateParsing.dashedDays(bytes, at: start) else { return nil }
        (self.word, self.tail, days) = (word, tail, found)
        return found
    }
}

/// date: days since 1970-01-01; a time after the date is checked and dropped.
struct DateReader: FieldReader {
    static let zero: Int32 = 0
    private var expected: FormOfColumn
    private var latest = LatestDay()

    init(fileColumn: Int) { expected = FormOfColumn(fileColumn: fileColumn) }

    var form: DateForm? { expected.form }
    mutating func begin() { expected.begin() }

    @inline(__always)
    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Int32> {
        if end &- start == 10, let days = latest.days(bytes, at: start), expected.accepts(.dashed, context) {
            return .value(days)
        }
        return readAnyForm(bytes, start, end, context)
    }

    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int32>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        guard expected.form == .dashed else { return first }
        return grid.readDates(column, rows, from: first, into: &values, at: base, &mask)
    }

    @inline(never)
    private mutating func readAnyForm(
        _ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext
    ) -> Reading<Int32> {
        guard let (form, moment) = DateParsing.moment(bytes, start: start, end: end) else { return .failure(.notADate) }
        guard expected.accepts(form, context) else { return .failure(.dateFormat) }
        return moment.map { .value($0.days) } ?? .failure(.notADate)
    }

    func values(_ rows: [Int32]) -> ParsedValues { .int32(rows) }
}

/// timestamp: microseconds since 1970-01-01 00:00:00; a bare date is its midnight.
struct TimestampReader: FieldReader {
    static let zero: Int64 = 0
    private var expected: FormOfColumn
    private var latest = LatestDay()

    init(fileColumn: Int) { expected = FormOfColumn(fileColumn: fileColumn) }

    var form: DateForm? { expected.form }
    mutating func begin() { expected.begin() }

    @inline(__always)
    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Int64> {
        if end &- start == 19, bytes[start &+ 10] == 0x20 || bytes[start &+ 10] == 0x54,
            let days = latest.days(bytes, at: start),
            let seconds = DateParsing.secondsOfDay(bytes, at: start &+ 11), expected.accepts(.dashed, context)
        {
            return .value((Int64(days) &* 86_400 &+ Int64(seconds)) &* 1_000_000)
        }
        return readAnyForm(bytes, start, end, context)
    }

    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Int64>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        guard expected.form == .dashed else { return first }
        return grid.readTimestamps(column, rows, from: first, into: &values, at: base, &mask)
    }

    @inline(never)
    private mutating func readAnyForm(
        _ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext
    ) -> Reading<Int64> {
        guard let (form, moment) = DateParsing.moment(bytes, start: start, end: end) else {
            return .failure(.notATimestamp)
        }
        guard expected.accepts(form, context) else { return .failure(.dateFormat) }
        guard let moment else { return .failure(.notATimestamp) }
        return .value(Int64(moment.days) * CivilTime.microsecondsPerDay + moment.timeOfDay)
    }

    func values(_ rows: [Int64]) -> ParsedValues { .int64(rows) }
}
