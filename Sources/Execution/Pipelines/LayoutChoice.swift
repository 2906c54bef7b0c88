import Columns
import Synchronization

/// The key layout all workers of one operator share, chosen from the first rows any of them meets.
///
/// A tight layout may turn out too small for later rows. Then `hasMisfit` is set, work stops, and the operator starts
/// again with a roomy one; results are the same with either.
final class LayoutChoice: Sendable {
    private let isRoomy: Bool
    /// Codecs of columns that go before those of the sample.
    private let leading: [KeyCodec]
    private let layout = Mutex<KeyLayout?>(nil)
    private let misfit = Atomic<Bool>(false)

    init(isRoomy: Bool, leading: [KeyCodec] = []) {
        self.isRoomy = isRoomy
        self.leading = leading
    }

    var hasMisfit: Bool { misfit.load(ordering: .relaxed) }

    /// The layout, made for `sample` if there is none yet.
    func layout(for sample: [Vector]) throws(ExecutionError) -> KeyLayout {
        if let known = layout.withLock({ $0 }) { return known }
        var codecs = leading
        for vector in sample {
            if isRoomy {
                codecs.append(try .roomy(type: vector.type, textHome: TextCoder.Home(of: vector)))
            } else {
                codecs.append(try .tight(vector, slack: true))
            }
        }
        let new = KeyLayout(isRoomy ? codecs : LayoutChoice.filled(codecs, from: leading.count))
        return layout.withLock { known in
            if let known { return known }
            known = new
            return new
        }
    }

    /// Where keys take one word, but are too many for an array indexed by them, the word's other bits cost nothing: integers get
    /// them, so that later rows fit. Codecs before `first` stay what they are.
    private static func filled(_ codecs: [KeyCodec], from first: Int) -> [KeyCodec] {
        guard let bitCount = KeyLayout(codecs).denseBitCount, bitCount > GroupTable.directBitLimit else { return codecs }
        var rest = 64 - bitCount
        var places = codecs.indices.filter { $0 >= first }.filter { if case .integer = codecs[$0].coding { true } else { false } }
        var result = codecs
        while let place = places.popLast() {
            let wider = result[place].widened(by: rest / (places.count + 1))
            rest -= wider.bitCount - result[place].bitCount
            result[place] = wider
        }
        return result
    }

    /// The layout if any row has been met.
    var chosen: KeyLayout? { layout.withLock { $0 } }

    /// Bytes of the strings that the layout's codes stand for, those of stored columns aside.
    var textByteCount: Int {
        (chosen?.codecs ?? []).reduce(0) { total, codec in
            if case .text(let coder) = codec.coding { total + coder.extraByteCount } else { total }
        }
    }

    /// Says that rows did not fit.
    ///
    /// - Throws: always; the operator that owns the choice looks at `hasMisfit` and starts again.
    func reportMisfit() throws(ExecutionError) -> Never {
        misfit.store(true, ordering: .relaxed)
        throw ExecutionError(.unsupported("key values outgrew their layout"))
    }
}
