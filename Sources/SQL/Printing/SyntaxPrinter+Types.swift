extension SyntaxPrinter {
    mutating func print(_ type: TypeName) {
        if type.name == "interval" {
            print(interval: type.modifiers)
        } else {
            // Keyword types read the same without quotes, but not `bit` and `char`, which then mean a length of one.
            write(Self.bareTypes.contains(type.name) ? type.name : Identifier.quoted(type.name))
            if !type.modifiers.isEmpty { write("(" + type.modifiers.map { String($0) }.joined(separator: ", ") + ")") }
        }
        if type.isArray { write("[]") }
    }

    private static let bareTypes: Set<String> = ["numeric", "varchar", "time", "timestamp"]

    private mutating func print(interval modifiers: [Int]) {
        write("interval")
        guard let mask = modifiers.first else { return }
        let fields = IntervalFields(rawValue: mask)
        let units: [(IntervalFields, String)] = [
            (.year, "year"), (.month, "month"), (.day, "day"), (.hour, "hour"), (.minute, "minute"),
            (.second, "second"),
        ]
        if fields != .all {
            let named = units.filter { fields.contains($0.0) }.map { $0.1 }
            if let first = named.first, let last = named.last {
                write(first == last ? " " + first : " \(first) to \(last)")
            }
        }
        if modifiers.count > 1 { write("(\(modifiers[1]))") }
    }
}
