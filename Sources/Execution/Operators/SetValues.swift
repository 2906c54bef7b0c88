import Columns
import Planning

/// The values one call gives for one row, one after the other.
struct SetValues {
    private enum Rest {
        case none
        case integers(next: Int64, last: Int64, step: Int64)
        case numerics(next: Int128, last: Int128, step: Int128, scale: Int)
        case times(next: Int64, last: Int64, step: IntervalValue, isAscending: Bool)
        case texts([String?], place: Int)
    }

    private var rest: Rest
    private let type: LogicalType

    init(
        _ name: String, _ values: [ScalarValue], _ type: LogicalType, _ context: inout RowContext
    ) throws(RowFailure) {
        self.type = type
        rest = .none
        switch name {
        case "generate_series":
            if values.contains(where: \.isNull) { return }
            rest = try SetValues.series(values, type)
        case "unnest":
            if !values[0].isNull { rest = .texts(try ArrayFunctions.elements(values[0]), place: 0) }
        case "generate_subscripts":
            guard case .integer(let dimension) = values[1], dimension == 1, !values[0].isNull else { return }
            let count = Int64(try ArrayFunctions.elements(values[0]).count)
            if values.count > 2, values[2].isNull { return }
            let isReversed = values.count > 2 && values[2] == .boolean(true)
            rest = isReversed ? .integers(next: count, last: 1, step: -1) : .integers(next: 1, last: count, step: 1)
        case "regexp_matches":
            if values.contains(where: \.isNull) { return }
            rest = .texts(try PatternFunctions.arrays(values, &context), place: 0)
        case "regexp_split_to_table":
            if values.contains(where: \.isNull) { return }
            rest = .texts(try PatternFunctions.split(values, &context, name: name), place: 0)
        case "string_to_table":
            guard let whole = ArrayFunctions.text(values[0]) else { return }
            let null = values.count > 2 ? ArrayFunctions.text(values[2]) : nil
            rest = .texts(ArrayFunctions.parts(whole, ArrayFunctions.text(values[1]), null), place: 0)
        default: throw RowFailure(.unsupported("function \(name) is not supported"))
        }
    }

    private static func series(_ values: [ScalarValue], _ type: LogicalType) throws(RowFailure) -> Rest {
        switch (values[0], values[1]) {
        case (.integer(let first), .integer(let last)):
            guard values.count < 3 || values[2] != .integer(0) else { throw RowFailure("step size cannot equal zero") }
            guard values.count > 2, case .integer(let step) = values[2] else {
                return .integers(next: first, last: last, step: 1)
            }
            return .integers(next: first, last: last, step: step)
        case (.numeric, .numeric):
            let scale = type.scale ?? 0
            let step = values.count > 2 ? values[2].scaled(to: scale) : DecimalText.powers128[scale]
            guard let first = values[0].scaled(to: scale), let last = values[1].scaled(to: scale), let step else {
                throw RowFailure(.numericFieldOverflow)
            }
            if step == 0 { throw RowFailure("step size cannot equal zero") }
            return .numerics(next: first, last: last, step: step, scale: scale)
        case (.timestamp(let first), .timestamp(let last)):
            guard case .interval(let step) = values[2] else { return .none }
            if CivilTime.isInfinite(microseconds: first) || CivilTime.isInfinite(microseconds: last) {
                throw RowFailure(.unsupported("generate_series to or from an infinite time is not supported"))
            }
            guard let second = Temporal.adding(step, to: first, sign: 1), second != first else {
                throw RowFailure("step size cannot equal zero")
            }
            return .times(next: first, last: last, step: step, isAscending: second > first)
        default: return .none
        }
    }

    /// The next value; nil at the end.
    mutating func next() throws(RowFailure) -> ScalarValue? {
        switch rest {
        case .none: return nil
        case .integers(let value, let last, let step):
            guard step > 0 ? value <= last : value >= last else {
                rest = .none
                return nil
            }
            let (following, overflow) = value.addingReportingOverflow(step)
            rest = overflow ? .none : .integers(next: following, last: last, step: step)
            return .integer(value)
        case .numerics(let value, let last, let step, let scale):
            guard step > 0 ? value <= last : value >= last else {
                rest = .none
                return nil
            }
            let (following, overflow) = value.addingReportingOverflow(step)
            rest = overflow ? .none : .numerics(next: following, last: last, step: step, scale: scale)
            return .numeric(unscaled: value, scale: scale)
        case .times(let value, let last, let step, let isAscending):
            guard isAscending ? value <= last : value >= last else {
                rest = .none
                return nil
            }
            if let following = Temporal.adding(step, to: value, sign: 1), following != value {
                rest = .times(next: following, last: last, step: step, isAscending: isAscending)
            } else {
                rest = .none
            }
            return .timestamp(value)
        case .texts(let texts, let place):
            guard place < texts.count else { return nil }
            rest = .texts(texts, place: place + 1)
            return texts[place].map { .text($0) } ?? .null
        }
    }
}
