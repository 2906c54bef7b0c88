import Columns
import Synchronization

/// The coder of one text input, chosen by the first worker that meets a vector of it.
final class SharedTextCoder: Sendable {
    private let coder = Mutex<TextCoder?>(nil)
    private let ranks = Mutex<[UInt32]?>(nil)

    func coder(for vector: Vector) -> TextCoder {
        coder.withLock { known in
            if let known { return known }
            let new = TextCoder(TextCoder.Home(of: vector))
            known = new
            return new
        }
    }

    /// The place of each entry of a dictionary in the order of texts.
    func ranks(of domain: TextDictionary) -> [UInt32] {
        ranks.withLock { known in
            if let known { return known }
            let new = TextOrder.ranks(of: domain.entries)
            known = new
            return new
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
    /// Texts compared byte by byte so far, and the ranks of the dictionary once they are worth it.
    private var comparisonCount = 0
    private var ranks: [UInt32] = []

    init(isMaximum: Bool, shared: SharedTextCoder) {
        self.isMaximum = isMaximum
        self.shared = shared
    }

    override var byteCount: Int { best.count * 8 }

    override func grow(to groupCount: Int) { best.pad(to: groupCount, with: TextExtremeState.none) }

    override func update(_ inputs: [Vector], _ groups: GroupAssignment, morsel: Int) throws(ExecutionError) {
        let (vector, groups) = AlignedInput(inputs[0], groups).presentItems()
        guard vector.count > 0 else { return }
        let coder = coder ?? shared.coder(for: vector)
        self.coder = coder
        let codes = coder.codes(of: vector, adding: true).codes
        var best: [UInt64] = []
        swap(&best, &self.best)
        for row in 0..<codes.count {
            let group = Int(groups[row])
            if best[group] == codes[row] { continue }
            if best[group] == TextExtremeState.none || isBetter(codes[row], best[group], coder) {
                best[group] = codes[row]
            }
        }
        swap(&best, &self.best)
    }

    private func isBetter(_ code: UInt64, _ other: UInt64, _ coder: TextCoder) -> Bool {
        if code < coder.orderedCount, other < coder.orderedCount { return isMaximum ? code > other : code < other }
        if code < UInt64(ranks.count), other < UInt64(ranks.count) {
            return (ranks[Int(code)] > ranks[Int(other)]) == isMaximum
        }
        comparisonCount &+= 1
        if ranks.isEmpty, case .dictionary(let domain) = coder.home, comparisonCount > domain.count {
            ranks = shared.ranks(of: domain)
        }
        left.removeAll(keepingCapacity: true)
        right.removeAll(keepingCapacity: true)
        coder.appendBytes(of: code, to: &left)
        coder.appendBytes(of: other, to: &right)
        return isMaximum ? right.lexicographicallyPrecedes(left) : left.lexicographicallyPrecedes(right)
    }

    override func absorb(_ other: AggregateState, _ map: [UInt32]) throws(ExecutionError) {
        guard let other = other as? TextExtremeState, let coder = other.coder else { return }
        self.coder = coder
        let others = other.best
        var best: [UInt64] = []
        swap(&best, &self.best)
        for group in 0..<others.count where others[group] != TextExtremeState.none {
            let target = Int(map[group])
            if best[target] == others[group] { continue }
            if best[target] == TextExtremeState.none || isBetter(others[group], best[target], coder) {
                best[target] = others[group]
            }
        }
        swap(&best, &self.best)
    }

    override func finish(groupCount: Int, workerCount: Int) -> Vector {
        guard let coder else { return .flatConstant(.null, type: .text, count: groupCount) }
        let present = best.map { UInt8($0 == TextExtremeState.none ? 0 : 1) }
        return coder.vector(best.map { $0 == TextExtremeState.none ? 0 : $0 }, validity: Validity(compacting: present))
    }
}
