/// Aggregates, and the types of results.
extension CatalogFunctions {
    static let aggregates: Set<String> = [
        "count", "min", "max", "sum", "string_agg", "array_agg", "bool_or", "bool_and", "every",
    ]

    /// - Parameter rows: The arguments for each row of the group.
    static func aggregate(_ name: String, _ rows: [[CatalogValue]], _ budget: CatalogBudget) throws -> CatalogValue {
        try budget.step(rows.count)
        let values = rows.map { $0.first ?? .null }
        switch name {
        case "count": return .integer(Int64(values.count))
        case "min": return try values.min { (try budget.order($0, $1) ?? 0) < 0 } ?? .null
        case "max": return try values.max { (try budget.order($0, $1) ?? 0) < 0 } ?? .null
        case "sum":
            let numbers = values.compactMap(\.integer)
            return numbers.isEmpty ? .null : .integer(numbers.reduce(0, &+))
        case "array_agg": return values.isEmpty ? .null : try budget.made(.array(values))
        case "string_agg":
            let separator = rows.first.flatMap { $0.count > 1 ? $0[1].text : nil } ?? ""
            return values.isEmpty ? .null : try joined(values, separator: separator, budget)
        case "bool_or": return values.isEmpty ? .null : .boolean(values.contains { $0.boolean == true })
        case "bool_and", "every": return values.isEmpty ? .null : .boolean(values.allSatisfy { $0.boolean == true })
        default: throw unknown(name)
        }
    }

    /// Texts one after the other; NULL has none.
    static func joined(_ values: [CatalogValue], separator: String, absent: String? = nil, _ budget: CatalogBudget) throws -> CatalogValue {
        let size = separator.utf8.count + (absent?.utf8.count ?? 0)
        try budget.admit(valueOfBytes: values.reduce(0) { $0 + size + $1.byteCount })
        return .text(values.compactMap { $0.text ?? absent }.joined(separator: separator))
    }

    /// The type of a call's result.
    static func type(of name: String, _ arguments: [WireType]) -> WireType {
        switch name {
        case "count", "sum", "row_number", "rank", "dense_rank", "pg_table_size", "pg_total_relation_size",
            "pg_relation_size", "pg_database_size", "pg_indexes_size", "txid_current":
            return .bigint
        case "pg_backend_pid", "array_upper", "array_lower", "array_length", "array_position", "cardinality", "length",
            "char_length", "generate_series", "inet_server_port", "inet_client_port":
            return .integer
        case "min", "max", "greatest", "least": return arguments.first ?? .text
        case "bool_or", "bool_and", "every", "pg_is_in_recovery", "pg_relation_is_publishable", "pg_relation_is_updatable",
            "row_security_active":
            return .boolean
        case "current_database", "current_schema", "pg_get_userbyid", "pg_encoding_to_char", "current_user", "session_user",
            "getpgusername", "pg_client_encoding":
            return .name
        case "current_schemas": return WireType.name.array
        case "string_to_array": return WireType.text.array
        case "array_agg": return (arguments.first ?? .text).array
        case "unnest": return arguments.first?.element ?? .text
        case "to_regclass", "to_regtype", "pg_my_temp_schema": return .objectID
        default:
            if name.hasSuffix("_is_visible") || name.hasPrefix("has_") || name == "pg_has_role" { return .boolean }
            return .text
        }
    }
}
