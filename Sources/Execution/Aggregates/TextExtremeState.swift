import Columns
import Synchronization

/// The coder of one text input, chosen by the first worker that meets a vector of it.
final class SharedTextCoder: Sendable {
    private struct Order: Sendable {
        var ranks: [UInt32] = []
        /// Rows met before the ranks were worth their making.
        var rowCount = 0
    }

    private let coder = Mutex<TextCoder?>(nil)
    private let order = Mutex<Order>(Order())

    func coder(for vector: Vector) -> TextCoder {
        coder.withLock { known in
            if let known { return known }
            let new = TextCoder(TextCoder.Home(of: vector))
            known = new
            return new
        }
    }

    /// The place of each entry of a dictionary in the order of texts; empty until all states together have met as many rows
    /// as the dictionary has entries, for then comparing bytes has cost as much as sorting it.
    func ranks(of domain: TextDictionary, rowCount: Int) -> [UInt32] {
        order.withLock { order in
            guard order.ranks.isEmpty else { return order.ranks }
            order.rowCount += rowCount
            if order.rowCount > domain.count { order.ranks = TextOrder.ranks(of: domain) }
            return order.ranks
        }
    }
}

/// `min` and `max` of text, bytewise: codes are kept, and bytes compared only where two codes differ.
final class TextExtremeState: AggregateState, @unchecked Sendable {
    private static let none = TextCoder.absent
    private let isMaximum: Bool
    private let shared: SharedTextCoder
    private var coder: TextCoder?
    private var best: [UInt64] = []
    private var left: [UInt8] = []
    private var right: [UInt8] = []
    /// The ranks of the dictionary once they are worth it.
    private var ranks: [UInt32] = []

    init(isMaximum: Bool, shared: SharedTextCoder) {
        self.isMaximum = isMaximum
        self.shared = shared
    }

    override var byteCount: Int { best.count * 8 }

    override func grow(to groupCount: Int) { best.pad(to: groupCount, with: TextExtremeState.none) }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let input = AlignedInput(inputs[0], groups)
        if takeBestTexts(input) { return }
        let (vector, groups) = input.presentItems()
        guard vector.count > 0 else { return }
        let coder = coder ?? shared.coder(for: vector)
        self.coder = coder
        let codes = coder.codes(of: vector, adding: true).codes
        improve(codes, coder) { Int(groups[$0]) }
    }

    /// Strings without codes, or with those of their segment alone: only the best of each group is given a code.
    ///
    /// - Returns: false where looking the strings up costs less.
    private func takeBestTexts(_ input: AlignedInput) -> Bool {
        let texts: StringColumn
        let codes: [UInt32]
        switch input.vector.values {
        case .string(let strings): (texts, codes) = (strings, [])
        case .dictionary(let rows, let dictionary) where dictionary.isLocal: (texts, codes) = (dictionary.entries, rows)
        default: return false
        }
        let count = input.vector.count
        guard best.count <= max(64, count), count < Int(Int32.max), texts.count < Int(Int32.max) else { return false }
        let validity = input.vector.validity
        var found = [UInt32](repeating: .max, count: best.count)
        if best.count == 1, case .dictionary(let rows, let dictionary) = input.vector.values {
            let isUsed = dictionary.usedEntries(of: rows, validity)
            TextOrder.extremes(of: texts, codes: [], .mask(isUsed), groups: nil, count: texts.count, isMaximum, into: &found)
        } else {
            TextOrder.extremes(
                of: texts, codes: codes, validity, groups: best.count == 1 ? nil : input.groupOfItem, count: count, isMaximum,
                into: &found)
        }
        let groups = (0..<Int32(found.count)).filter { found[Int($0)] != .max }
        guard !groups.isEmpty else { return true }
        let winners = texts.gathered(groups.map { Int32(bitPattern: found[Int($0)]) })
        let vector = Vector(type: .text, count: winners.count, values: .string(winners))
        let coder = coder ?? shared.coder(for: vector)
        self.coder = coder
        improve(coder.codes(of: vector, adding: true).codes, coder) { Int(groups[$0]) }
        return true
    }

    /// Takes each code that is better than the best of its group.
    private func improve(_ codes: [UInt64], _ coder: TextCoder, group: (Int) -> Int) {
        if ranks.isEmpty, case .dictionary(let domain) = coder.home {
            ranks = shared.ranks(of: domain, rowCount: codes.count)
        }
        // Locals: a loop over a class's properties would check exclusivity each turn.
        let ranks = ranks
        let rankCount = UInt64(ranks.count)
        let orderedCount = coder.orderedCount
        let isMaximum = isMaximum
        var best: [UInt64] = []
        swap(&best, &self.best)
        for row in 0..<codes.count {
            let code = codes[row]
            let group = group(row)
            let other = best[group]
            if other == code || code == TextExtremeState.none { continue }
            let isBetter: Bool
            if other == TextExtremeState.none {
                isBetter = true
            } else if code < orderedCount, other < orderedCount {
                isBetter = isMaximum ? code > other : code < other
            } else if code < rankCount, other < rankCount {
                isBetter = (ranks[Int(code)] > ranks[Int(other)]) == isMaximum
            } else {
                isBetter = precedes(code, other, coder) != isMaximum
            }
            if isBetter { best[group] = code }
        }
        swap(&best, &self.best)
    }

    /// Whether one text comes before another one, which is not equal to it.
    private func precedes(_ code: UInt64, _ other: UInt64, _ coder: TextCoder) -> Bool {
        left.removeAll(keepingCapacity: true)
        right.removeAll(keepingCapacity: true)
        coder.appendBytes(of: code, to: &left)
        coder.appendBytes(of: other, to: &right)
        return left.lexicographicallyPrecedes(right)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? TextExtremeState, let coder = other.coder else { return }
        self.coder = coder
        improve(other.best, coder) { Int(map[$0]) }
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        guard let coder else { return .flatConstant(.null, type: .text, count: groupCount) }
        let present = best.map { UInt8($0 == TextExtremeState.none ? 0 : 1) }
        return coder.vector(best.map { $0 == TextExtremeState.none ? 0 : $0 }, validity: Validity(compacting: present))
    }
}
