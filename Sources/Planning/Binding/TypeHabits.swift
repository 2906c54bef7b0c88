/// Types of other engines by the names that are known here.
enum TypeHabits {
    /// What to write instead of a type that hands know from DuckDB, ClickHouse or MySQL; nil for any other.
    static func instead(of name: String) -> String? { table[name.lowercased()].map { "write \($0)" } }

    private static let table = [
        "string": "text", "nvarchar": "text", "longtext": "text", "datetime": "timestamp", "datetime64": "timestamp", "date32": "date",
        "tinyint": "integer", "utinyint": "integer", "usmallint": "integer", "int8": "bigint", "int16": "integer", "int32": "integer",
        "int64": "bigint", "long": "bigint", "uinteger": "bigint", "uint8": "integer", "uint16": "integer", "uint32": "bigint",
        "uint64": "numeric(20,0)", "ubigint": "numeric(20,0)", "hugeint": "numeric(38,0)", "number": "numeric", "float32": "real",
        "float64": "float8", "double": "float8",
    ]
}
