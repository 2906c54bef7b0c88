import CKernels
import Columns
import Engine
import Execution
import Testing

/// Values written as fields of CSV, beside the text that the rest of the engine gives them.
@Suite("Rows as text")
struct RowTextTests {
    private static let nullText = Array("NULL".utf8)
    private static let nullPlace = UInt64(nullText.count) << 32

    /// A text that begins with that of NULL, and has room for so many numbers.
    private func room(_ count: Int) -> [UInt8] {
        RowTextTests.nullText + [UInt8](repeating: 0, count: count * Int(CK_NUMBER_TEXT_SIZE) + 16)
    }

    private func fields(_ text: [UInt8], _ places: [UInt64]) -> [String] {
        places.map { place in
            let start = Int(place & 0xFFFF_FFFF)
            return String(decoding: text[start..<start + Int(place >> 32)], as: UTF8.self)
        }
    }

    private func expected(_ vector: Vector) -> [String] {
        (0..<vector.count).map { row in
            guard vector.validity.isPresent(row) else { return "NULL" }
            var bytes: [UInt8] = []
            ValueText.append(vector, row: row, to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    private func mask(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
        (0..<count).map { _ in Int.random(in: 0..<5, using: &random) == 0 ? 0 : 1 }
    }

    @Test("numbers of every scale") func decimals() {
        var random = SeededRandom(seed: 31)
        for scale in 0...18 {
            var values: [Int64] = [0, 0, 1, -1, 9, 10, -10, 99, 100, .max, .min, .min, 999_999_999_999_999_999, -5]
            for bits in 0..<64 { values += [Int64(truncatingIfNeeded: random.next()) >> Int64(bits)] }
            let mask = mask(values.count, &random)
            let type = scale == 0 ? LogicalType.bigint : .numeric(precision: 18, scale: scale)
            for (validity, pointer) in [(Validity.allPresent, [UInt8]?.none), (.mask(mask), mask)] {
                var text = room(values.count)
                var places = [UInt64](repeating: 0, count: values.count)
                unsafe _ = ck_decimal_texts(
                    values, pointer, values.count, UInt32(scale), RowTextTests.nullPlace, &text, 4, &places)
                let vector = Vector(type: type, count: values.count, values: .int64(values), validity: validity)
                #expect(fields(text, places) == expected(vector))
            }
        }
    }

    @Test("days of the years 1 to 9999, and none beyond") func dates() {
        var random = SeededRandom(seed: 32)
        var days: [Int32] = [0, -1, 1, 59, 60, -719_162, 2_932_896, 2_932_896, 11_016, 11_017]
        for _ in 0..<3000 { days.append(.random(in: -719_162...2_932_896, using: &random)) }
        let mask = mask(days.count, &random)
        var text = room(days.count)
        var places = [UInt64](repeating: 0, count: days.count)
        unsafe _ = ck_date_texts(days, mask, days.count, RowTextTests.nullPlace, &text, 4, &places)
        #expect(fields(text, places) == expected(Vector(type: .date, count: days.count, values: .int32(days), validity: .mask(mask))))
        for day in [-719_163, 2_932_897, Int32.min, .max] {
            #expect(unsafe ck_date_texts([0, day], nil, 2, 0, &text, 4, &places) == -1)
            #expect(unsafe ck_date_texts([0, day], [1, 0], 2, 0, &text, 4, &places) == 14)
        }
    }

    @Test("times to the microsecond") func times() {
        var random = SeededRandom(seed: 33)
        let (low, high) = (Int64(-719_162) * 86_400_000_000, Int64(2_932_897) * 86_400_000_000 - 1)
        var times: [Int64] = [0, -1, 1, 999_999, 1_000_000, 86_399_999_999, 86_400_000_000, low, high, 500_000, 120]
        for _ in 0..<1000 {
            let time = Int64.random(in: low...high, using: &random)
            times += [time, time, time / 1_000_000 * 1_000_000, time / 10_000 * 10_000, time / 86_400_000_000 * 86_400_000_000]
        }
        let mask = mask(times.count, &random)
        for (validity, pointer) in [(Validity.allPresent, [UInt8]?.none), (.mask(mask), mask)] {
            var text = room(times.count)
            var places = [UInt64](repeating: 0, count: times.count)
            unsafe _ = ck_time_texts(times, pointer, times.count, RowTextTests.nullPlace, &text, 4, &places)
            #expect(fields(text, places) == expected(Vector(type: .timestamp, count: times.count, values: .int64(times), validity: validity)))
            #expect(unsafe ck_time_texts([low - 1], nil, 1, 0, &text, 4, &places) == -1)
            #expect(unsafe ck_time_texts([high + 1], nil, 1, 0, &text, 4, &places) == -1)
        }
    }

    /// As RFC 4180 has it, and what else a reader would take for something else.
    private func field(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.first != " " && text.last != " "
            && text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x2C }
        return isPlain ? text : "\"" + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }

    @Test("texts are in quotes where they must be, and lines are whole") func lines() {
        var random = SeededRandom(seed: 34)
        let pieces = ["a", "中文", " ", ",", "\"", "\n", "\u{1}", "0123456789abcdef", "x", "é"]
        let (rowCount, columnCount) = (200, 3)
        var columns: [[String?]] = []
        var texts: [[UInt8]] = []
        var places: [[UInt64]] = []
        for column in 0..<columnCount {
            let values = (0..<rowCount).map { _ -> String? in
                Int.random(in: 0..<8, using: &random) == 0
                    ? nil : (0..<Int.random(in: 0...4, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            }
            var strings = StringColumn()
            for value in values { strings.append(value ?? "") }
            var text = RowTextTests.nullText + [UInt8](repeating: 0, count: 2 * strings.bytes.count + 2 * rowCount + 16)
            var place = [UInt64](repeating: 0, count: rowCount)
            let mask: [UInt8] = values.map { $0 == nil ? 0 : 1 }
            unsafe _ = ck_field_texts(strings.bytes, strings.offsets, mask, rowCount, RowTextTests.nullPlace, &text, 4, &place)
            if column == 1 {
                // By codes: the same places through a table of entries.
                let codes = (0..<UInt32(rowCount)).map { $0 }
                let entries = place
                unsafe ck_entry_places(codes, mask, rowCount, RowTextTests.nullPlace, entries, &place)
            }
            columns.append(values)
            texts.append(text)
            places.append(place)
        }
        let expected = (0..<rowCount).map { row in
            columns.map { $0[row].map { field($0) } ?? "NULL" }.joined(separator: ",") + "\n"
        }
        for rows in [0..<rowCount, 3..<4, 10..<10, 17..<150] {
            let lines = unsafe texts[0].withUnsafeBufferPointer { first in
                unsafe texts[1].withUnsafeBufferPointer { second in
                    unsafe texts[2].withUnsafeBufferPointer { third in
                        let fields = unsafe [
                            ck_row_field(text: first.baseAddress, places: pointer(places[0])),
                            ck_row_field(text: second.baseAddress, places: pointer(places[1])),
                            ck_row_field(text: third.baseAddress, places: pointer(places[2])),
                        ]
                        defer { for unsafe field in unsafe fields { unsafe UnsafeMutablePointer(mutating: field.places).deallocate() } }
                        let length = unsafe ck_rows_length(fields, columnCount, rows.lowerBound, rows.upperBound)
                        var text = [UInt8](repeating: 0, count: length + 16)
                        unsafe ck_join_rows(fields, columnCount, rows.lowerBound, rows.upperBound, 0x2C, &text)
                        return Array(text.prefix(length))
                    }
                }
            }
            #expect(String(decoding: lines, as: UTF8.self) == expected[rows].joined())
        }
    }

    /// The places in memory of their own.
    private func pointer(_ places: [UInt64]) -> UnsafePointer<UInt64> {
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: places.count)
        unsafe memory.initialize(from: places, count: places.count)
        return unsafe UnsafePointer(memory)
    }
}
