import Columns

/// How the fields of a column of fixed-width values are read.
protocol FieldReader {
    associatedtype Value: BitwiseCopyable & Hashable
    static var zero: Value { get }
    /// Reads one field that is not empty, unquoted or without its quotes.
    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Value>
    /// The date form of the column, for messages.
    var form: DateForm? { get }
    func values(_ rows: [Value]) -> ParsedValues
}

/// Numbers, dates, times and booleans.
///
/// A method of a generic class is not specialized where it is called through the base class, which would cost more than
/// the reading itself. So each type has a subclass whose `append` calls the specialized `appendFields`.
class FixedColumnBuilder<Reader: FieldReader>: ColumnBuilder {
    private var reader: Reader
    private var rows: [Reader.Value]
    private var headValues: [Reader.Value] = []
    private var headPresent: [UInt8] = []

    init(_ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]], rowLimit: Int, reader: Reader) {
        self.reader = reader
        rows = [Reader.Value](repeating: Reader.zero, count: rowLimit)
        super.init(request, index: index, nullTokens: nullTokens, rowLimit: rowLimit)
    }

    @inline(__always)
    final func appendFields(_ grid: FieldGrid, _ runs: RowRuns, _ context: ChunkContext) {
        // Into locals and back, so that the loops work on unshared memory without exclusivity checks.
        var values = headValues
        headValues = []
        var present = headPresent
        headPresent = []
        let headCount = runs.heads.count
        if values.count < headCount {
            values = [Reader.Value](repeating: Reader.zero, count: headCount)
            present = [UInt8](repeating: 1, count: headCount)
        }
        let nullCount = readHeads(grid, runs, context, into: &values, &present)
        storePresence(present.span, nullCount: nullCount, rowCount: grid.rowCount, runs: runs)
        var rows = self.rows
        self.rows = []
        var target = rows.mutableSpan
        expand(values.span, runs, count: grid.rowCount, into: &target, at: rowCount - grid.rowCount)
        self.rows = rows
        headValues = values
        headPresent = present
    }

    @inline(__always)
    final func finishFields() -> ParsedColumn {
        rows.removeLast(rows.count - rowCount)
        return ParsedColumn(type: request.type, values: reader.values(rows), validity: validity())
    }

    /// Returns the number of NULLs.
    @inline(__always)
    private final func readHeads(
        _ grid: FieldGrid, _ runs: RowRuns, _ context: ChunkContext, into values: inout [Reader.Value],
        _ present: inout [UInt8]
    ) -> Int {
        let column = request.fileColumn
        let bytes = grid.bytes
        let isPlain = !grid.mayHaveQuotes && nullTokens.isEmpty
        var reader = self.reader
        let heads = runs.heads.span
        var targets = values.mutableSpan
        var presence = present.mutableSpan
        var nullCount = 0
        for head in 0..<heads.count {
            let row = Int(heads[head])
            var start = grid.start(row, column)
            var end = grid.end(row, column)
            presence[head] = 1
            if !isPlain, start < end {
                if grid.mayHaveQuotes, bytes[start] == grid.quote {
                    start &+= 1
                    end &-= 1
                } else if !nullTokens.isEmpty, isNullToken(bytes, start, end) {
                    end = start
                }
            }
            if start == end {
                presence[head] = 0
                targets[head] = Reader.zero
                nullCount &+= 1
                if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
                continue
            }
            switch reader.read(bytes, start, end, context) {
            case .value(let value): targets[head] = value
            case .failure(let reason):
                nullCount &+= refuse(head, reason, start, end, grid, reader.form, &targets, &presence)
            }
        }
        self.reader = reader
        return nullCount
    }

    /// A field that is no value: NULL if it is blank, else a reject. Returns 1 for NULL.
    @inline(never)
    private final func refuse(
        _ head: Int, _ reason: RejectReason, _ start: Int, _ end: Int, _ grid: FieldGrid, _ form: DateForm?,
        _ targets: inout MutableSpan<Reader.Value>, _ presence: inout MutableSpan<UInt8>
    ) -> Int {
        targets[head] = Reader.zero
        let (first, last) = NumberParsing.trim(grid.bytes, start, end)
        if first == last {
            presence[head] = 0
            if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
            return 1
        }
        var reason = reason
        if request.rejectsScientificNotation, ScientificNotation.matches(grid.bytes.copy(first..<last)) {
            reason = .scientificNotation
        }
        fail(head, reason, raw: start..<end, grid: grid, form: form)
        return 0
    }
}

/// Identifiers that a spreadsheet has turned into numbers.
enum ScientificNotation {
    /// `^[+-]?\d+(\.\d+)?[eE][+-]?\d+$`
    static func matches(_ text: [UInt8]) -> Bool {
        var position = 0
        func digits() -> Bool {
            let start = position
            while position < text.count, isDigit(text[position]) { position += 1 }
            return position > start
        }
        func sign() { if position < text.count, text[position] == 0x2B || text[position] == 0x2D { position += 1 } }
        sign()
        guard digits() else { return false }
        if position < text.count, text[position] == 0x2E {
            position += 1
            guard digits() else { return false }
        }
        guard position < text.count, text[position] | 0x20 == 0x65 else { return false }
        position += 1
        sign()
        return digits() && position == text.count
    }
}
