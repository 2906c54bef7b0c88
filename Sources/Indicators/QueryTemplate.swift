/// A query text with `:name` placeholders outside of strings, quoted names, comments and `::` casts.
package struct QueryTemplate: Hashable, Sendable {
    private enum Piece: Hashable {
        case text(String)
        case placeholder(String)
    }

    private let pieces: [Piece]

    package init(_ text: String) {
        pieces = QueryTemplate.pieces(of: Array(text.utf8))
    }

    /// Names of the placeholders, each once, in order of appearance.
    package var placeholders: [String] {
        var names: [String] = []
        for case .placeholder(let name) in pieces where !names.contains(name) { names.append(name) }
        return names
    }

    /// The text with every placeholder replaced; a name without a value stays as it is.
    package func bound(_ values: [String: String]) -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .placeholder(let name): result += values[name] ?? ":" + name
            }
        }
        return result
    }

    private static func pieces(of bytes: [UInt8]) -> [Piece] {
        var pieces: [Piece] = []
        var start = 0
        var index = 0
        while index < bytes.count {
            let end = endOfOpaque(bytes, at: index)
            if end > index {
                index = end
            } else if bytes[index] == 0x3A, index + 1 < bytes.count, isNameStart(bytes[index + 1]) {
                var nameEnd = index + 2
                while nameEnd < bytes.count, isNamePart(bytes[nameEnd]) { nameEnd += 1 }
                if start < index { pieces.append(.text(String(decoding: bytes[start..<index], as: UTF8.self))) }
                pieces.append(.placeholder(String(decoding: bytes[(index + 1)..<nameEnd], as: UTF8.self)))
                index = nameEnd
                start = nameEnd
            } else {
                index += 1
            }
        }
        if start < bytes.count { pieces.append(.text(String(decoding: bytes[start...], as: UTF8.self))) }
        return pieces
    }

    /// The end of a string, quoted name, comment or `::` that starts at `index`, else `index` itself.
    private static func endOfOpaque(_ bytes: [UInt8], at index: Int) -> Int {
        func next(_ offset: Int) -> UInt8 { index + offset < bytes.count ? bytes[index + offset] : 0 }
        switch (bytes[index], next(1)) {
        case (0x3A, 0x3A): return index + 2
        case (0x27, _), (0x22, _):
            // A doubled quote closes one string and opens the next, which comes to the same.
            var end = index + 1
            while end < bytes.count, bytes[end] != bytes[index] { end += 1 }
            return min(end + 1, bytes.count)
        case (0x2D, 0x2D):
            var end = index
            while end < bytes.count, bytes[end] != 0x0A { end += 1 }
            return end
        case (0x2F, 0x2A):
            var end = index + 2
            while end + 1 < bytes.count, !(bytes[end] == 0x2A && bytes[end + 1] == 0x2F) { end += 1 }
            return min(end + 2, bytes.count)
        default: return index
        }
    }

    private static func isNameStart(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || byte == 0x5F }

    private static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || (0x30...0x39).contains(byte) }
}
