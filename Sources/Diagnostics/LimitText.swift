/// Limits as they are said: in the largest unit that says them without a fraction.
package enum LimitText {
    /// `2s`, `500ms`, `1min`, as PostgreSQL shows a time that was set; fractions of a millisecond are rounded off.
    package static func duration(_ duration: Duration) -> String {
        let parts = duration.components
        let milliseconds = parts.seconds * 1000 + parts.attoseconds / 1_000_000_000_000_000
        for (name, unit) in [("h", 3_600_000), ("min", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds >= unit && milliseconds % unit == 0 {
            return "\(milliseconds / unit)\(name)"
        }
        return "\(milliseconds)ms"
    }

    /// `16 MiB`, `100000 bytes`.
    package static func bytes(_ count: Int) -> String {
        for (name, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] where count >= 1 << shift && count % (1 << shift) == 0 {
            return "\(count >> shift) \(name)"
        }
        return "\(count) bytes"
    }
}
