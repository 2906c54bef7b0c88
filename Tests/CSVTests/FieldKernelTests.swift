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
        let dates = Column(["\"2025-01-03\"", "2025-01-04", "\"2025-01-3\""])
        var days = [Int32](repeating: 0, count: 3)
        for level in levels {
            unsafe #expect(
                ck_timestamps(level, times.bytes, times.starts, times.ends, 3, 1, times.rows, 3, quote, &values, nil) == 2)
            #expect(values[1] - values[0] == 1_000_000)
            unsafe #expect(ck_dates(level, dates.bytes, dates.starts, dates.ends, 3, 1, dates.rows, 3, quote, &days, nil) == 2)
            #expect(days[1] - days[0] == 1)
        }
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
            let isTime = text.utf8.count == 19 && moment != nil
            let isDay = CountedDays.day(String(text.prefix(10)))
            // Alone, and as one of so many that they are read in groups.
            for count in [2, 19] {
                let column = Column([String](repeating: text, count: count))
                let day = Column([String](repeating: String(text.prefix(10)), count: count))
                for level in levels {
                    var times = [Int64](repeating: 0, count: count)
                    let timeCount = unsafe ck_timestamps(
                        level, column.bytes, column.starts, column.ends, 3, 1, column.rows, count, CK_NO_QUOTE, &times, nil)
                    #expect(timeCount == (isTime ? count : 0), "\(text) at level \(level)")
                    if isTime, let moment {
                        let expected = Int64(moment.days) * 86_400_000_000 + moment.timeOfDay
                        #expect(times == Array(repeating: expected, count: count), "\(text) at level \(level)")
                    }
                    var days = [Int32](repeating: 0, count: count)
                    let dayCount = unsafe ck_dates(
                        level, day.bytes, day.starts, day.ends, 3, 1, day.rows, count, CK_NO_QUOTE, &days, nil)
                    #expect(dayCount == (isDay == nil ? 0 : count), "\(text) at level \(level)")
                    if let isDay { #expect(days == Array(repeating: isDay, count: count), "\(text) at level \(level)") }
                }
            }
        }
    }

    @Test("every day of the calendar, in groups") func everyDay() {
        var day = (year: 1, month: 1, day: 1)
        var texts: [String] = []
        func padded(_ number: Int, _ length: Int) -> String {
            String(repeating: "0", count: length - String(number).count) + String(number)
        }
        // Two stretches of years: the first ones, and those around a century that is no leap year and one that is.
        while day.year < 2_401 {
            texts.append("\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))")
            let isLeap = (day.year % 4 == 0 && day.year % 100 != 0) || day.year % 400 == 0
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day.day += 1
            if day.day > lengths[day.month - 1] { (day.month, day.day) = (day.month + 1, 1) }
            if day.month > 12 { (day.year, day.month) = (day.year == 5 ? 1_899 : day.year == 1_905 ? 1_999 : day.year + 1, 1) }
            if day.year == 2_001 { day.year = 2_399 }
        }
        let column = Column(texts)
        for level in levels {
            var days = [Int32](repeating: 0, count: texts.count)
            let count = unsafe ck_dates(
                level, column.bytes, column.starts, column.ends, 3, 1, column.rows, texts.count, CK_NO_QUOTE, &days, nil)
            #expect(count == texts.count)
            for (row, text) in texts.enumerated().filter({ $0.offset % 97 == 0 || $0.element.hasSuffix("02-29") }) {
                #expect(days[row] == CountedDays.day(text), "\(text) at level \(level)")
            }
            // Neighbours within one stretch of years are a day apart.
            for row in 1..<texts.count where days[row] - days[row - 1] != 1 {
                #expect(texts[row].hasSuffix("-01-01"), "\(texts[row]) at level \(level)")
            }
        }
    }

    @Test("many fields, read in groups: values, NULLs, and the first field of another form", arguments: [true, false])
    func groups(masked: Bool) {
        var generator = SeededGenerator(seed: 25)
        for _ in 0..<300 {
            let count = Int.random(in: 1...600, using: &generator)
            var fields = (0..<count).map { _ in
                masked && Int.random(in: 0..<4, using: &generator) == 0
                    ? "" : String(Int.random(in: -99_999...99_999, using: &generator)) + (Bool.random(using: &generator) ? ".25" : "")
            }
            let wrong = Int.random(in: 0..<(2 * count), using: &generator)
            if wrong < count { fields[wrong] = ["x", "1.234", "1..2", "12345678901234567"].randomElement(using: &generator)! }
            let expected = fields.prefix(wrong).map { $0.isEmpty ? 0 : plainValue($0, scale: 2, largest: 999_999_999)! }
            let column = Column(fields)
            for level in levels {
                let found = column.decimals(level, scale: 2, largest: 999_999_999, masked: masked)
                #expect(found.read == min(wrong, count), "level \(level)")
                #expect(found.1 == expected, "level \(level)")
                if masked { #expect(found.2 == fields.prefix(wrong).map { $0.isEmpty ? 0 : 1 }, "level \(level)") }
            }
        }
    }

    @Test("identifiers of a format become codes, all others are left", arguments: [(0, 1), (1, 8), (2, 18), (3, 9), (8, 17), (5, 16)])
    func identifiers(prefixLength: Int, digitCount: Int) {
        var generator = SeededGenerator(seed: 26)
        let prefix = String("D8XY-Z01".prefix(prefixLength))
        let word = prefix.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        var format = ck_identifier_format(
            prefix: word, prefix_length: Int32(prefixLength), digit_count: Int32(digitCount), tag: 3 << 60)
        for round in 0..<300 {
            let count = Int.random(in: 1...300, using: &generator)
            var codes: [UInt64] = []
            var fields: [String] = []
            for _ in 0..<count {
                if Int.random(in: 0..<5, using: &generator) == 0 {
                    fields.append("")
                    codes.append(0)
                    continue
                }
                let digits = String((0..<digitCount).map { _ in "0123456789".randomElement(using: &generator)! })
                let isQuoted = Int.random(in: 0..<40, using: &generator) == 0
                fields.append(isQuoted ? "\"" + prefix + digits + "\"" : prefix + digits)
                codes.append(3 << 60 | UInt64(digits)!)
            }
            let wrong = Int.random(in: 0..<(2 * count), using: &generator)
            if wrong < count {
                var field = Array((prefix + String(repeating: "7", count: digitCount)).utf8)
                switch round % 4 {
                // A text that is there and empty.
                case 3: field = [0x22, 0x22]
                case 0: field[Int.random(in: 0..<field.count, using: &generator)] = UInt8(ascii: "/")
                case 1: field.append(UInt8(ascii: "1"))
                default: field[field.count - 1] = UInt8(ascii: ":")
                }
                fields[wrong] = String(decoding: field, as: UTF8.self)
            }
            let column = Column(fields)
            for level in levels {
                var found = [UInt64](repeating: 7, count: count)
                var mask = [UInt8](repeating: 1, count: count)
                let read = unsafe ck_identifiers(
                    level, column.bytes, column.starts, column.ends, 3, 1, column.rows, count, 0x22, &format, &found, &mask)
                #expect(read == min(wrong, count), "round \(round), level \(level)")
                #expect(found.prefix(read) == codes.prefix(read), "round \(round), level \(level)")
                #expect(mask.prefix(read).map { $0 == 0 } == fields.prefix(read).map(\.isEmpty))
            }
        }
    }

    @Test("a digit that quotes is none at any level") func quotingDigit() {
        let fields = (0..<40).map { $0 % 3 == 0 ? "5\($0)5" : "\($0 + 60)" }
        let column = Column(fields)
        let expected = (0..<40).map { Int64($0 % 3 == 0 ? $0 : $0 + 60) }
        for level in levels {
            let found = column.decimals(level, scale: 0, largest: 1 << 40, masked: true, quote: 0x35)
            #expect(found.read == 40, "level \(level)")
            #expect(found.1 == expected, "level \(level)")
        }
    }

    @Test("strings of one or two characters are read by a table, up to the first other field") func shortStrings() {
        let fields = ["1", "12", "a", "Z~", "7", "zz", "é", "", "123", "\u{1}\u{0}"]
        var table = [UInt32](repeating: .max, count: 1 << 14)
        for (code, text) in fields.prefix(5).enumerated() {
            let bytes = Array(text.utf8)
            table[(bytes.count == 2 ? Int(bytes[1]) << 7 : 0) | Int(bytes[0])] = UInt32(code)
        }
        table[1] = 9
        for (row, field) in fields.enumerated() {
            let column = Column([fields[0], field, fields[1]])
            var codes = [UInt32](repeating: 77, count: 3)
            let read = unsafe ck_short_strings(
                column.bytes, column.starts, column.ends, 3, 1, column.rows, 3, table, &codes)
            #expect(read == (row < 5 ? 3 : 1) && codes[0] == 0, "\(field)")
            if read == 3 { #expect(codes[1] == UInt32(row) && codes[2] == 1) }
        }
    }

    @Test("fields are found in a table of strings by what they say", arguments: [0...0, 0...2]) func strings(columns: ClosedRange<Int>) {
        var generator = SeededGenerator(seed: 27)
        let fields = (0..<2_000).map { _ in
            String((0..<[0, 1, 7, 8, 15, 16, 17, 40, 62, 63, 64, 65, 70, 140].randomElement(using: &generator)!).map { place in
                place % 9 == 4 ? "ab".randomElement(using: &generator)! : "c"
            })
        }
        let column = Column(fields)
        let texts = (0..<fields.count).map { row in
            Array(column.bytes[Int(column.starts[row])..<Int(column.ends[3 * row + columns.upperBound])])
        }
        for level in levels {
            var places = [UInt64](repeating: 0, count: fields.count)
            var hashes = places
            unsafe ck_hash_fields(
                level, column.bytes, column.starts, column.ends, 3, columns.lowerBound, columns.upperBound, nil, fields.count,
                &places, &hashes)
            #expect((0..<fields.count).allSatisfy { unsafe ck_hash_field(level, texts[$0], texts[$0].count) == hashes[$0] })
            // Every third text is in the table.
            var slots = [UInt64](repeating: 0, count: 2_048)
            var (bytes, offsets) = ([UInt8](), [UInt32(0)])
            var codeOfText: [[UInt8]: UInt32] = [:]
            for row in stride(from: 0, to: fields.count, by: 3) where codeOfText[texts[row]] == nil {
                codeOfText[texts[row]] = UInt32(codeOfText.count)
                bytes += texts[row]
                offsets.append(UInt32(bytes.count))
                unsafe ck_place_strings([hashes[row]], codeOfText.count - 1, 1, &slots, slots.count - 1)
            }
            var codes = [UInt32](repeating: 5, count: fields.count)
            unsafe ck_find_fields(
                level, column.bytes, places, hashes, fields.count, slots, slots.count - 1, bytes, offsets, &codes)
            #expect(codes == texts.map { codeOfText[$0] ?? .max }, "level \(level)")
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
            let length = [0, 1, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 128, 129, 300].randomElement(using: &generator)!
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
