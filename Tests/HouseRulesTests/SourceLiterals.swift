/// The texts that stand in Swift source, as a program would show them.
///
/// What is put into a text, `\(…)` or `+ …`, is one character, `hole`. Texts joined by `+` are one.
struct SourceLiterals {
    static let hole: Character = "\u{1}"
    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")

    private let bytes: [UInt8]
    private var position = 0
    private(set) var all: [String] = []

    init(of source: String) {
        bytes = Array(source.utf8)
        while position < bytes.count {
            if starts(with: "//") {
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            } else if bytes[position] == Self.quote {
                readJoined()
            } else {
                position += 1
            }
        }
    }

    private func starts(with text: String) -> Bool {
        bytes[position...].starts(with: text.utf8)
    }

    private mutating func readJoined() {
        var text = readLiteral()
        while true {
            let end = position
            skipBlanks()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "+") else {
                position = end
                break
            }
            position += 1
            skipBlanks()
            guard position < bytes.count, bytes[position] == Self.quote else {
                text.append(Self.hole)
                break
            }
            text += readLiteral()
        }
        all.append(text)
    }

    private mutating func skipBlanks() {
        while position < bytes.count, [0x20, 0x0A].contains(bytes[position]) { position += 1 }
    }

    /// Reads from the opening quotes to behind the closing ones.
    private mutating func readLiteral() -> String {
        let isLong = starts(with: "\"\"\"")
        position += isLong ? 3 : 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if isLong ? starts(with: "\"\"\"") : byte == Self.quote {
                position += isLong ? 3 : 1
                break
            }
            if byte == 0x0A, !isLong { break }
            position += 1
            guard byte == Self.backslash, position < bytes.count else {
                text.append(byte)
                continue
            }
            let escaped = bytes[position]
            position += 1
            switch escaped {
            case UInt8(ascii: "("):
                skipInterpolation()
                text += Self.hole.utf8
            case 0x0A: skipBlanks()
            case UInt8(ascii: "n"): text.append(0x0A)
            default: text.append(escaped)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private mutating func skipInterpolation() {
        var depth = 1
        while position < bytes.count, depth > 0 {
            switch bytes[position] {
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"): depth -= 1
            case Self.quote:
                let text = readLiteral()
                all.append(text)
                continue
            default: break
            }
            position += 1
        }
    }
}
