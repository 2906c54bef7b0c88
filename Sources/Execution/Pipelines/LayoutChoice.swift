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
        let new = KeyLayout(codecs)
        return layout.withLock { known in
            if let known { return known }
            known = new
            return new
        }
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
