import SQL

/// Types of expressions, as result columns tell them.
extension CatalogQuery {
    func type(of expression: Expression, _ frame: CatalogFrame) -> WireType {
        switch expression.kind {
        case .literal(.integer(let number)): return Int32(exactly: number) == nil ? .bigint : .integer
        case .literal(.boolean), .and, .or, .not, .isNull, .truthTest, .isDistinctFrom, .between, .inList, .inSubquery,
            .exists, .quantified, .patternMatch:
            return .boolean
        case .column(let parts):
            if let place = frame.place(of: parts) { return place.frame.sources[place.source].columns[place.column].type }
            if parts.count == 1, let place = frame.wholeSource(parts[0]) {
                let columns = place.frame.sources[place.source].columns
                return columns.count == 1 ? columns[0].type : .text
            }
            return .text
        case .unary(_, let operand), .collate(let operand, _): return type(of: operand, frame)
        case .binary(let name, let left, let right):
            switch name {
            case "=", "<>", "<", "<=", ">", ">=", "~", "~*", "!~", "!~*", "~~", "~~*", "!~~", "!~~*": return .boolean
            case "||":
                let (a, b) = (type(of: left, frame), type(of: right, frame))
                return a.element != nil ? a : (b.element != nil ? b : .text)
            default: return type(of: left, frame) == .bigint || type(of: right, frame) == .bigint ? .bigint : .integer
            }
        case .caseWhen(let cases):
            return common(cases.branches.map(\.result) + (cases.otherwise.map { [$0] } ?? []), frame)
        case .coalesce(let items), .greatest(let items), .least(let items): return common(items, frame)
        case .nullIf(let left, _): return type(of: left, frame)
        case .cast(_, let type): return WireType(castName: type.name, isArray: type.isArray) ?? .text
        case .function(let call):
            return CatalogFunctions.type(of: call.name.last ?? "", call.arguments.map { type(of: $0.value, frame) })
        case .array(let items): return (items.first.map { type(of: $0, frame) } ?? .text).array
        case .arraySubquery(let query): return (try? run(query, outer: frame).columns.first?.type.array) ?? WireType.text.array
        case .scalarSubquery(let query): return (try? run(query, outer: frame).columns.first?.type) ?? .text
        case .element(let operand, _): return type(of: operand, frame).element ?? .text
        case .currentValue: return .name
        default: return .text
        }
    }

    /// The type of the first that is no untyped literal.
    private func common(_ items: [Expression], _ frame: CatalogFrame) -> WireType {
        for item in items {
            switch item.kind {
            case .literal(.null), .literal(.string): continue
            default: return type(of: item, frame)
            }
        }
        return .text
    }
}
