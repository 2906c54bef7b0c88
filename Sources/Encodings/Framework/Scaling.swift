/// What a node around this one does to its values: `base + factor · value`, wrapping. Handed down to where it costs least.
package struct Scaling: Hashable, Sendable {
    package var base: Int64
    package var factor: Int64

    package static let none = Scaling(base: 0, factor: 1)

    @inline(__always)
    func callAsFunction(_ value: Int64) -> Int64 { base &+ factor &* value }

    /// This scaling of what `inner` gives.
    func of(_ inner: Scaling) -> Scaling { Scaling(base: self(inner.base), factor: factor &* inner.factor) }

    func apply(to values: inout [Int64]) {
        if self == .none { return }
        var rows = values.mutableSpan
        for row in 0..<rows.count { rows[row] = base &+ factor &* rows[row] }
    }
}
