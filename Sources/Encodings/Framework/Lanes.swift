/// Arrays of lanes that a kernel writes whole.
package enum Lanes {
    /// `count` lanes without a pass of zeros before `fill`.
    ///
    /// - Precondition: `fill` writes every lane and reads none it did not write.
    @inline(__always)
    package static func filled<Failure: Error>(
        count: Int, _ fill: (inout MutableSpan<Int64>) throws(Failure) -> Void
    ) throws(Failure) -> [Int64] {
        unsafe try [Int64](unsafeUninitializedCapacity: count) { memory, filledCount throws(Failure) in
            // The memory holds at least `count` lanes; any bits are an Int64.
            var lanes = unsafe MutableSpan(
                _unsafeElements: UnsafeMutableBufferPointer(start: memory.baseAddress, count: count))
            try fill(&lanes)
            filledCount = count
        }
    }

    /// Copies `count` lanes in one piece.
    @inline(__always)
    package static func copy(
        _ source: Span<Int64>, from start: Int, _ count: Int, to target: inout MutableSpan<Int64>, at position: Int
    ) {
        precondition(count >= 0 && start >= 0 && start <= source.count - count)
        precondition(position >= 0 && position <= target.count - count)
        // Both ranges lie inside by the preconditions, and a mutable span overlaps no other.
        unsafe source.withUnsafeBufferPointer { from in
            unsafe target.withUnsafeMutableBufferPointer { to in
                guard let first = from.baseAddress, let destination = to.baseAddress else { return }
                unsafe (destination + position).update(from: first + start, count: count)
            }
        }
    }
}
