import CKernels

/// Claim lines as CSV, with room around them as a chunk of a file has it, and where their fields lie.
struct ClaimText {
    /// Columns by their place.
    enum Column: Int {
        case claim, patient, institution, settledAt, serviceDate, item, quantity, price, amount, category
    }

    static let columnCount = 10
    static let fieldCount = Segment.rowCount * columnCount
    private static let margin = 64

    private(set) var bytes: [UInt8]
    /// Where the first record starts and the last one ends.
    let content: Range<Int>
    /// Field ends, `columnCount` a row, and record starts; as the scan leaves them.
    private(set) var ends: [UInt32] = []
    private(set) var starts: [UInt32] = []
    let rows: [UInt32]

    /// - Parameter isQuoted: Whether items are quoted texts with a comma in them.
    init(isQuoted: Bool = false) {
        var random = SeededRandom(seed: 7)
        var text: [UInt8] = [UInt8](repeating: 0x37, count: ClaimText.margin)
        let runStarts = Segment.runStarts()
        for run in 1..<runStarts.count {
            let claim = 9_700_000_000 + run
            let patient = Int.random(in: 0..<900_000, using: &random) + 100_000
            let institution = Int.random(in: 0..<400, using: &random) + 1000
            let (month, day, hour) = (run / 3000 % 12 + 11, run / 100 % 28 + 11, run / 5 % 14 + 10)
            let date = "2025-\(month % 12 + 1 < 10 ? "0" : "")\(month % 12 + 1)-\(day - 10 < 10 ? "0" : "")\(day - 10)"
            let header =
                "C\(claim),P\(patient),H\(institution),\(date) \(hour):\(run % 50 + 10):\(run % 49 + 10),\(date),"
            for _ in runStarts[run - 1]..<runStarts[run] {
                let item = Int.random(in: 0..<5000, using: &random) + 10_000
                let (quantity, cents) = (
                    Int.random(in: 1...12, using: &random), Int.random(in: 100...99_999, using: &random)
                )
                func decimal(_ cents: Int) -> String { "\(cents / 100).\(cents % 100 < 10 ? "0" : "")\(cents % 100)" }
                text += Array(header.utf8)
                text += Array((isQuoted ? "\"item \(item), 5 mg\"" : "X\(item)").utf8)
                text += Array(",\(quantity),\(decimal(cents)),\(decimal(quantity * cents)),drug\n".utf8)
            }
        }
        content = ClaimText.margin..<text.count
        bytes = text + [UInt8](repeating: 0x37, count: Int(CK_PADDING))
        rows = (0..<UInt32(Segment.rowCount)).map { $0 }
        locateFields()
    }

    /// The records alone.
    var records: ArraySlice<UInt8> { bytes[content] }

    private mutating func locateFields() {
        ends = [UInt32](repeating: 0, count: ClaimText.fieldCount + 256)
        // Bounds: the text has `fieldCount` fields, and the kernel is told how many positions there is room for.
        let found = unsafe ck_scan(
            CK_LEVEL_PORTABLE, bytes, content.lowerBound, content.upperBound, content.upperBound, 0x2C, 0x22, &ends,
            ends.count)
        precondition(found.count == ClaimText.fieldCount && found.end == content.upperBound)
        var start = UInt32(content.lowerBound)
        for row in Segment.rows {
            starts.append(start)
            start = ends[(row + 1) * ClaimText.columnCount - 1] + 1
        }
    }
}
