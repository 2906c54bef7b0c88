/// Turns the grammar's JSON into our tree, field by field: what it does not know it refuses by name.
struct TreeReader {
    /// The text given to the grammar.
    let bytes: [UInt8]
    /// Added to every position.
    let base: Int
    /// What made-up names stand for.
    let meanings: [String: GrammarStandIns.Meaning]
    private var depth = 0

    init(bytes: [UInt8], base: Int, meanings: [String: GrammarStandIns.Meaning] = [:]) {
        self.bytes = bytes
        self.base = base
        self.meanings = meanings
    }

    /// Where the statement begins.
    var start: Int { max(base, 0) }

    /// Reads the outermost object, which must hold one statement.
    mutating func readRoot(_ tree: JSONValue) throws(SQLError) -> Statement {
        guard case .object(let members) = tree else { throw malformed("the root") }
        var root = NodeFields(node: "ParseResult", members: members)
        _ = root.integer("version")
        let statements = root.list("stmts")
        try finish(root, at: start)
        guard statements.count == 1, case .object(let rawMembers) = statements[0] else {
            throw SQLError("found \(statements.count) statements, expected one", position: start)
        }
        var raw = NodeFields(node: "RawStmt", members: rawMembers)
        _ = raw.integer("stmt_location")
        _ = raw.integer("stmt_len")
        let statement = try readStatement(try required(&raw, "stmt"))
        try finish(raw, at: start)
        return statement
    }

    /// Counts one level of the tree; pair it with ``leave()``.
    mutating func enter() throws(SQLError) {
        depth += 1
        guard depth <= ParseLimits.treeDepth else { throw .tooDeeplyNested(at: start) }
    }

    mutating func leave() {
        depth -= 1
    }
}

// MARK: - Nodes

extension TreeReader {
    /// Opens `{"Type": {fields}}`.
    func open(_ value: JSONValue) throws(SQLError) -> NodeFields {
        guard case .object(let members) = value, members.count == 1, case .object(let fields) = members[0].value else {
            throw malformed("a node")
        }
        return NodeFields(node: members[0].name, members: fields)
    }

    func required(_ fields: inout NodeFields, _ name: String) throws(SQLError) -> JSONValue {
        guard let value = fields.take(name) else { throw malformed("\(name) of \(fields.node)") }
        return value
    }

    func requiredString(_ fields: inout NodeFields, _ name: String) throws(SQLError) -> String {
        guard let text = fields.string(name) else { throw malformed("\(name) of \(fields.node)") }
        return text
    }

    /// Refuses the node if any of its fields was not read.
    func finish(_ fields: NodeFields, at position: Int) throws(SQLError) {
        guard let leftover = fields.leftover else { return }
        throw SQLError(
            "\(leftover) of \(fields.node) is not supported", position: position < 0 ? start : position)
    }

    /// The node's place; the grammar leaves out a location of 0 and writes -1 for an unknown one.
    func location(_ fields: inout NodeFields) -> Int {
        let location = fields.integer("location") ?? 0
        return location < 0 ? -1 : max(base + location, 0)
    }

    /// The texts of a list of `String` nodes.
    func names(_ values: [JSONValue]) throws(SQLError) -> [String] {
        var names: [String] = []
        for value in values {
            var fields = try open(value)
            guard fields.node == "String" else { throw malformed("a name") }
            names.append(fields.string("sval") ?? "")
            try finish(fields, at: start)
        }
        return names
    }

    /// Our reader and the grammar disagree; never the user's mistake.
    func malformed(_ what: String) -> SQLError {
        SQLError("the grammar's tree is not as expected: \(what)", position: start)
    }

    func unsupported(_ what: String, at position: Int, hint: String? = nil) -> SQLError {
        SQLError("\(what) is not supported", position: position < 0 ? start : position, hint: hint)
    }

    /// The place of the first such keyword in the statement, for nodes without a location.
    func position(ofKeyword keyword: String) -> Int {
        var scanner = LexicalScanner(bytes)
        while let token = scanner.next() {
            guard token.kind == .word, token.range.count == keyword.utf8.count else { continue }
            if String(decoding: bytes[token.range], as: UTF8.self).lowercased() == keyword {
                return max(base + token.range.lowerBound, 0)
            }
        }
        return start
    }
}
