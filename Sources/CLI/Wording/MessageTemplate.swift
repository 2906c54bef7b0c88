/// A message with places that names and numbers fill, such as `column "{}" does not exist`.
///
/// What stands in a place is shown as it is, above all what a user wrote. Only where the place says so is it English of our own:
/// `{message}` is a message of its own, such as what the system says of a file, and `{examples}` are several of them.
struct MessageTemplate {
    /// What may stand in a place.
    enum Place: String {
        /// Anything.
        case any = ""
        /// Something without blanks.
        case word
        /// A keyword of SQL, a name, or a phrase that is among the messages: a template does not fit other English.
        case phrase
        /// A message.
        case message
        /// Messages of rejected lines, beside each other.
        case examples
        /// Columns that are missing, each with its other names.
        case columns
        /// Reasons for rejects, each with its number of rows.
        case reasons
    }

    let places: [Place]
    /// Always one more than places.
    private let pieces: [String]

    init(_ text: String) {
        var pieces = [""]
        var places: [Place] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}"),
            let place = Place(rawValue: String(rest[rest.index(after: open)..<close]))
        {
            pieces[pieces.count - 1] = String(rest[..<open])
            pieces.append("")
            places.append(place)
            rest = rest[rest.index(after: close)...]
        }
        pieces[pieces.count - 1] = String(rest)
        self.pieces = pieces
        self.places = places
    }

    /// How much of it is fixed.
    private var fixedCount: Int { pieces.reduce(0) { $0 + $1.utf8.count } }

    /// Of several that fit a message the greatest says what is meant: the one with the most fixed text. One that begins with a
    /// place comes after all others: it would take what another message has before its own as a part of the place.
    static func < (left: MessageTemplate, right: MessageTemplate) -> Bool {
        let isLeftOpen = left.pieces[0].isEmpty
        return isLeftOpen == right.pieces[0].isEmpty ? left.fixedCount < right.fixedCount : isLeftOpen
    }

    /// What stands in the places of a message; nil if the message is another one.
    func values(in message: String) -> [String]? {
        guard message.hasPrefix(pieces[0]) else { return nil }
        guard !places.isEmpty, let last = pieces.last else { return message == pieces[0] ? [] : nil }
        var rest = message.dropFirst(pieces[0].count)
        var values: [String] = []
        for piece in pieces.dropFirst().dropLast() {
            guard !piece.isEmpty, let next = rest.firstRange(of: piece) else { return nil }
            values.append(String(rest[..<next.lowerBound]))
            rest = rest[next.upperBound...]
        }
        guard rest.hasSuffix(last) else { return nil }
        values.append(String(rest.dropLast(last.count)))
        let isFitting = zip(places, values).allSatisfy { $0 != .word || (!$1.isEmpty && !$1.contains(" ")) }
        return isFitting ? values : nil
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
            rest = inside[inside.index(after: close)...]
            guard values.indices.contains(place) else { continue }
            // Blanks part Chinese from other words only.
            if result.hasSuffix(" "), isChinese(result.dropLast().last), isChinese(values[place].first) { result.removeLast() }
            result += values[place]
            if rest.hasPrefix(" "), isChinese(values[place].last), isChinese(rest.dropFirst().first) { rest.removeFirst() }
        }
        return result + rest
    }

    private static func isChinese(_ character: Character?) -> Bool {
        character?.unicodeScalars.first.map { $0.properties.isIdeographic } ?? false
    }
}
