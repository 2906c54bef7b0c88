import Columns
import Planning

/// An aggregate call made ready: which inputs it reads and how its states are made.
struct AggregateFactory: Sendable {
    /// Expressions whose vectors `update` gets, in order.
    let inputs: [BoundExpression]
    let filter: BoundExpression?
    let makeState: @Sendable () -> AggregateState
    /// What its key layout turned out to be, for aggregates over distinct values.
    let choice: LayoutChoice?
    /// Whether its states keep all values of their groups, and may keep them for several aggregates of the same input.
    let keepsValues: Bool
    /// From the inputs and their number of rows the results of groups of one row each, flat; nil where states must find them.
    let ofSingleRows: (@Sendable ([Vector], Int) -> Vector)?

    /// - Parameters:
    ///   - hasGroups: Whether there is more than one group.
    ///   - isRoomy: Whether keys of distinct values must fit any value of their type.
    ///   - deferringKeyCount: Distinct values above which removing duplicates may be left to the end.
    init(
        _ call: AggregateCall, hasGroups: Bool, isRoomy: Bool, deferringKeyCount: Int = .max
    ) throws(ExecutionError) {
        filter = call.filter
        ofSingleRows = call.filter == nil ? SingleRowAggregate.results(of: call) : nil
        let ordinary = try AggregateFactory.ordinary(call)
        let guarded = ordinary.inputs.map { AggregateFactory.guarded($0, by: call.filter) }
        // Extremes and truth values do not care how often a value comes.
        let minds = !["min", "max", "bool_and", "bool_or"].contains(call.name)
        let isDistinct = (call.isDistinct && minds) || call.name == "approx_count_distinct"
        guard isDistinct, !ordinary.inputs.isEmpty else {
            keepsValues = ordinary.make() is QuantileState
            inputs = guarded
            makeState = ordinary.make
            choice = nil
            return
        }
        let choice = LayoutChoice(isRoomy: isRoomy, leading: hasGroups ? [DistinctState.groupCodec] : [])
        let isCount = call.name == "count" || call.name == "approx_count_distinct"
        let inputCount = ordinary.inputs.count
        keepsValues = false
        inputs = guarded
        self.choice = choice
        makeState = {
            DistinctState(
                inputCount: inputCount, hasGroups: hasGroups, choice: choice, deferringKeyCount: deferringKeyCount,
                inner: isCount ? nil : ordinary.make())
        }
    }

    /// An input that is worked out only for rows the filter keeps: it may fail for others.
    private static func guarded(_ input: BoundExpression, by filter: BoundExpression?) -> BoundExpression {
        guard let filter else { return input }
        switch input {
        case .column, .constant: return input
        default:
            return .caseWhen(
                [BoundBranch(condition: filter, result: input)], otherwise: .constant(.null, input.type), input.type)
        }
    }

    private typealias Ordinary = (inputs: [BoundExpression], make: @Sendable () -> AggregateState)

    private static func ordinary(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        switch call.name {
        case "count", "approx_count_distinct": return (call.arguments, { CountState() })
        case "sum", "avg": return try sum(call)
        case "min", "max", "bool_and", "bool_or": return try extreme(call)
        case "bit_and", "bit_or", "bit_xor":
            guard let argument = call.arguments.first, let kind = BitState.Kind(rawValue: call.name) else {
                throw refusal(call)
            }
            let type = argument.type
            return (call.arguments, { BitState(kind, type: type) })
        case "median", "mad", "quantile", "percentile_cont", "percentile_disc", "mode": return try quantile(call)
        case "stddev_samp", "stddev_pop", "var_samp", "var_pop":
            let types = call.arguments.map(\.type)
            guard types.count == 1, types.allSatisfy(\.isNumber) else { throw refusal(call) }
            let (isSample, isDeviation) = (call.name.hasSuffix("samp"), call.name.hasPrefix("stddev"))
            if let scale = types[0].scale, call.type.scale != nil {
                let (type, position) = (call.type, call.position)
                return (
                    call.arguments,
                    {
                        ExactSpreadState(
                            isSample: isSample, isDeviation: isDeviation, inputScale: scale, type: type,
                            errorPosition: position)
                    }
                )
            }
            let kind = DoubleAggregateState.Kind.variance(isSample: isSample, isDeviation: isDeviation)
            return (call.arguments, { DoubleAggregateState(kind) })
        case "string_agg": return try stringAggregate(call)
        case "array_agg": return try arrayAggregate(call)
        case let name where PairStatistic(rawValue: name) != nil:
            let types = call.arguments.map(\.type)
            guard types.count == 2, types.allSatisfy(\.isNumber), let statistic = PairStatistic(rawValue: name) else {
                throw refusal(call)
            }
            return (call.arguments, { DoubleAggregateState(.pairs(statistic)) })
        default: throw refusal(call)
        }
    }

    private static func refusal(_ call: AggregateCall) -> ExecutionError {
        let types = call.arguments.map(\.type.name).joined(separator: ", ")
        return ExecutionError(.unsupported("aggregate \(call.name)(\(types)) is not supported"), position: call.position)
    }

    private static func sum(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        guard let argument = call.arguments.first else { throw refusal(call) }
        let type = call.type
        let position = call.position
        let isAverage = call.name == "avg"
        switch argument.type {
        case .double:
            return ([argument], { DoubleAggregateState(isAverage ? .average : .sum) })
        case .integer, .bigint, .numeric, .unknown:
            guard type.scale != nil, let scale = argument.type == .unknown ? 0 : argument.type.scale else {
                throw refusal(call)
            }
            guard isAverage || type.scale == scale else { throw refusal(call) }
            if isAverage, call.arguments.count == 2 {
                return (call.arguments, { SummedAverageState(inputScale: scale, type: type, errorPosition: position) })
            }
            return (
                [argument],
                { ExactSumState(isAverage: isAverage, inputScale: scale, type: type, errorPosition: position) }
            )
        default: throw refusal(call)
        }
    }

    private static func extreme(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        guard let argument = call.arguments.first else { throw refusal(call) }
        let isMaximum = call.name == "max" || call.name == "bool_or"
        let type = argument.type
        switch type {
        case .text, .unknown, .array:
            let shared = SharedTextCoder()
            return ([argument], { TextExtremeState(isMaximum: isMaximum, shared: shared) })
        case .interval: throw refusal(call)
        case .numeric where type.isWide:
            return ([argument], { WideExtremeState(isMaximum: isMaximum, type: type) })
        default: return ([argument], { ExtremeState(isMaximum: isMaximum, type: type) })
        }
    }

    private static func quantile(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        let isOrderedSet = !call.orderBy.isEmpty
        guard var input = isOrderedSet ? call.orderBy[0].expression : call.arguments.first else { throw refusal(call) }
        guard call.orderBy.count <= 1 else { throw refusal(call) }
        let kind: QuantileState.Kind
        switch call.name {
        case "median": kind = .continuous(fraction: 0.5)
        case "mad": kind = .medianDeviation
        case "mode": kind = .mode
        case "percentile_disc": kind = .discrete(fraction: try fraction(call, isOrderedSet ? 0 : 1))
        default: kind = .continuous(fraction: try fraction(call, isOrderedSet ? 0 : 1))
        }
        switch kind {
        case .continuous, .medianDeviation: guard call.type == .double, input.type.isNumber else { throw refusal(call) }
        case .discrete, .mode: if case .interval = input.type { throw refusal(call) }
        }
        switch kind {
        // Exact numbers have the order of their doubles, and only those between which a percentile lies become doubles.
        case .continuous, .medianDeviation: if case .cast(let exact, to: .double, _) = input, exact.type.scale != nil { input = exact }
        case .discrete, .mode: break
        }
        let descending = isOrderedSet && call.orderBy[0].descending
        let type = call.type
        let inputType = input.type
        let position = call.position
        return (
            [input],
            {
                QuantileState(
                    kind, descending: descending, inputType: inputType, type: type, errorPosition: position)
            }
        )
    }

    /// The fraction of a percentile: an expression over constants, from 0 to 1; nil for NULL.
    private static func fraction(_ call: AggregateCall, _ index: Int) throws(ExecutionError) -> Double? {
        guard index < call.arguments.count else { throw refusal(call) }
        var ids: Set<ColumnID> = []
        call.arguments[index].collectColumnIDs(into: &ids)
        guard ids.isEmpty else {
            throw ExecutionError(
                .unsupported("the fraction of \(call.name) must be a constant"), position: call.position)
        }
        var state = ExpressionState()
        let value = try ExpressionProgram(call.arguments[index], columns: [:])
            .evaluate(Batch(columns: [], rowCount: 1), &state).flattened()
        guard value.validity.isPresent(0) else { return nil }
        let fraction = DoubleAggregateState.numbers(value)[0]
        guard fraction >= 0, fraction <= 1 else {
            throw ExecutionError(
                .invalidArgument("percentile value \(fraction) is not between 0 and 1"), position: call.position)
        }
        return fraction
    }

    private static func stringAggregate(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        guard call.arguments.count == 2, call.arguments.allSatisfy({ $0.type == .text || $0.type == .unknown }) else {
            throw refusal(call)
        }
        var keys = call.orderBy
        if call.isDistinct, keys.isEmpty { keys = [PlanSortKey(expression: call.arguments[0])] }
        let orderBy = keys.map { (descending: $0.descending, nullsFirst: $0.nullsFirst, type: $0.expression.type) }
        return (call.arguments + keys.map(\.expression), { StringAggregateState(.string, orderBy: orderBy) })
    }

    /// Elements come as the text they have inside an array, NULL among them, so that none is left out.
    private static func arrayAggregate(_ call: AggregateCall) throws(ExecutionError) -> Ordinary {
        guard call.arguments.count == 1 else { throw refusal(call) }
        var keys = call.orderBy
        if call.isDistinct, keys.isEmpty { keys = [PlanSortKey(expression: call.arguments[0])] }
        let orderBy = keys.map { (descending: $0.descending, nullsFirst: $0.nullsFirst, type: $0.expression.type) }
        let element = BoundExpression.call(
            name: ScalarFunction.arrayElement.rawValue, arguments: call.arguments, .text, position: call.position)
        return ([element] + keys.map(\.expression), { StringAggregateState(.array, orderBy: orderBy) })
    }
}
