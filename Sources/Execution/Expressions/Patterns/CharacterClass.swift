/// The characters of one of several sets, quickly told where they are ASCII.
struct CharacterClass: Sendable {
    /// A bit for each of the characters 0 to 63, and 64 to 127.
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private let sets: [PatternTree.CharacterSet]

    init(_ sets: [PatternTree.CharacterSet]) {
        self.sets = sets
        for character in UInt32(0)..<128 where sets.contains(where: { $0.contains(character) }) {
            if character < 64 { low |= 1 << UInt64(character) } else { high |= 1 << UInt64(character - 64) }
        }
    }

    func contains(_ character: UInt32) -> Bool {
        if character < 64 { return low & (1 << UInt64(character)) != 0 }
        if character < 128 { return high & (1 << UInt64(character - 64)) != 0 }
        for set in sets where set.contains(character) { return true }
        return false
    }
}
