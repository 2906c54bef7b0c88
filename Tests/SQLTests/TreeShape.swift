import SQL

/// Describes a tree without its positions, to compare two of them.
func shape(of value: Any) -> String {
    let mirror = Mirror(reflecting: value)
    if mirror.displayStyle == .optional {
        return mirror.children.first.map { shape(of: $0.value) } ?? "nil"
    }
    if mirror.children.isEmpty { return "\(value)" }
    let isList = mirror.displayStyle == .collection
    let children = mirror.children.filter { $0.label != "position" }.map { child in
        isList ? shape(of: child.value) : "\(child.label ?? "_"): \(shape(of: child.value))"
    }
    let type = isList ? "" : "\(mirror.subjectType)"
    return "\(type)[" + children.joined(separator: ", ") + "]"
}

func parsed(_ text: String) throws -> Statement {
    try PostgresParser.parseOne(text)
}

/// The only select item of `select <text>`.
func expression(_ text: String) throws -> SQL.Expression {
    guard case .select(let query) = try parsed("select " + text), case .select(let core) = query.body,
        case .expression(let expression, _)? = core.items.first
    else { throw SQLError("not an expression") }
    return expression
}

func failure(_ text: String) -> SQLError? {
    do throws(SQLError) {
        _ = try PostgresParser.parse(text)
        return nil
    } catch {
        return error
    }
}
