import Diagnostics

/// Names of folders and files made from data, as Hive, Spark and DuckDB read them: `month=2025-01`.
package enum FolderName {
    /// What stands for no value.
    package static let noValue = "__HIVE_DEFAULT_PARTITION__"

    /// Characters that mean something in a path, and those nobody sees, as `%2F`.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let isSafe =
                scalar.value >= 0x20 && scalar.value != 0x7F && !"/\\=%:*?\"<>|".unicodeScalars.contains(scalar)
                && TerminalText.sanitized(String(scalar)) == String(scalar)
            if isSafe {
                result.unicodeScalars.append(scalar)
            } else {
                for byte in String(scalar).utf8 {
                    let hex = String(byte, radix: 16, uppercase: true)
                    result += "%" + (hex.count == 1 ? "0" : "") + hex
                }
            }
        }
        return result.isEmpty ? "%" : result == "." || result == ".." ? result.replacing(".", with: "%2E") : result
    }

    /// `%2F` stands for a slash, and so on; what is no such pair of digits stays; `%` alone is the empty text.
    package static func decoded(_ text: String) -> String {
        if text == "%" { return "" }
        guard text.contains("%") else { return text }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
