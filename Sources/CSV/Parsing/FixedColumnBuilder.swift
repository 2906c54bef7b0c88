import Columns

/// How the fields of a column of fixed-width values are read.
protocol FieldReader {
    associatedtype Value: BitwiseCopyable & Hashable
    static var zero: Value { get }
    /// Forgets what it learned from the chunk before.
    mutating func begin()
    /// Reads one field that is not empty, unquoted or without its quotes.
    mutating func read(_ bytes: ChunkBytes, _ start: Int, _ end: Int, _ context: ChunkContext) -> Reading<Value>
    /// Reads fields of the usual form from `rows[first]` on, as `FieldGrid.readDecimals`; returns `first` where it cannot.
    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Value>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int
    /// The date form of the column, for messages.
    var form: DateForm? { get }
    func values(_ rows: [Value]) -> ParsedValues
}

extension FieldReader {
    mutating func begin() {}

    func readPlain(
        _ grid: FieldGrid, _ column: Int, _ rows: Span<UInt32>, from first: Int, into values: inout MutableSpan<Value>,
        at base: Int, _ mask: inout MutableSpan<UInt8>
    ) -> Int { first }
}

/// Numbers, dates, times and booleans.
///
/// A method of a generic class is not specialized where it is called through the base class, which would cost more than
/// the reading itself. So each type has a subclass whose `append` calls the specialized `appendFields`.
class FixedColumnBuilder<Reader: FieldReader>: ColumnBuilder {
    private var reader: Reader
    /// Whether no token that means NULL looks like a value.
    private let areTokensWords: Bool
    private var values: [Reader.Value] = []

    init(_ request: CSVColumnRequest, index: Int, nullTokens: [[UInt8]], reader: Reader) {
        self.reader = reader
        areTokensWords = nullTokens.allSatisfy { $0.contains { $0 > 0x3A && $0 != 0x54 } }
        super.init(request, index: index, nullTokens: nullTokens)
    }

    override func begin(rowLimit: Int) {
        super.begin(rowLimit: rowLimit)
        reader.begin()
        values = []
    }

    @inline(__always)
    final func appendFields(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        // Into a local and back, so that the loop works on unshared memory without exclusivity checks.
        var values = self.values
        self.values = []
        let base = count
        makeRoom(&values, base + heads.count, forAllRows: heads.count == grid.rowCount)
        var reader = self.reader
        readWithMask(heads.count) { head, mask in
            var target = values.mutableSpan
            return readHeads(grid, heads.span, from: head, at: base, &reader, context, into: &target, &mask)
        }
        self.reader = reader
        self.values = values
    }

    /// Room for `needed` values; what is new is written before it is read.
    @inline(__always)
    private final func makeRoom(_ values: inout [Reader.Value], _ needed: Int, forAllRows: Bool) {
        guard values.count < needed else { return }
        let capacity = forAllRows ? rowLimit : min(rowLimit, max(needed * 8, values.count * 2))
        let known = values
        // Any bits are a value; those beyond `known` are overwritten before anybody reads them.
        values = unsafe [Reader.Value](unsafeUninitializedCapacity: capacity) { memory, filledCount in
            for row in 0..<known.count { unsafe memory[row] = known[row] }
            filledCount = capacity
        }
    }

    @inline(__always)
    final func finishFields() -> (values: ParsedValues, validity: Validity) {
        values.removeLast(values.count - count)
        let result = values
        values = []
        return (reader.values(result), validity())
    }

    /// Reads from `head` on; stops at a NULL without a mask to note it in.
    @inline(__always)
    private final func readHeads(
        _ grid: FieldGrid, _ heads: Span<UInt32>, from first: Int, at base: Int, _ reader: inout Reader,
        _ context: ChunkContext, into values: inout MutableSpan<Reader.Value>, _ mask: inout MutableSpan<UInt8>
    ) -> Int {
        precondition(base + heads.count <= values.count && (mask.isEmpty || base + heads.count <= mask.count))
        let column = request.fileColumn
        let bytes = grid.bytes
        let isPlain = !grid.mayHaveQuotes && nullTokens.isEmpty
        let hasMask = !mask.isEmpty
        var head = first
        // Whole stretches of fields in the usual form; given up where they turn out short.
        var shortStretches = areTokensWords && !(hasMask && request.isRequired) ? 0 : 8
        // Bounds: as checked above.
        while head < heads.count {
            if shortStretches < 8 {
                let next = reader.readPlain(grid, column, heads, from: head, into: &values, at: base, &mask)
                if next &- head < 4 { shortStretches &+= 1 }
                head = next
                if head == heads.count { break }
            }
            let row = unsafe Int(heads[unchecked: head])
            var start = grid.start(row, column)
            var end = grid.end(row, column)
            if !isPlain, start < end {
                if grid.mayHaveQuotes, bytes[start] == grid.quote {
                    start &+= 1
                    end &-= 1
                } else if !nullTokens.isEmpty, isNullToken(bytes, start, end) {
                    end = start
                }
            }
            if start == end {
                guard hasMask else { return head }
                unsafe mask[unchecked: base &+ head] = 0
                unsafe values[unchecked: base &+ head] = Reader.zero
                if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
            } else {
                switch reader.read(bytes, start, end, context) {
                case .value(let value): unsafe values[unchecked: base &+ head] = value
                case .failure(let reason):
                    unsafe values[unchecked: base &+ head] = Reader.zero
                    if isBlank(bytes, start, end) {
                        guard hasMask else { return head }
                        unsafe mask[unchecked: base &+ head] = 0
                        if request.isRequired { fail(head, .missingValue, raw: start..<end, grid: grid) }
                    } else {
                        refuse(head, reason, start, end, grid, reader.form)
                    }
                }
            }
            head &+= 1
        }
        return head
    }

    @inline(never)
    private final func isBlank(_ bytes: ChunkBytes, _ start: Int, _ end: Int) -> Bool {
        let (first, last) = NumberParsing.trim(bytes, start, end)
        return first == last
    }

    /// A field that is no value and not blank: a reject.
    @inline(never)
    private final func refuse(
        _ head: Int, _ reason: RejectReason, _ start: Int, _ end: Int, _ grid: FieldGrid, _ form: DateForm?
    ) {
        let (first, last) = NumberParsing.trim(grid.bytes, start, end)
        var reason = reason
        if request.rejectsScientificNotation, ScientificNotation.matches(grid.bytes, first, last) {
            reason = .scientificNotation
        }
        fail(head, reason, raw: start..<end, grid: grid, form: form)
    }
}
