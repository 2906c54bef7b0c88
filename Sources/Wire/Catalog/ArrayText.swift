/// Arrays as PostgreSQL writes them: `{1,2}`, `{"a b",NULL}`.
enum ArrayText {
    /// The items of a one-dimensional array, nil for NULL ones; nil if the text is no such array.
    static func items(_ text: String) -> [String?]? {
        let characters = Array(text)
        guard characters.count >= 2, characters.first == "{", characters.last == "}" else { return nil }
        if characters.count == 2 { return [] }
        var items: [String?] = []
        var item = ""
        var wasQuoted = false
        var isInside = false
        var index = 1
        while index < characters.count - 1 {
            let character = characters[index]
            switch character {
            case "\\":
                index += 1
                guard index < characters.count - 1 else { return nil }
                item.append(characters[index])
            case "\"":
                isInside.toggle()
                wasQuoted = true
            case "," where !isInside:
                items.append(wasQuoted || item.uppercased() != "NULL" ? item : nil)
                (item, wasQuoted) = ("", false)
            case "{" where !isInside, "}" where !isInside: return nil
            default:
                // Blanks around an item do not count.
                if isInside || !item.isEmpty || !character.isWhitespace { item.append(character) }
            }
            index += 1
        }
        guard !isInside else { return nil }
        items.append(wasQuoted || item.uppercased() != "NULL" ? item : nil)
        return items
    }
}
