/// Names in SQL text.
package enum Identifier {
    /// The name as it must be written: in double quotes if it is not lower case or means something to the grammar.
    package static func quoted(_ name: String) -> String {
        if isPlain(name), !keywords.contains(name) { return name }
        var text = "\""
        for scalar in name.unicodeScalars {
            text.unicodeScalars.append(scalar)
            if scalar == "\"" { text.append("\"") }
        }
        return text + "\""
    }

    /// The parts quoted and joined by dots.
    package static func quoted(_ parts: [String]) -> String {
        parts.map { quoted($0) }.joined(separator: ".")
    }

    private static func isPlain(_ name: String) -> Bool {
        var isFirst = true
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "_"), 0x80...: break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "$"): if isFirst { return false }
            default: return false
            }
            isFirst = false
        }
        return !isFirst
    }

    /// PostgreSQL 15's keywords that cannot stand everywhere a name can (src/include/parser/kwlist.h).
    package static let keywords: Set<String> = Set(
        (reserved + " " + functionOrType + " " + columnName).split(separator: " ").map { String($0) })

    private static let reserved = """
        all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create \
        current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc \
        distinct do else end except false fetch for foreign from grant group having in initially intersect into \
        lateral leading limit localtime localtimestamp not null offset on only or order placing primary references \
        returning select session_user some symmetric table then to trailing true union unique user using variadic \
        when where window with
        """

    private static let functionOrType = """
        authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left \
        like natural notnull outer overlaps right similar tablesample verbose
        """

    private static let columnName = """
        between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout \
        int integer interval least national nchar none normalize nullif numeric out overlay position precision real \
        row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement \
        xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
        """
}
