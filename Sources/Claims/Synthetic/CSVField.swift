/// One field as RFC 4180 has it: quoted where it must be.
enum CSVField {
    static func text(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else { return value }
        var quoted = "\""
        for scalar in value.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    static func row(_ fields: [String]) -> String { fields.map(text).joined(separator: ",") + "\n" }
}
