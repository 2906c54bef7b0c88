/// Names of sheets as spreadsheets allow them.
package enum SheetName {
    /// UTF-16 units.
    package static let lengthLimit = 31

    /// The name with what is barred replaced, cut to the limit, and told apart from those taken (without regard to case).
    package static func fitted(_ wanted: String, taken: Set<String>) -> String {
        var name = ""
        for scalar in wanted.unicodeScalars {
            switch scalar {
            case "[", "]", ":", "*", "?", "/", "\\": name += "_"
            default: if scalar.value < 0x20 || scalar.value == 0x7F { name += "_" } else { name.unicodeScalars.append(scalar) }
            }
        }
        name = cut(name, to: lengthLimit)
        while name.hasPrefix("'") || name.hasPrefix(" ") { name.removeFirst() }
        while name.hasSuffix("'") || name.hasSuffix(" ") { name.removeLast() }
        if name.isEmpty { name = "Sheet" }
        // Excel keeps this name for itself.
        if name.lowercased() == "history" { name += "_" }
        var number = 1
        var candidate = name
        while taken.contains(candidate.lowercased()) {
            number += 1
            let ending = " (\(number))"
            candidate = cut(name, to: lengthLimit - ending.utf16.count) + ending
        }
        return candidate
    }

    /// At most so many UTF-16 units, whole characters.
    private static func cut(_ text: String, to limit: Int) -> String {
        var result = ""
        var length = 0
        for character in text {
            length += character.utf16.count
            if length > limit { break }
            result.append(character)
        }
        return result
    }
}
