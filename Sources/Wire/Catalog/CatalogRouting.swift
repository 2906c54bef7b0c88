import SQL

/// Which statements are about catalogs, and what they say of their parameters.
enum CatalogRouting {
    private static let schemas: Set<String> = ["pg_catalog", "information_schema"]
    /// Functions that mean the catalogs where they are called.
    private static let functions: Set<String> = [
        "version", "current_schema", "current_schemas", "current_database", "current_setting", "set_config",
        "has_table_privilege", "has_schema_privilege", "has_database_privilege", "has_any_column_privilege",
        "obj_description", "col_description", "shobj_description", "format_type", "to_regclass", "to_regtype",
        "quote_ident", "txid_current", "inet_server_addr", "inet_server_port", "inet_client_addr",
    ]
    /// Functions of the engine with a name as those of the catalogs have.
    private static let engineFunctions: Set<String> = ["pg_sleep"]
    private static let keywords: Set<String> = [
        "regclass", "regtype", "regproc", "regnamespace", "regrole",
    ]

    /// Whether a query asks the catalogs, by the names in it. No column of the contract begins with `pg_`.
    static func isAboutCatalogs(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var scanner = LexicalScanner(bytes)
        var last: String?
        while let token = scanner.next() {
            let word = String(decoding: bytes[token.range], as: UTF8.self)
            defer { last = token.kind == .word ? word.lowercased() : nil }
            if token.kind == .opening, let last, functions.contains(last) { return true }
            guard token.kind == .word || token.kind == .quotedName else { continue }
            let name = word.lowercased().filter { $0 != "\"" }
            if schemas.contains(name) || name.hasPrefix("pg_") && !engineFunctions.contains(name) { return true }
            if token.kind == .word, keywords.contains(name) { return true }
        }
        return false
    }

    /// The types of `$1` and so on: what `$1::oid` says, else text.
    static func parameterTypes(in text: String) -> [WireType] {
        let bytes = Array(text.utf8)
        var scanner = LexicalScanner(bytes)
        var tokens: [String] = []
        while let token = scanner.next() { tokens.append(String(decoding: bytes[token.range], as: UTF8.self)) }
        var types: [Int: WireType] = [:]
        for (index, token) in tokens.enumerated() where token.hasPrefix("$") {
            guard let number = Int(token.dropFirst()), (1...1000).contains(number) else { continue }
            guard index + 3 < tokens.count, tokens[index + 1] == ":", tokens[index + 2] == ":" else {
                if types[number] == nil { types[number] = .text }
                continue
            }
            var name = tokens[index + 3].lowercased()
            var next = index + 4
            if name == "pg_catalog", next + 1 < tokens.count {
                name = tokens[next + 1].lowercased()
                next += 2
            }
            let isArray = next < tokens.count && tokens[next] == "["
            let oid = TypeNaming.oid(of: name) ?? 25
            types[number] = WireType(oid: UInt32(oid), size: -1)
            if isArray { types[number] = types[number]?.array }
        }
        return (0..<(types.keys.max() ?? 0)).map { types[$0 + 1] ?? .text }
    }
}
