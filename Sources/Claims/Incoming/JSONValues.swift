/// Cuts a stream of bytes into JSON values: one a line, over several lines, or one after the other.
package struct JSONValues: Sendable {
    /// Bytes of one value, and the line it began in.
    package struct Value: Hashable, Sendable {
        package var bytes: [UInt8]
        package var line: Int
    }

    package enum Piece: Hashable, Sendable {
        case value(Value)
        /// A line with something outside of a value.
        case stray(line: Int)
        /// A value that is longer than the limit; the rest of the stream is lost.
        case tooLong(line: Int)
    }

    /// Most bytes of one value.
    package static let sizeLimit = 64 << 20
    private var bytes: [UInt8] = []
    private var line = 1
    private var startLine = 1
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var strayLine = 0

    package init() {}

    package mutating func add(_ block: some Sequence<UInt8>, _ body: (Piece) throws -> Void) rethrows {
        for byte in block {
            if byte == 0x0A { line += 1 }
            if depth == 0 {
                switch byte {
                case 0x7B, 0x5B:
                    depth = 1
                    startLine = line
                    bytes = [byte]
                // Blanks, a comma between values, and the bytes of a byte order mark at the beginning.
                case 0x09, 0x0A, 0x0D, 0x20, 0x2C: break
                case 0xEF, 0xBB, 0xBF: break
                default:
                    if strayLine != line { try body(.stray(line: line)) }
                    strayLine = line
                }
                continue
            }
            bytes.append(byte)
            if isInString {
                if isEscaped { isEscaped = false } else if byte == 0x5C { isEscaped = true } else if byte == 0x22 { isInString = false }
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth == 0 {
                    let value = Value(bytes: bytes, line: startLine)
                    bytes = []
                    try body(.value(value))
                }
            default: break
            }
            if bytes.count > JSONValues.sizeLimit {
                bytes = []
                try body(.tooLong(line: startLine))
            }
        }
    }

    /// The line in which a value began that has no end.
    package var unfinishedLine: Int? { depth > 0 ? startLine : nil }
}
