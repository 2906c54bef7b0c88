import Columns
import Execution
import Planning
import Testing

/// A value with its type, for expressions in tests.
struct TypedValue: Sendable {
    var scalar: ScalarValue
    var type: LogicalType

    static func int(_ value: Int64) -> TypedValue { TypedValue(scalar: .integer(value), type: .integer) }
    static func big(_ value: Int64) -> TypedValue { TypedValue(scalar: .integer(value), type: .bigint) }
    static func double(_ value: Double) -> TypedValue { TypedValue(scalar: .double(value), type: .double) }
    static func text(_ value: String) -> TypedValue { TypedValue(scalar: .text(value), type: .text) }
    static func bool(_ value: Bool) -> TypedValue { TypedValue(scalar: .boolean(value), type: .boolean) }
    static func null(_ type: LogicalType) -> TypedValue { TypedValue(scalar: .null, type: type) }

    /// The scale is that of the digits written.
    static func number(_ text: String, precision: Int = 18) -> TypedValue {
        let parsed = DecimalText.parse(text) ?? (0, 0)
        return TypedValue(
            scalar: .numeric(unscaled: parsed.unscaled, scale: parsed.scale),
            type: .numeric(precision: precision, scale: parsed.scale))
    }

    static func date(_ year: Int, _ month: Int, _ day: Int) -> TypedValue {
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        return TypedValue(scalar: .date(Int32(days)), type: .date)
    }

    static func time(
        _ year: Int, _ month: Int, _ day: Int, _ hour: Int = 0, _ minute: Int = 0, _ second: Double = 0
    ) -> TypedValue {
        let days = Int64(CivilDate(year: year, month: month, day: day).daysSinceEpoch)
        let seconds = Int64(hour * 3600 + minute * 60) * 1_000_000 + Int64((second * 1_000_000).rounded())
        return TypedValue(scalar: .timestamp(days * 86_400_000_000 + seconds), type: .timestamp)
    }

    static func interval(months: Int32 = 0, days: Int32 = 0, seconds: Double = 0) -> TypedValue {
        let value = IntervalValue(months: months, days: days, microseconds: Int64((seconds * 1_000_000).rounded()))
        return TypedValue(scalar: .interval(value), type: .interval)
    }

    var expression: BoundExpression { .constant(scalar, type) }
}

/// Evaluates an expression over the same values in every shape a vector can have.
enum ExpressionProbe {
    /// The text of the result, `NULL` for NULL; an issue is recorded if shapes disagree.
    static func text(
        _ values: [TypedValue], _ build: ([BoundExpression]) -> BoundExpression
    ) throws(ExecutionError) -> String {
        let asConstants = try evaluate(build(values.map(\.expression)), [], rowCount: 3)
        let expected = text(asConstants)
        let columns = values.indices.map { BoundExpression.column(ColumnID($0), values[$0].type) }
        for shape in VectorShape.allCases {
            let vectors = values.map { shape.vector([$0.scalar, $0.scalar, $0.scalar, .null], $0.type) }
            let result = try evaluate(build(columns), vectors, rowCount: 4)
            #expect(text(result) == expected, "shape \(shape)")
        }
        return expected
    }

    /// The error of evaluating rows; nil if there is none. NULL rows and empty runs must not raise it.
    static func error(_ values: [TypedValue], _ build: ([BoundExpression]) -> BoundExpression) -> ExecutionError? {
        let columns = values.indices.map { BoundExpression.column(ColumnID($0), values[$0].type) }
        var found: ExecutionError?
        for shape in VectorShape.allCases {
            let nulls = values.map { shape.vector([.null, .null], $0.type) }
            #expect(throws: Never.self) { _ = try evaluate(build(columns), nulls, rowCount: 2) }
            do throws(ExecutionError) {
                _ = try evaluate(build(columns), values.map { shape.vector([$0.scalar, .null], $0.type) }, rowCount: 2)
                return nil
            } catch {
                found = error
            }
        }
        return found
    }

    static func evaluate(
        _ expression: BoundExpression, _ vectors: [Vector], rowCount: Int
    ) throws(ExecutionError) -> Vector {
        let ids = Dictionary(uniqueKeysWithValues: vectors.indices.map { (ColumnID($0), $0) })
        let program = try ExpressionProgram(expression, columns: ids)
        var state = ExpressionState()
        let result = try program.evaluate(Batch(columns: vectors, rowCount: rowCount), &state)
        #expect(result.count == rowCount)
        return result
    }

    static func text(_ vector: Vector, row: Int = 0) -> String {
        let scalar = vector.scalar(at: row)
        if scalar.isNull { return "NULL" }
        var bytes: [UInt8] = []
        ValueText.append(scalar, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The shapes a vector may take.
enum VectorShape: CaseIterable, Sendable {
    case flat, dictionary, runs, runsWithEmpty, constant

    /// Rows of that shape; a shape that cannot hold the rows is flat instead.
    func vector(_ scalars: [ScalarValue], _ type: LogicalType) -> Vector {
        switch self {
        case .flat: return VectorShape.flatVector(scalars, type, asDictionary: false)
        case .dictionary: return VectorShape.flatVector(scalars, type, asDictionary: true)
        case .constant:
            guard let first = scalars.first, scalars.allSatisfy({ $0 == first }) else {
                return VectorShape.flatVector(scalars, type, asDictionary: false)
            }
            return .constant(first, type: type, count: scalars.count)
        case .runs: return VectorShape.runVector(scalars, type, emptyRuns: false)
        case .runsWithEmpty: return VectorShape.runVector(scalars, type, emptyRuns: true)
        }
    }

    /// One map for each layout, as all run columns of a batch share theirs.
    private static let maps = RunMapCache()

    private static func runVector(_ scalars: [ScalarValue], _ type: LogicalType, emptyRuns: Bool) -> Vector {
        var starts: [Int32] = [0]
        var children: [ScalarValue] = []
        for (row, scalar) in scalars.enumerated() {
            if emptyRuns, row % 2 == 0 {
                // What stands in a run without rows must not matter: a value that many functions refuse.
                children.append(refused(type))
                starts.append(Int32(row))
            }
            children.append(scalar)
            starts.append(Int32(row + 1))
        }
        return .runs(flatVector(children, type, asDictionary: true), map: maps.map(starts))
    }

    private static func refused(_ type: LogicalType) -> ScalarValue {
        switch type {
        case .integer, .bigint: .integer(0)
        case .numeric(_, let scale): .numeric(unscaled: 0, scale: scale)
        case .double: .double(0)
        case .text: .text("?")
        default: .null
        }
    }

    static func flatVector(_ scalars: [ScalarValue], _ type: LogicalType, asDictionary: Bool) -> Vector {
        let count = scalars.count
        let validity = Validity(compacting: scalars.map { $0.isNull ? 0 : 1 })
        func vector(_ values: VectorValues) -> Vector {
            Vector(type: type, count: count, values: values, validity: validity)
        }
        func wide(_ scalar: ScalarValue) -> Int128 {
            switch scalar {
            case .integer(let value), .timestamp(let value): Int128(value)
            case .numeric(let value, _): value
            // NULL rows may hold anything.
            default: 77
            }
        }
        switch type {
        case .boolean: return vector(.boolean(scalars.map { $0 == .boolean(true) || $0.isNull ? 1 : 0 }))
        case .date: return vector(.int32(scalars.map { if case .date(let day) = $0 { day } else { 77 } }))
        case .double: return vector(.double(scalars.map { if case .double(let value) = $0 { value } else { 0 } }))
        case .interval:
            return vector(
                .interval(scalars.map { if case .interval(let value) = $0 { value } else { IntervalValue(days: 7) } }))
        case .text, .unknown:
            let texts = scalars.map { if case .text(let text) = $0 { text } else { "garbage" } }
            guard asDictionary else {
                var strings = StringColumn()
                for text in texts { strings.append(text) }
                return vector(.string(strings))
            }
            var entries = StringColumn()
            var index = StringHashIndex()
            let codes = texts.map { index.intern(Array($0.utf8), in: &entries) }
            // An entry no row has, which most casts refuse.
            _ = index.intern(Array("no such row".utf8), in: &entries)
            return vector(.dictionary(codes: codes, TextDictionary(entries: entries)))
        default:
            return type.isWide
                ? vector(.int128(scalars.map(wide)))
                : vector(.int64(scalars.map { Int64(truncatingIfNeeded: wide($0)) }))
        }
    }
}
