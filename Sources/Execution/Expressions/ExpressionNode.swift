import Columns
import Planning

/// One operation of an expression, with columns resolved to batch indexes.
final class ExpressionNode: Sendable {
    enum Operation: Sendable {
        case constant(ScalarValue)
        case column(Int)
        case cast
        case comparison(ComparisonOperator)
        case distinct(negated: Bool)
        case arithmetic(ArithmeticOperator)
        case negate
        case and
        case or
        case not
        case isNull(negated: Bool)
        case isTruth(value: Bool, negated: Bool)
        /// Children: the value, then the items.
        case inList(negated: Bool)
        /// Children: the text, then the pattern.
        case like(escape: UInt8?, caseInsensitive: Bool, negated: Bool)
        /// Children: condition, result, condition, result, …, otherwise.
        case caseWhen
        case coalesce
        case call(ScalarFunction)
        case rowCall(RowFunction)
    }

    let operation: Operation
    let children: [ExpressionNode]
    let type: LogicalType
    let position: Int
    /// Indexes of the batch columns read, ascending.
    let columns: [Int]
    /// Whether evaluating a row can throw.
    let canRaise: Bool
    /// Results for each entry of the dictionaries met so far.
    let entryResults = EntryResults()
    /// For a CASE whose results are all constant texts: their dictionary, made once so that codes stay the same.
    let constantTexts: TextDictionary?
    /// For alternatives of text: the dictionaries of the columns among them with the constants among them.
    let extensions: DictionaryExtensions?

    init(_ operation: Operation, _ children: [ExpressionNode], type: LogicalType, position: Int = -1) {
        self.operation = operation
        self.children = children
        self.type = type
        self.position = position
        var read = Set(children.flatMap(\.columns))
        if case .column(let index) = operation { read.insert(index) }
        columns = read.sorted()
        canRaise = children.contains(where: \.canRaise) || ExpressionNode.raises(operation, children, type)
        constantTexts = ExpressionNode.constantTexts(operation, children, type)
        let texts = children.compactMap { if case .text(let text)? = $0.constant { text } else { nil } }
        extensions = type == .text && !texts.isEmpty ? DictionaryExtensions(constants: texts) : nil
    }

    /// The value of a constant node.
    var constant: ScalarValue? {
        if case .constant(let value) = operation { return value }
        return nil
    }

    private static func raises(_ operation: Operation, _ children: [ExpressionNode], _ type: LogicalType) -> Bool {
        switch operation {
        case .arithmetic, .negate, .rowCall: true
        case .cast: Cast.canRaise(from: children[0].type, to: type)
        case .call(let function): FunctionRisk(function.rawValue, constants: children.map(\.constant)) != .never
        case .like: children[1].constant == nil || !LikePattern.isComplete(children[1].constant, operation)
        default: false
        }
    }

    private static func constantTexts(
        _ operation: Operation, _ children: [ExpressionNode], _ type: LogicalType
    ) -> TextDictionary? {
        guard case .caseWhen = operation, type == .text else { return nil }
        var entries = StringColumn()
        var seen: Set<String> = []
        for index in children.indices where index % 2 == 1 || index == children.count - 1 {
            switch children[index].constant {
            case .text(let text)?: if seen.insert(text).inserted { entries.append(text) }
            case .null?: continue
            default: return nil
            }
        }
        if entries.count == 0 { entries.append("") }
        return TextDictionary(entries: entries)
    }
}
