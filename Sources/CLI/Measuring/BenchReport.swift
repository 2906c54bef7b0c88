import Columns
import Engine

/// What was measured, a row each, in order.
struct BenchReport {
    private static let milliseconds = LogicalType.numeric(precision: 18, scale: 3)
    private var rows = ResultRows(fields: [
        Field(name: "part", type: .text), Field(name: "name", type: .text),
        Field(name: "milliseconds", type: BenchReport.milliseconds), Field(name: "detail", type: .text),
    ])

    /// `nanoseconds` has every run's time; none for a figure that is no time.
    mutating func add(_ part: String, _ name: String, nanoseconds: [Int64], detail: String) {
        rows.append([.text(part), .text(name), BenchReport.median(nanoseconds), .text(detail)])
    }

    func result() -> QueryResult { rows.result() }

    /// The middle value in milliseconds, the lower one of an even count; NULL without any.
    private static func median(_ nanoseconds: [Int64]) -> ScalarValue {
        guard let middle = middle(nanoseconds) else { return .null }
        return .numeric(unscaled: Int128((middle + 500) / 1000), scale: 3)
    }

    static func middle(_ nanoseconds: [Int64]) -> Int64? {
        nanoseconds.isEmpty ? nil : nanoseconds.sorted()[(nanoseconds.count - 1) / 2]
    }
}
