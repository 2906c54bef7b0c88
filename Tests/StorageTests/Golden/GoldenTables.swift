import Columns
import Storage

/// The tables of the golden stores. Never change a formula: the bytes in `Tests/GoldenStores` were made by them, and are kept. New
/// columns and tables come with the next format version.
enum GoldenTables {
    typealias Coding = (Int, StringColumn) throws -> TextCodes

    /// Each type with its smallest, largest and odd values, with and without NULLs, and each kind of text.
    static func edges(coded: Coding) rethrows -> GoldenRows {
        var table = GoldenRows("edges", rowCount: 8)
        table.add("boolean_column", .boolean, [1, 0, nil, 1, 1, 0, nil, 0]) { .boolean($0 != 0) }
        table.add("integer_column", .integer, [Int64(Int32.min), Int64(Int32.max), 0, -1, nil, 1, 42, 7]) { .integer($0) }
        table.add("bigint_column", [.min, .max, 0, nil, -1, 1, 1 << 53, -(1 << 53)])
        table.add("numeric_narrow", .numeric(precision: 18, scale: 6), [999_999_999_999_999_999, nil, 0, -1, 5, 10, -10, 3]) {
            .numeric(unscaled: Int128($0), scale: 6)
        }
        let ten: Int128 = 10
        var huge: Int128 = 1
        for _ in 0..<37 { huge *= ten }
        table.add("numeric_wide", wide: [huge, -huge, nil, 0, 1, -1, Int128(Int64.max) + 1, Int128(Int64.min) - 1], precision: 38, scale: 4)
        table.add("numeric_wide_small", wide: [1, 2, 3, 4, 5, nil, 7, 8], precision: 30, scale: 2)
        let doubles: [Double?] = [0, -0.0, .infinity, -.infinity, 1.0 / 3, nil, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
        table.add("double_column", .double, doubles.map { $0.map { Int64(bitPattern: $0.bitPattern) } }) {
            .double(Double(bitPattern: UInt64(bitPattern: $0)))
        }
        table.add("date_column", .date, [Int64(Int32.min), Int64(Int32.max), 0, 20_089, nil, -719_162, 11_016, -1]) {
            .date(Int32($0))
        }
        table.add("timestamp_column", .timestamp, [.min, .max, 0, 1_735_718_678_000_000, nil, -1, 1, 951_782_400_000_000]) {
            .timestamp($0)
        }
        table.timeColumn = table.fields.count - 1
        try table.add("text_dictionary", text: ["", "a", nil, "项目", "a", "\u{0}\n\"'", "é", "e\u{301}"], coded: coded)
        table.add("all_null", [Int64?](repeating: nil, count: 8))
        table.add("all_equal", [Int64?](repeating: -7, count: 8))
        try table.add("all_empty", text: [String?](repeating: "", count: 8), coded: coded)
        return table
    }

    /// Columns for the encodings that came with version 2.
    static func streams(coded: Coding) rethrows -> GoldenRows {
        var random = SeededRandom(seed: 2)
        var runs: [Int64] = []
        var lines: [Int64] = []
        for run in 0..<Int64(600) {
            let length = run % 5 == 0 ? Int64.random(in: 8...20, using: &random) : Int64.random(in: 1...6, using: &random)
            for line in 0..<length {
                runs.append(run)
                lines.append(line)
            }
        }
        let rowCount = runs.count
        var table = GoldenRows("streams", rowCount: rowCount)
        try table.add("claim", text: runs.map { "S\(7_000_000 + $0)" }, coded: coded)
        table.groupKeyColumn = 0
        let items: [Int] = (0..<rowCount).map { _ in Int.random(in: 0..<60, using: &random) }
        try table.add("item", text: items.map { "Y\($0)" }, coded: coded)
        // Present, absent or nearly always one of both, by the item.
        table.add("marked_nulls", items.enumerated().map { row, item -> Int64? in
            item % 3 == 0 || item % 3 == 1 && row % 11 == 0 ? nil : Int64(row * 7919 % 1021)
        })
        table.add("uneven", (0..<rowCount).map { _ in
            Int.random(in: 0..<10, using: &random) < 7 ? 2 : Int64.random(in: 0...3, using: &random)
        })
        let ends: [Int64] = runs.map { 1_735_000_000_000_000 + $0 * 61_000_000 }
        let times: [Int64?] = (0..<rowCount).map { row in
            let spread = runs[row] % 5 == 0 ? (lines[row] * 7919 + runs[row]) % 86_400 * 1_000_000 : runs[row] * 7919 % 4001 * 1_000_000
            return ends[row] - spread
        }
        table.add("settled_at", .timestamp, ends) { .timestamp($0) }
        table.timeColumn = table.fields.count - 1
        table.add("service_time", .timestamp, times) { .timestamp($0) }
        return table
    }

    /// A column for each encoding: what is in it makes the encoder choose it.
    static func shapes(coded: Coding) rethrows -> GoldenRows {
        var random = SeededRandom(seed: 1)
        let rowCount = 3000
        var table = GoldenRows("shapes", rowCount: rowCount)
        // Runs of 1 to 9 rows.
        var runs: [Int] = []
        var lines: [Int64] = []
        while runs.count < rowCount {
            let run = (runs.last ?? -1) + 1
            let length = min(Int.random(in: 1...9, using: &random), rowCount - runs.count)
            runs += [Int](repeating: run, count: length)
            lines += (1...Int64(length)).map { $0 }
        }
        func texts(_ body: (Int) -> String?) -> [String?] { (0..<rowCount).map(body) }
        func each(_ body: (Int) -> Int64?) -> [Int64?] { (0..<rowCount).map(body) }
        try table.add("claim", text: texts { "C2025\(100_000 + runs[$0])" }, coded: coded)
        table.groupKeyColumn = 0
        // Text with codes, of both kinds, and plain; grouped and not.
        let visits = ["inpatient", "outpatient", "pharmacy"]
        let grouped = texts { row in
            let run = runs[row]
            return run % 7 == 3 ? nil : visits[run * run % 3]
        }
        try table.add("grouped_text", text: grouped, coded: coded)
        let items: [Int] = (0..<rowCount).map { _ in Int.random(in: 0..<50, using: &random) }
        try table.add("item", text: texts { "X\(items[$0] % 7)-\(items[$0])" }, coded: coded)
        try table.add("item_name", text: texts { "项目 \(items[$0] / 2)" }, coded: coded)
        let identifiers = texts { row in row % 500 == 9 ? "odd \(row)" : "P110101\(1_000_000 + row * 7)" }
        try table.add("exceptional_id", text: identifiers, coded: coded)
        let notes = texts { row in row % 3 == 0 ? nil : "remark \(row) of \(row * 31 % 17)!" }
        try table.add("note", text: notes, coded: coded)
        // Numbers.
        table.add("ordinal", lines)
        table.add("sparse", each { $0 % 97 == 5 ? Int64($0) * 1_000_003 : 3 })
        table.add("sparse_nulls", each { $0 % 300 == 7 ? nil : Int64($0 % 2) })
        table.add("runlength", each { Int64($0 / 40) * 7919 % 1013 })
        table.add("repeated", each { Int64(($0 / 2) * 7919 % 1013) })
        table.add("delta", each { Int64($0) * 1_000_003 + Int64($0 % 3) })
        table.add("scaled", each { Int64(($0 * 7919) % 1013) * 10_000 + 70 })
        table.add("split", each { _ in
            let rest = Int.random(in: 0..<20, using: &random) == 0 ? Int64.random(in: 1..<10_000, using: &random) : 0
            return Int64.random(in: 0..<100_000, using: &random) * 10_000 + rest
        })
        let common: [Int64] = [987_654_321_012, 17, 555_555_555]
        table.add("frequent", each { _ in
            let place = Int.random(in: 0..<4, using: &random)
            return place < 3 ? common[place] : Int64.random(in: 0...(1 << 40), using: &random)
        })
        // Each item repeats the last value it had, but for one row in eight.
        var last = [Int64](repeating: 0, count: 50)
        table.add("recalled", each { row in
            if last[items[row]] == 0 || Int.random(in: 0..<8, using: &random) == 0 {
                last[items[row]] = Int64.random(in: 1...(1 << 40), using: &random)
            }
            return last[items[row]]
        })
        table.add("packed", each { Int64(($0 * 7919) % 1021) })
        table.add("packed_wide", each { _ in Int64.random(in: 0...(1 << 45), using: &random) })
        let few: [Int64] = [5, 1 << 30, 1 << 50]
        table.add("dictionary", each { few[($0 * $0 % 7 + $0) % 3] })
        let high: Int64 = 1 << 40
        // A long pattern that comes again and again.
        let pattern: [Int64] = (0..<211).map { _ in Int64.random(in: 0..<high, using: &random) }
        table.add("byteplanes", each { pattern[$0 % 211] })
        let bases: [Int64] = runs.map { Int64($0) * 7_919_000_017 % high }
        table.add("run_base", each { bases[$0] + lines[$0] / 3 })
        // Predicted from others.
        let quantities: [Int64] = (0..<rowCount).map { _ in Int64.random(in: -3...12, using: &random) * 5_000 }
        let prices: [Int64] = items.map { item in
            let base = Int64(item * 37 % 900 + 100)
            return (base + Int64.random(in: 0...7, using: &random)) * 10_000
        }
        let amounts: [Int64] = (0..<rowCount).map { row in
            let product = quantities[row] * prices[row]
            let half: Int64 = product < 0 ? -50_000_000 : 50_000_000
            return (product + half) / 100_000_000
        }
        func numeric(_ name: String, scale: Int, _ values: [Int64?]) {
            table.add(name, .numeric(precision: 16, scale: scale), values) { .numeric(unscaled: Int128($0), scale: scale) }
        }
        numeric("quantity", scale: 4, quantities)
        numeric("unit_price", scale: 6, prices)
        numeric("amount", scale: 2, each { $0 == 17 ? amounts[$0] + 1 : amounts[$0] })
        let rates: [Int64] = [0, 500, 700, 850]
        let funds = each { row in
            let part = amounts[row] * rates[runs[row] % 4]
            return row % 250 == 3 ? nil : (part + (part < 0 ? -500 : 500)) / 1000
        }
        numeric("fund_amount", scale: 2, funds)
        let settled: [Int64] = runs.map { 1_735_000_000_000_000 + Int64($0 * 7919 % 4001) * 61_000_003 }
        table.add("settled_at", .timestamp, settled) { .timestamp($0) }
        table.timeColumn = table.fields.count - 1
        let served = each { settled[$0] - 3_600_000_000 * (lines[$0] % 2) }
        table.add("service_time", .timestamp, served) { .timestamp($0) }
        return table
    }
}
