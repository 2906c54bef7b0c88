/// Keys in ascending order and a state for each: five bytes a key, and nothing is moved as they become more.
struct AscendingKeys {
    /// A key's bits as `UniqueKeyGuard` has them.
    typealias State = UInt32

    private struct Block {
        let first: UInt64
        /// Of each key from the first.
        var offsets: [UInt32] = []
        /// A state that is `inUse` and a small count as that count, or the common one, or `other`.
        var marks: [UInt8] = []
    }
    private var blocks: [Block] = []
    private var otherStates: [Int: State] = [:]
    /// The greatest key, 0 for none.
    private(set) var last: UInt64 = 0
    var isEmpty: Bool { blocks.isEmpty }

    private static let blockShift = 14
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
        if let block = blocks.last, block.marks.count < 1 << AscendingKeys.blockShift, key - block.first <= UInt32.max {
        } else {
            var block = Block(first: key)
            block.offsets.reserveCapacity(1 << AscendingKeys.blockShift)
            block.marks.reserveCapacity(1 << AscendingKeys.blockShift)
            blocks.append(block)
        }
        let number = blocks.count - 1
        let place = number << AscendingKeys.blockShift | blocks[number].marks.count
        blocks[number].offsets.append(UInt32(key - blocks[number].first))
        let mark = mark(of: state)
        blocks[number].marks.append(mark)
        if mark == AscendingKeys.other { otherStates[place] = state }
        last = key
        return place
    }

    /// Where a key stands, nil if it is not among them.
    func place(of key: UInt64) -> Int? {
        guard !isEmpty, key <= last, key >= blocks[0].first else { return nil }
        let number = AscendingKeys.lastPlace(blocks.count) { blocks[$0].first <= key }
        let offset = key - blocks[number].first
        guard offset <= UInt32.max else { return nil }
        let offsets = blocks[number].offsets
        let index = AscendingKeys.lastPlace(offsets.count) { offsets[$0] <= offset }
        return offsets[index] == offset ? number << AscendingKeys.blockShift | index : nil
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
            let mark = blocks[place >> AscendingKeys.blockShift].marks[place & (1 << AscendingKeys.blockShift - 1)]
            return switch mark {
            case AscendingKeys.common: commonState
            case AscendingKeys.other: otherStates[place] ?? inUse
            default: inUse | State(mark)
            }
        }
        set {
            let (number, index) = (place >> AscendingKeys.blockShift, place & (1 << AscendingKeys.blockShift - 1))
            let mark = mark(of: newValue)
            if mark == AscendingKeys.other {
                otherStates[place] = newValue
            } else if blocks[number].marks[index] == AscendingKeys.other {
                otherStates[place] = nil
            }
            blocks[number].marks[index] = mark
        }
    }
}
