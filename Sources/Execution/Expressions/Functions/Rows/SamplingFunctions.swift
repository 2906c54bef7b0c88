import Columns
import Planning

/// Which rows `tablesample` takes.
enum SamplingFunctions {
    /// Rows that `system` takes or leaves together.
    private static let blockRowCount: Int64 = 1024

    static let all: [String: RowFunction] = [
        // (number of the row from 1, percentage, seed, by blocks)
        "sampled row": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let row) = values[0], case .double(let percentage) = values[1],
                case .double(let seed) = values[2]
            else {
                return .null
            }
            let place = values[3] == .boolean(true) ? (row - 1) / blockRowCount : row - 1
            // Of 53 bits a double holds all.
            let share =
                Double(mixed(UInt64(bitPattern: place) &* 0x9E37_79B9_7F4A_7C15 ^ mixed(seed.bitPattern)) >> 11)
                / 9_007_199_254_740_992
            return .boolean(share * 100 < percentage)
        }
    ]

    /// Each bit of the result depends on each bit. Source: the last steps of SplitMix64.
    private static func mixed(_ bits: UInt64) -> UInt64 {
        var bits = bits &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
