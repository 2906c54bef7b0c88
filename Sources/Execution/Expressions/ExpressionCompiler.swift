import Columns
import Planning

/// Turns bound expressions into nodes: resolves columns, folds constants, aligns the types of alternatives.
struct ExpressionCompiler {
    let columns: [ColumnID: Int]

    func compile(_ expression: BoundExpression) throws(ExecutionError) -> ExpressionNode {
        folded(try node(expression))
    }

    /// A node without columns becomes its value, unless that is an error: then rows decide whether it is ever met.
    private func folded(_ node: ExpressionNode) -> ExpressionNode {
        guard node.columns.isEmpty, node.constant == nil else { return node }
        var state = ExpressionState()
        guard let vector = try? node.evaluate(Batch(columns: [], rowCount: 1), &state) else { return node }
        return ExpressionNode(.constant(vector.scalar(at: 0)), [], type: node.type, position: node.position)
    }

    private func node(_ expression: BoundExpression) throws(ExecutionError) -> ExpressionNode {
        switch expression {
        case .constant(let value, let type): return ExpressionNode(.constant(value), [], type: type)
        case .column(let id, let type):
            guard let index = columns[id] else {
                throw ExecutionError(.unsupported("the plan misses column \(id.number)"))
            }
            return ExpressionNode(.column(index), [], type: type)
        case .outerColumn, .subquery:
            throw ExecutionError(.unsupported("a correlated subquery of this form is not supported"))
        case .cast(let operand, let type, let position):
            return ExpressionNode(.cast, [try compile(operand)], type: type, position: position)
        case .comparison(let comparison, let left, let right):
            if let (year, number) = try comparedYear(left, right) {
                return ExpressionNode(.comparison(comparison), [year, number], type: .boolean)
            }
            if let (year, number) = try comparedYear(right, left) {
                return ExpressionNode(.comparison(comparison), [number, year], type: .boolean)
            }
            return try boolean(.comparison(comparison), [left, right])
        case .distinct(let left, let right, let negated):
            return try boolean(.distinct(negated: negated), [left, right])
        case .arithmetic(let operation, let left, let right, let type, let position):
            return ExpressionNode(
                .arithmetic(operation), [try compile(left), try compile(right)], type: type, position: position)
        case .negate(let operand, let type, let position):
            return ExpressionNode(.negate, [try compile(operand)], type: type, position: position)
        case .and(let operands): return try boolean(.and, operands)
        case .or(let operands): return try boolean(.or, operands)
        case .not(let operand): return try boolean(.not, [operand])
        case .isNull(let operand, let negated): return try boolean(.isNull(negated: negated), [operand])
        case .isTruth(let operand, let value, let negated):
            return try boolean(.isTruth(value: value, negated: negated), [operand])
        case .inList(let value, let items, let negated):
            return try boolean(.inList(negated: negated), [value] + items)
        case .like(let text, let pattern, let escape, let caseInsensitive, let negated):
            return try boolean(
                .like(escape: escape, caseInsensitive: caseInsensitive, negated: negated), [text, pattern])
        case .caseWhen(let branches, let otherwise, let type): return try caseNode(branches, otherwise, type)
        case .coalesce(let operands, let type):
            return ExpressionNode(.coalesce, try operands.map(aligned(to: type)), type: type)
        case .call(let name, let arguments, let type, let position):
            return try callNode(name, arguments, type, position)
        }
    }

    private func boolean(
        _ operation: ExpressionNode.Operation, _ operands: [BoundExpression]
    ) throws(ExecutionError) -> ExpressionNode {
        ExpressionNode(operation, try operands.map(compiled), type: .boolean)
    }

    /// The year of a time, or another field that is infinite where the time is, beside a whole number: both as doubles, which
    /// have the infinities that numerics have not. Whether a rule has made a range of times of it makes no difference then.
    private func comparedYear(
        _ field: BoundExpression, _ number: BoundExpression
    ) throws(ExecutionError) -> (ExpressionNode, ExpressionNode)? {
        guard case .call("extract", let arguments, _, let position) = field, case .text(let name)? = arguments[0].constantValue,
            let unit = DateField(rawValue: name), unit.growsWithTime, unit.scale == 0,
            arguments[1].type == .timestamp || arguments[1].type == .date
        else { return nil }
        let whole: Int128
        switch try compile(number).constant {
        case .integer(let own)?: whole = Int128(own)
        case .numeric(let unscaled, let scale)?:
            let (quotient, rest) = unscaled.quotientAndRemainder(dividingBy: DecimalText.powers128[scale])
            guard rest == 0 else { return nil }
            whole = quotient
        default: return nil
        }
        guard let exact = Double(exactly: whole) else { return nil }
        return (
            try compile(.call(name: "date_part", arguments: arguments, .double, position: position)),
            ExpressionNode(.constant(.double(exact)), [], type: .double)
        )
    }

    private func caseNode(
        _ branches: [BoundBranch], _ otherwise: BoundExpression, _ type: LogicalType
    ) throws(ExecutionError) -> ExpressionNode {
        var children: [ExpressionNode] = []
        for branch in branches {
            children.append(try compile(branch.condition))
            children.append(try aligned(to: type)(branch.result))
        }
        children.append(try aligned(to: type)(otherwise))
        return ExpressionNode(.caseWhen, children, type: type)
    }

    private func callNode(
        _ name: String, _ arguments: [BoundExpression], _ type: LogicalType, _ position: Int
    ) throws(ExecutionError) -> ExpressionNode {
        if let function = RowFunction.named(name) {
            return ExpressionNode(.rowCall(function), try arguments.map(compiled), type: type, position: position)
        }
        guard let function = ScalarFunction(rawValue: name) else {
            throw ExecutionError(.unsupported("function \(name) is not supported"), position: position)
        }
        var children: [ExpressionNode] = []
        for argument in arguments {
            switch function {
            case .greatest, .least: children.append(try aligned(to: type)(argument))
            default: children.append(try compile(argument))
            }
        }
        return ExpressionNode(.call(function), children, type: type, position: position)
    }

    private var compiled: (BoundExpression) throws(ExecutionError) -> ExpressionNode {
        { (expression) throws(ExecutionError) in try compile(expression) }
    }

    /// Compiles an alternative of CASE and the like so that its vectors have the result's type.
    private func aligned(to type: LogicalType) -> (BoundExpression) throws(ExecutionError) -> ExpressionNode {
        { (expression) throws(ExecutionError) in
            let node = try compile(expression)
            if node.type == type { return node }
            if node.constant == .null { return ExpressionNode(.constant(.null), [], type: type) }
            return folded(ExpressionNode(.cast, [node], type: type))
        }
    }
}
