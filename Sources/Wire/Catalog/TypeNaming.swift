/// Types under the names SQL has for them, as `format_type` gives.
enum TypeNaming {
    private static let names = [
        "bool": "boolean", "char": "\"char\"", "int2": "smallint", "int4": "integer", "int8": "bigint", "float4": "real",
        "float8": "double precision", "bpchar": "character", "varchar": "character varying",
        "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone",
        "time": "time without time zone", "timetz": "time with time zone", "varbit": "bit varying",
    ]

    /// `numeric(16,2)`, `text[]`, `timestamp without time zone`; `???` for a number that is no type.
    static func name(_ type: WireType, withModifier: Bool = true) -> String {
        guard let known = PostgresType.numbered[Int64(type.oid)] else { return type.oid == 0 ? "-" : "???" }
        if known.category == "A", let element = type.element {
            return name(WireType(oid: element.oid, size: element.size, modifier: type.modifier), withModifier: withModifier) + "[]"
        }
        var name = names[known.name] ?? known.name
        if withModifier, type.oid == WireType.numeric.oid, type.modifier >= 4 {
            name += "(\((type.modifier - 4) >> 16),\((type.modifier - 4) & 0xFFFF))"
        }
        return name
    }

    /// The number of a type by the name SQL or `pg_type` has for it.
    static func oid(of name: String) -> Int64? {
        var name = name.lowercased()
        if name.hasPrefix("pg_catalog.") { name.removeFirst("pg_catalog.".count) }
        var isArray = false
        while name.hasSuffix("[]") {
            isArray = true
            name.removeLast(2)
        }
        if let open = name.firstIndex(of: "(") { name = String(name[..<open]) }
        let short = names.first { $0.value == name }?.key ?? ["int": "int4", "decimal": "numeric", "timestamp": "timestamp"][name] ?? name
        guard let known = PostgresType.named[short] else { return nil }
        return isArray ? known.arrayOID : known.oid
    }
}
