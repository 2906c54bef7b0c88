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

    /// The keywords that cannot stand everywhere a name can.
    package static let keywords = Set(Keyword.all.filter { $0.code != "U" }.map(\.word))
}
