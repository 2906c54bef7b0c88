/// Keys in ascending order and a state for each: five bytes a key, nine where they lie far apart, four more where states are large; no block is moved as they become more.
struct AscendingKeys {
    /// A key's bits as `UniqueKeyGuard` has them.
    typealias State = UInt32

    private struct Block {
        let first: UInt64
        /// Of each key from the first; empty where one is further away than 32 bits tell.
        var offsets: [UInt32] = []
        /// The keys themselves, where the offsets do not tell them.
        var keys: [UInt64] = []
        /// A state that is `inUse` and a small count as that count, or the common one, or `other`.
        var marks: [UInt8] = []
        /// States that marks do not tell, by place; shorter than `marks` where the last ones tell theirs.
        var states: [State] = []

        mutating func set(_ state: State, at index: Int) {
            if states.count <= index { states += [State](repeating: 0, count: index + 1 - states.count) }
            states[index] = state
        }

        /// The place of the last key that is not above one, which is not below the first.
        func place(notAbove key: UInt64) -> (index: Int, isEqual: Bool) {
            if !keys.isEmpty {
                let index = AscendingKeys.lastPlace(keys.count) { keys[$0] <= key }
                return (index, keys[index] == key)
            }
            let offset = key - first
            let index = AscendingKeys.lastPlace(offsets.count) { UInt64(offsets[$0]) <= offset }
            return (index, UInt64(offsets[index]) == offset)
        }
    }
    private var blocks: [Block] = []
    /// The greatest key, 0 for none.
    private(set) var last: UInt64 = 0
    var isEmpty: Bool { blocks.isEmpty }

    private static let blockShift = 14
    private static let indexMask = 1 << blockShift - 1
    private static let common: UInt8 = 254
    private static let other: UInt8 = 255
    private let inUse: State
    private let commonState: State

    /// - Parameters:
    ///   - inUse: The bit that every state has.
    ///   - common: A state that many keys may have, though it is no small count.
    init(inUse: State, common: State) {
        self.inUse = inUse
        commonState = common
    }

    /// Adds a key above all others; returns its place.
    @discardableResult
    mutating func append(_ key: UInt64, state: State) -> Int {
        precondition(isEmpty || key > last, "Keys ascend.")
        if blocks.isEmpty || !hasRoom(for: key) { blocks.append(Block(first: key)) }
        let number = blocks.count - 1
        let place = number << AscendingKeys.blockShift | blocks[number].marks.count
        if blocks[number].keys.isEmpty, let offset = UInt32(exactly: key - blocks[number].first) {
            blocks[number].offsets.append(offset)
        } else {
            if blocks[number].keys.isEmpty {
                let first = blocks[number].first
                blocks[number].keys = blocks[number].offsets.map { first + UInt64($0) }
                blocks[number].offsets = []
            }
            blocks[number].keys.append(key)
        }
        let mark = mark(of: state)
        blocks[number].marks.append(mark)
        if mark == AscendingKeys.other { blocks[number].set(state, at: place & AscendingKeys.indexMask) }
        last = key
        return place
    }

    /// Whether the last block takes a key. A key that is far away ends one of many keys and widens one of few, so that neither many
    /// blocks are nearly empty nor many keys wide for one.
    private func hasRoom(for key: UInt64) -> Bool {
        guard let block = blocks.last, block.marks.count < 1 << AscendingKeys.blockShift else { return false }
        return !block.keys.isEmpty || key - block.first <= UInt32.max || block.marks.count < 1 << (AscendingKeys.blockShift - 4)
    }

    /// Where a key stands, nil if it is not among them.
    func place(of key: UInt64) -> Int? {
        guard !isEmpty, key <= last, key >= blocks[0].first else { return nil }
        let number = AscendingKeys.lastPlace(blocks.count) { blocks[$0].first <= key }
        let (index, isEqual) = blocks[number].place(notAbove: key)
        return isEqual ? number << AscendingKeys.blockShift | index : nil
    }

    /// The last of `count` places for which a condition holds that holds for the first, and for none behind one that fails it.
    private static func lastPlace(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var (low, high) = (0, count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low
    }

    private func mark(of state: State) -> UInt8 {
        let count = state & ~inUse
        if count < AscendingKeys.common { return UInt8(count) }
        return state == commonState ? AscendingKeys.common : AscendingKeys.other
    }

    /// The state of the key at a place.
    subscript(place: Int) -> State {
        get {
            let (number, index) = (place >> AscendingKeys.blockShift, place & AscendingKeys.indexMask)
            let mark = blocks[number].marks[index]
            return switch mark {
            case AscendingKeys.common: commonState
            case AscendingKeys.other: blocks[number].states[index]
            default: inUse | State(mark)
            }
        }
        set {
            let (number, index) = (place >> AscendingKeys.blockShift, place & AscendingKeys.indexMask)
            let mark = mark(of: newValue)
            if mark == AscendingKeys.other { blocks[number].set(newValue, at: index) }
            blocks[number].marks[index] = mark
        }
    }
}
