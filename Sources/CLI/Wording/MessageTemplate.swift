/// A message with places that names and numbers fill, such as `column "{}" does not exist`.
struct MessageTemplate {
    private let pieces: [String]

    init(_ text: String) {
        pieces = text.split(separator: "{}", omittingEmptySubsequences: false).map(String.init)
    }

    /// How much of it is fixed; of several that fit a message, the one with the most says what is meant.
    var fixedCount: Int { pieces.reduce(0) { $0 + $1.utf8.count } }

    /// What stands in the places of a message; nil if the message is another one.
    func values(in message: String) -> [String]? {
        guard let first = pieces.first, message.hasPrefix(first) else { return nil }
        guard pieces.count > 1, let last = pieces.last else { return message == first ? [] : nil }
        var rest = message.dropFirst(first.count)
        var values: [String] = []
        for piece in pieces.dropFirst().dropLast() {
            guard let place = rest.firstRange(of: piece), !piece.isEmpty else { return nil }
            values.append(String(rest[..<place.lowerBound]))
            rest = rest[place.upperBound...]
        }
        guard rest.hasSuffix(last) else { return nil }
        values.append(String(rest.dropLast(last.count)))
        return values
    }

    /// The text with its places filled: `{}` by the values in their order, `{1}` and `{2}` by those of that number.
    static func filled(_ text: String, with values: [String]) -> String {
        var result = ""
        var next = 0
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            guard let close = inside.firstIndex(of: "}") else { break }
            let number = inside[..<close]
            let place = number.isEmpty ? next : (Int(number) ?? 0) - 1
            if number.isEmpty { next += 1 }
            if values.indices.contains(place) { result += values[place] }
            rest = inside[inside.index(after: close)...]
        }
        return result + rest
    }
}
