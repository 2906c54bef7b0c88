/// The written form of dates: one for each column of a file. Each may be followed by a time.
package enum DateForm: UInt8, Hashable, Sendable, CaseIterable {
    /// `2025-01-03`
    case dashed = 1
    /// `20250103`
    case compact = 2
    /// `2025/1/3` or `2025/01/03`
    case slashed = 3

    /// An example for messages and summaries.
    package var example: String {
        switch self {
        case .dashed: "2025-01-03"
        case .compact: "20250103"
        case .slashed: "2025/1/3"
        }
    }
}
