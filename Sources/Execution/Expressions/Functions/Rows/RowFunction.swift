import Columns
import Planning

/// A function computed from single values, for what is seldom asked of many rows. Columns of a dictionary are computed once
/// an entry all the same.
struct RowFunction: Sendable {
    /// A NULL argument gives NULL without a call.
    let isStrict: Bool
    /// Gives the value for arguments of the types the signature says; the type is the result's.
    let body: @Sendable ([ScalarValue], LogicalType, inout RowContext) throws(RowFailure) -> ScalarValue

    init(
        isStrict: Bool = true,
        _ body: @escaping @Sendable ([ScalarValue], LogicalType, inout RowContext) throws(RowFailure) -> ScalarValue
    ) {
        self.isStrict = isStrict
        self.body = body
    }

    /// The function of a canonical name.
    static func named(_ name: String) -> RowFunction? { all[name] }

    private static let all: [String: RowFunction] =
        PatternFunctions.all.merging(QuotingFunctions.all) { first, _ in first }
        .merging(NumberFunctions.all) { first, _ in first }.merging(TimeFunctions.all) { first, _ in first }
        .merging(ArrayFunctions.all) { first, _ in first }.merging(WaitingFunctions.all) { first, _ in first }
        .merging(ZoneFunctions.all) { first, _ in first }.merging(SamplingFunctions.all) { first, _ in first }

    /// Computes the function for every row; inputs are flat or constant.
    func vector(
        _ inputs: [Vector], type: LogicalType, count: Int, position: Int, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector {
        var builder = ScalarColumn(type: type)
        builder.reserve(count)
        var arguments = [ScalarValue](repeating: .null, count: inputs.count)
        for row in 0..<count {
            var hasNull = false
            for index in inputs.indices {
                arguments[index] = inputs[index].scalar(at: row)
                hasNull = hasNull || arguments[index].isNull
            }
            if isStrict, hasNull {
                builder.append(.null)
                continue
            }
            do throws(RowFailure) {
                builder.append(try body(arguments, type, &state.rows))
            } catch {
                throw ExecutionError(error.kind, position: position)
            }
        }
        return builder.vector()
    }
}

/// Why a function gives no value for its arguments.
struct RowFailure: Error {
    let kind: ExecutionError.Kind

    init(_ kind: ExecutionError.Kind) { self.kind = kind }
    init(_ message: String) { kind = .invalidArgument(message) }
}

/// What functions keep from row to row.
struct RowContext: Sendable {
    /// Patterns are equal by their bytes; strings are by what they look like.
    private struct Key: Hashable {
        let pattern: String
        let options: RegularExpression.Options

        static func == (left: Key, right: Key) -> Bool {
            left.options == right.options && left.pattern.utf8.elementsEqual(right.pattern.utf8)
        }
    }

    private static let capacity = 64
    /// How the plan runs, for what takes its time; nil where nothing may.
    let running: ExecutionOptions?

    init(running: ExecutionOptions? = nil) { self.running = running }

    private var patterns: [Key: RegularExpression] = [:]
    private var zones: [String: ZoneRules] = [:]

    /// A time zone, looked up once.
    mutating func zone(_ name: String) throws(RowFailure) -> ZoneRules {
        if let known = zones[name] { return known }
        guard let rules = ZoneRules(atTimeZone: name) else {
            throw RowFailure("time zone \"\(name.prefix(64))\" not recognized")
        }
        if zones.count == RowContext.capacity { zones.removeAll() }
        zones[name] = rules
        return rules
    }

    /// The expression, read once.
    mutating func expression(
        _ pattern: String, _ options: RegularExpression.Options = .init()
    ) throws(RowFailure) -> RegularExpression {
        let key = Key(pattern: pattern, options: options)
        if let known = patterns[key] { return known }
        do throws(PatternError) {
            let expression = try RegularExpression(pattern, options)
            if patterns.count == RowContext.capacity { patterns.removeAll() }
            patterns[key] = expression
            return expression
        } catch {
            throw RowFailure(error.message)
        }
    }
}
