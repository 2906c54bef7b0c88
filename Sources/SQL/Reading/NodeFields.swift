/// The fields of one node of the grammar's tree; whatever is not taken is an error, so nothing is dropped silently.
struct NodeFields {
    /// The node's type, such as `SelectStmt`.
    let node: String
    private var remaining: [JSONValue.Member]
    /// A field did not have the expected shape.
    private var isMalformed = false

    init(node: String, members: [JSONValue.Member]) {
        self.node = node
        remaining = members
    }

    /// Removes and returns a field.
    mutating func take(_ name: String) -> JSONValue? {
        guard let index = remaining.firstIndex(where: { $0.name == name }) else { return nil }
        return remaining.remove(at: index).value
    }

    func has(_ name: String) -> Bool {
        remaining.contains { $0.name == name }
    }

    mutating func list(_ name: String) -> [JSONValue] {
        guard let value = take(name) else { return [] }
        if case .array(let items) = value { return items }
        isMalformed = true
        return []
    }

    mutating func string(_ name: String) -> String? {
        guard let value = take(name) else { return nil }
        if case .string(let text) = value { return text }
        isMalformed = true
        return nil
    }

    mutating func flag(_ name: String) -> Bool {
        guard let value = take(name) else { return false }
        if case .boolean(let isSet) = value { return isSet }
        isMalformed = true
        return false
    }

    mutating func integer(_ name: String) -> Int? {
        guard let value = take(name) else { return nil }
        if case .integer(let number) = value { return number }
        isMalformed = true
        return nil
    }

    /// Fields of a node given without its type's name, as the grammar does where only one type can stand.
    mutating func fields(_ name: String, as node: String) -> NodeFields? {
        guard let value = take(name) else { return nil }
        if case .object(let members) = value { return NodeFields(node: node, members: members) }
        isMalformed = true
        return nil
    }

    /// The name of a field that was not taken, if there is one.
    var leftover: String? {
        isMalformed ? "a malformed field" : remaining.first?.name
    }
}
