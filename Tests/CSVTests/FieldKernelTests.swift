import CKernels
import Testing

@testable import CSV

/// Kernels over the fields of a block: every variant against a reading by plain means.
@Suite("Field kernels")
struct FieldKernelTests {
    private var levels: [Int32] { Array(CK_LEVEL_PORTABLE...ck_best_level()) }

    /// Fields as one column of three, the outer two of changing length, with room around them as a chunk has it.
    private struct Column {
        var bytes = [UInt8](repeating: 0x37, count: 64)
        var starts: [UInt32] = []
        var ends: [UInt32] = []
        var rows: [UInt32]

        init(_ fields: [String]) {
            rows = (0..<UInt32(fields.count)).map { $0 }
            for (row, field) in fields.enumerated() {
                starts.append(UInt32(bytes.count))
                for text in [String(repeating: "9", count: row % 5), field, "1"] {
                    bytes += Array(text.utf8)
                    ends.append(UInt32(bytes.count))
                    bytes.append(0x2C)
                }
            }
            bytes += [UInt8](repeating: 0x37, count: Int(CK_PADDING))
        }

        func decimals(_ level: Int32, scale: Int, largest: UInt64, masked: Bool, quote: Int32 = CK_NO_QUOTE) -> (read: Int, [Int64], [UInt8]) {
            var values = [Int64](repeating: -7, count: rows.count)
            var mask = [UInt8](repeating: 1, count: rows.count)
            let limits = NumberParsing.limits(upTo: largest)
            let read = unsafe mask.withUnsafeMutableBufferPointer { mask in
                unsafe ck_decimals(
                    level, bytes, starts, ends, 3, 1, rows, rows.count, quote, Int32(scale), limits, &values,
                    masked ? mask.baseAddress : nil)
            }
            return (read, Array(values.prefix(read)), Array(mask.prefix(read)))
        }
    }

    /// The value of a plain decimal; nil for anything the kernel leaves to others.
    private func plainValue(_ text: String, scale: Int, largest: UInt64) -> Int64? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative ? text.dropFirst() : text[...]
        guard (1...16).contains(digits.utf8.count), digits.allSatisfy({ "0123456789.".contains($0) }) else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, digits != ".", parts.count == 1 || scale >= 0 else { return nil }
        let decimals = parts.count == 2 ? parts[1].count : 0
        guard decimals <= max(scale, 0) else { return nil }
        let written = parts.joined() + String(repeating: "0", count: max(scale, 0) - decimals)
        guard let value = UInt64(written), value <= largest else { return nil }
        return isNegative ? -Int64(value) : Int64(value)
    }

    private func randomField(_ generator: inout SeededGenerator) -> String {
        switch Int.random(in: 0..<12, using: &generator) {
        case 0: return ["-", ".", "-.", "1.", ".5", "-.25", "1..2", "+3", " 4", "1e3", "\"7\"", "-0", "00012", "x"]
            .randomElement(using: &generator)!
        case 1: return String((0..<Int.random(in: 9...20, using: &generator)).map { _ in "0123456789".randomElement(using: &generator)! })
        default:
            let whole = String(Int.random(in: 0...[9, 99, 9_999, 99_999_999].randomElement(using: &generator)!, using: &generator))
            let sign = Int.random(in: 0..<6, using: &generator) == 0 ? "-" : ""
            guard Bool.random(using: &generator) else { return sign + whole }
            let count = Int.random(in: 0...5, using: &generator)
            return sign + whole + "." + String((0..<count).map { _ in "0123456789".randomElement(using: &generator)! })
        }
    }

    @Test("decimals of plain form are read exactly, all others are left", arguments: [(2, 12), (4, 18), (0, 5), (-1, 18), (16, 18)])
    func decimals(scale: Int, precision: Int) {
        var generator = SeededGenerator(seed: 21)
        let largest = (0..<precision).reduce(UInt64(1)) { power, _ in power * 10 } - 1
        for _ in 0..<4_000 {
            let field = randomField(&generator)
            let expected = plainValue(field, scale: scale, largest: largest)
            let column = Column(["0", field, "0"])
            for level in levels {
                let (read, values, _) = column.decimals(level, scale: scale, largest: largest, masked: false)
                #expect(read == (expected == nil ? 1 : 3), "\(field) at level \(level)")
                if let expected, read == 3 { #expect(values[1] == expected, "\(field) at level \(level)") }
            }
        }
    }

    @Test("an empty field is NULL with a mask and the end of reading without one") func emptyFields() {
        let column = Column(["1.5", "", "2", ""])
        for level in levels {
            let masked = column.decimals(level, scale: 2, largest: 9_999, masked: true)
            #expect(masked.read == 4 && masked.1 == [150, 0, 200, 0] && masked.2 == [1, 0, 1, 0])
            #expect(column.decimals(level, scale: 2, largest: 9_999, masked: false).read == 1)
        }
    }

    @Test("quoted fields are read without their quotes") func quotedFields() {
        let quote = Int32(UInt8(ascii: "\""))
        let column = Column(["1.5", "\"-2.25\"", "\"\"", "\"1234567890123.50\"", "\"4\"", "\"4 \""])
        for level in levels {
            let found = column.decimals(level, scale: 2, largest: 999_999_999_999_999, masked: true, quote: quote)
            #expect(found.read == 5 && found.1 == [150, -225, 0, 123_456_789_012_350, 400] && found.2 == [1, 1, 0, 1, 1])
            #expect(column.decimals(level, scale: 2, largest: 9_999, masked: true).read == 1)
            #expect(Column(["\""]).decimals(level, scale: 2, largest: 9_999, masked: true, quote: quote).read == 0)
        }
        let times = Column(["\"2025-01-03 08:07:06\"", "2025-01-03 08:07:07", "\"2025-01-03 08:07:08"])
        var values = [Int64](repeating: 0, count: 3)
        unsafe #expect(ck_timestamps(times.bytes, times.starts, times.ends, 3, 1, times.rows, 3, quote, &values, nil) == 2)
        #expect(values[1] - values[0] == 1_000_000)
        let dates = Column(["\"2025-01-03\"", "2025-01-04", "\"2025-01-3\""])
        var days = [Int32](repeating: 0, count: 3)
        unsafe #expect(ck_dates(dates.bytes, dates.starts, dates.ends, 3, 1, dates.rows, 3, quote, &days, nil) == 2)
        #expect(days[1] - days[0] == 1)
    }

    @Test("dates and times of dashed form, real days only") func datesAndTimes() {
        let texts = [
            "2025-01-03 08:07:06", "2024-02-29T23:59:59", "0001-01-01 00:00:00", "9999-12-31 12:00:00",
            "2025-02-29 00:00:00", "1900-02-29 00:00:00", "2000-02-29 00:00:00", "2025-04-31 01:01:01",
            "2025-13-01 00:00:00", "2025-00-10 00:00:00", "2025-01-00 00:00:00", "0000-01-01 00:00:00",
            "2025-01-03 24:00:00", "2025-01-03 23:60:00", "2025-01-03 23:59:60", "2025-01-03_08:07:06",
            "2025/01/03 08:07:06", "2025-01-03 8:07:06", "2025-01-03 08:07:0x", "2025-01-03", "2025-1-03 08:07:06",
        ]
        for text in texts {
            let found = unsafe Array((text + String(repeating: " ", count: 32)).utf8).withUnsafeBufferPointer { memory in
                unsafe DateParsing.moment(
                    ChunkBytes(base: memory.baseAddress!, count: memory.count), start: 0, end: text.utf8.count)
            }
            let moment = found?.form == .dashed ? found?.moment : nil
            let column = Column([text, text])
            var times = [Int64](repeating: 0, count: 2)
            let timeCount = unsafe ck_timestamps(column.bytes, column.starts, column.ends, 3, 1, column.rows, 2, CK_NO_QUOTE, &times, nil)
            let isTime = text.utf8.count == 19 && moment != nil
            #expect(timeCount == (isTime ? 2 : 0), "\(text)")
            if isTime, let moment {
                #expect(times == Array(repeating: Int64(moment.days) * 86_400_000_000 + moment.timeOfDay, count: 2), "\(text)")
            }
            let day = Column([String(text.prefix(10)), String(text.prefix(10))])
            var days = [Int32](repeating: 0, count: 2)
            let dayCount = unsafe ck_dates(day.bytes, day.starts, day.ends, 3, 1, day.rows, 2, CK_NO_QUOTE, &days, nil)
            let isDay = CountedDays.day(String(text.prefix(10)))
            #expect(dayCount == (isDay == nil ? 0 : 2), "\(text)")
            if let isDay { #expect(days == [isDay, isDay], "\(text)") }
        }
    }

    /// Dashed days by counting.
    private enum CountedDays {
        static func day(_ text: String) -> Int32? {
            let parts = text.split(separator: "-", omittingEmptySubsequences: false)
            guard text.utf8.count == 10, parts.map(\.utf8.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
                let day = Int(parts[2]), year >= 1, (1...12).contains(month)
            else { return nil }
            func isLeap(_ year: Int) -> Bool { (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 }
            func lengths(_ year: Int) -> [Int] { [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] }
            guard (1...lengths(year)[month - 1]).contains(day) else { return nil }
            let earlier = (1..<year).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
            let before1970 = (1..<1970).reduce(0) { $0 + (isLeap($1) ? 366 : 365) }
            return Int32(earlier + lengths(year)[..<(month - 1)].reduce(0, +) + day - 1 - before1970)
        }
    }

    @Test("line feeds and quotes are counted alike by all variants") func lines() {
        var generator = SeededGenerator(seed: 22)
        for round in 0..<400 {
            let length = [0, 1, 63, 64, 65, 200, 20_000].randomElement(using: &generator)!
            let alphabet = Array((round % 2 == 0 ? "abc\n" : "abcdefghijklmnop\n\"").utf8)
            let bytes = (0..<length).map { _ in alphabet.randomElement(using: &generator)! }
            for level in levels {
                var hasQuote: Int32 = -1
                #expect(unsafe ck_count_lines(level, bytes, length, 0x22, &hasQuote) == bytes.count { $0 == 0x0A })
                #expect((hasQuote != 0) == bytes.contains(0x22))
                #expect(unsafe ck_count_byte_at_level(level, bytes, length, 0x61) == bytes.count { $0 == 0x61 })
            }
        }
    }

    @Test("bounds are those of min and max") func bounds() {
        var generator = SeededGenerator(seed: 23)
        for count in [0, 1, 7, 8, 9, 16, 100, 1_001] {
            let values = (0..<count).map { _ in
                [Int64.min, .max, 0, Int64.random(in: -9...9, using: &generator), Int64.random(in: .min ... .max, using: &generator)]
                    .randomElement(using: &generator)!
            }
            for level in levels {
                var (low, high): (Int64, Int64) = (0, 0)
                unsafe ck_bounds_at_level(level, values, count, &low, &high)
                #expect(low == values.min() ?? .max && high == values.max() ?? .min)
            }
        }
    }

    @Test("runs begin where a row's bytes differ from those of the row before") func runHeads() {
        var generator = SeededGenerator(seed: 24)
        for round in 0..<200 {
            let length = [0, 1, 7, 8, 9, 31, 32, 33, 64, 100].randomElement(using: &generator)!
            var fields: [String] = []
            for row in 0..<Int.random(in: 1...40, using: &generator) {
                if row > 0, Int.random(in: 0..<3, using: &generator) > 0 {
                    fields.append(fields[row - 1])
                    continue
                }
                let other = String((0..<max(0, length - row % 2)).map { _ in "ab".randomElement(using: &generator)! })
                fields.append(other)
            }
            let column = Column(fields)
            for hasBefore in [false, true] {
                // The row before has the text of the first row, or another, further on in the same bytes.
                let first = Int(column.ends[0]) + 1
                let range = first..<(first + fields[0].utf8.count)
                let expected = fields.indices.filter { row in row == 0 ? !hasBefore : fields[row] != fields[row - 1] }
                for level in levels {
                    var heads = [UInt32](repeating: 0, count: fields.count)
                    let count = unsafe ck_run_heads(
                        level, column.bytes, column.starts, column.ends, 3, 1, 1, fields.count,
                        hasBefore ? range.lowerBound : -1, hasBefore ? range.upperBound : -1, &heads)
                    #expect(heads.prefix(count).map { Int($0) } == expected, "round \(round), level \(level)")
                }
            }
        }
    }
}
