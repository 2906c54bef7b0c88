/// Text on its way into the XML of a workbook.
enum XMLText {
    static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
    static let mainNamespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    static let relationshipNamespace = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    static let packageNamespace = "http://schemas.openxmlformats.org/package/2006"

    /// Appends the text of a cell: markup escaped, characters that XML cannot hold as `_xHHHH_`, and a text that happens to
    /// look like such an escape marked as itself (ECMA-376, ST_Xstring).
    static func append(_ text: String, to bytes: inout [UInt8]) {
        var text = text
        text.withUTF8Escaping { source in
            var index = 0
            while index < source.count {
                let byte = source[index]
                switch byte {
                case 0x26: bytes += "&amp;".utf8
                case 0x3C: bytes += "&lt;".utf8
                case 0x3E: bytes += "&gt;".utf8
                case 0x22: bytes += "&quot;".utf8
                case 0x09, 0x0A: bytes.append(byte)
                case 0..<0x20: appendEscape(UInt16(byte), to: &bytes)
                case 0x5F:
                    if looksLikeEscape(source, at: index) { appendEscape(0x5F, to: &bytes) } else { bytes.append(byte) }
                // U+FFFE and U+FFFF are the two others that XML bars.
                case 0xEF where index + 2 < source.count && source[index + 1] == 0xBF && source[index + 2] >= 0xBE:
                    appendEscape(source[index + 2] == 0xBE ? 0xFFFE : 0xFFFF, to: &bytes)
                    index += 2
                default: bytes.append(byte)
                }
                index += 1
            }
        }
    }

    /// Text of an attribute: markup escaped, control characters left out.
    static func attribute(_ text: String) -> String {
        var bytes: [UInt8] = []
        append(String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF })), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func appendEscape(_ value: UInt16, to bytes: inout [UInt8]) {
        let digits = String(value, radix: 16, uppercase: true)
        bytes += "_x\(String(repeating: "0", count: 4 - digits.utf8.count))\(digits)_".utf8
    }

    /// Whether `_xHHHH_` stands at the place.
    private static func looksLikeEscape(_ source: Span<UInt8>, at index: Int) -> Bool {
        guard index + 6 < source.count, source[index + 1] == 0x78, source[index + 6] == 0x5F else { return false }
        for place in (index + 2)...(index + 5) {
            switch source[place] {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: continue
            default: return false
            }
        }
        return true
    }
}

extension String {
    /// The bytes of the text for the length of the call.
    fileprivate mutating func withUTF8Escaping(_ body: (Span<UInt8>) -> Void) {
        makeContiguousUTF8()
        body(utf8.span)
    }
}
