import Encodings

/// One sample for each encoding, and several for bit packing; made when a benchmark is prepared.
enum EncodingSamples {
    static let packedWidths = [1, 7, 12, 17, 33]

    static var all: [(name: String, make: () -> EncodingSample)] {
        var samples: [(name: String, make: () -> EncodingSample)] = []
        for width in packedWidths {
            samples.append(
                (
                    "packed, \(width < 10 ? " " : "")\(width) bit",
                    { EncodingSample(name: "packed", values: numbers(bits: width)) }
                ))
        }
        return samples + [
            ("frequent", frequent), ("repeated", repeated), ("recalled", recalled), ("mapped", mapped),
            ("ratio", ratio),
            ("product", product), ("difference", difference), ("ordinal", ordinal), ("run base", runBase),
            ("sparse", sparse),
            ("split", split), ("scaled", scaled), ("delta", delta), ("run length", runLength),
            ("dictionary", dictionary),
            ("byte planes", bytePlanes),
        ]
    }

    private static let cents = ValueKind.number(scale: 2)

    private static func numbers(bits: Int, seed: UInt64 = 1) -> [Int64] {
        Segment.numbers(0...(1 << Int64(bits)) - 1, seed: seed)
    }

    /// Codes of 2,000 items.
    private static func items() -> [Int64] { Segment.numbers(0...1999, seed: 20) }

    /// Three of four rows have one of three values.
    private static func frequent() -> EncodingSample {
        let others = numbers(bits: 20)
        let values = Segment.numbers(0...11, seed: 21).enumerated().map { row, choice in
            choice < 9 ? [700_001, 12, 90_009][Int(choice % 3)] : others[row]
        }
        return EncodingSample(name: "frequent", values: values)
    }

    private static func repeated() -> EncodingSample {
        EncodingSample(name: "repeated", values: Segment.runs(of: 0...99_999))
    }

    /// The price an item had last; one row of ten brings a new one.
    private static func recalled() -> EncodingSample {
        let codes = items()
        let news = numbers(bits: 20, seed: 22)
        let isNew = Segment.flags(percent: 10)
        var last = [Int64](repeating: 0, count: 2000)
        let values = codes.enumerated().map { row, code -> Int64 in
            if isNew[row] == 1 || last[Int(code)] == 0 { last[Int(code)] = news[row] }
            return last[Int(code)]
        }
        return EncodingSample(name: "recalled", values: values, kind: cents, references: [(.code, codes)])
    }

    /// Prices in a narrow band around each item's own.
    private static func mapped() -> EncodingSample {
        let codes = items()
        let bases = Segment.numbers(0...(1 << 30), seed: 23, count: 2000)
        let values = zip(codes, numbers(bits: 6)).map { bases[Int($0)] + $1 }
        return EncodingSample(name: "mapped", values: values, kind: cents, references: [(.code, codes)])
    }

    /// What a fund pays of an amount, at the rate of the claim.
    private static func ratio() -> EncodingSample {
        let amounts = Segment.numbers(100...99_999, seed: 24)
        let rates: [Int64] = [500, 700, 800, 850]
        let values = zip(amounts, Segment.runs(of: 0...3)).map { ($0 * rates[Int($1)] + 500) / 1000 }
        return EncodingSample(name: "ratio", values: values, kind: cents, references: [(cents, amounts)])
    }

    /// Amounts of a quantity and a price.
    private static func product() -> EncodingSample {
        let quantities = Segment.numbers(1...1200, seed: 25)
        let prices = Segment.numbers(10_000...9_999_999, seed: 26)
        let values = zip(quantities, prices).map { ($0 * $1 + 5000) / 10_000 }
        return EncodingSample(
            name: "product", values: values, kind: cents,
            references: [(cents, quantities), (.number(scale: 4), prices)])
    }

    private static func difference() -> EncodingSample {
        let days = Segment.numbers(18_000...20_000, seed: 27)
        let values = zip(days, numbers(bits: 3)).map { $0 + $1 }
        return EncodingSample(name: "difference", values: values, kind: .day, references: [(.day, days)])
    }

    private static func ordinal() -> EncodingSample {
        let rows = Segment.rowsInRun()
        return EncodingSample(name: "ordinal", values: rows.map { $0 + 1 }, rowsInRun: rows)
    }

    /// Numbers near the first of their run.
    private static func runBase() -> EncodingSample {
        let rest = Segment.numbers(0...3, seed: 28)
        let values = Segment.runs(of: 0...(1 << 40)).enumerated().map { $1 + rest[$0] }
        return EncodingSample(name: "runbase", values: values, rowsInRun: Segment.rowsInRun())
    }

    private static func sparse() -> EncodingSample {
        let flags = Segment.flags(percent: 2)
        return EncodingSample(name: "sparse", values: numbers(bits: 20).enumerated().map { flags[$0] == 1 ? $1 : 0 })
    }

    /// Times of a morning, in seconds since 1970.
    private static func split() -> EncodingSample {
        let values = zip(Segment.numbers(18_000...18_255, seed: 29), numbers(bits: 13)).map {
            $0 * 86_400 + 28_800 + $1
        }
        return EncodingSample(name: "split", values: values, kind: .second)
    }

    private static func scaled() -> EncodingSample {
        EncodingSample(name: "scaled", values: numbers(bits: 12).map { $0 * 10_000 })
    }

    private static func delta() -> EncodingSample {
        var sum: Int64 = 0
        let values = numbers(bits: 3).map { step -> Int64 in
            sum += step
            return sum
        }
        return EncodingSample(name: "delta", values: values)
    }

    private static func runLength() -> EncodingSample {
        let values = numbers(bits: 17)
        return EncodingSample(name: "runlength", values: Segment.rows.map { values[$0 / 20] })
    }

    private static func dictionary() -> EncodingSample {
        let entries = Segment.numbers(0...(1 << 40), seed: 30, count: 500)
        return EncodingSample(name: "dictionary", values: Segment.numbers(0...499, seed: 31).map { entries[Int($0)] })
    }

    /// Numbers of which every other byte is small, and the smaller the likelier.
    private static func bytePlanes() -> EncodingSample {
        let draws = (0..<4).map { plane in numbers(bits: 12, seed: 32 + UInt64(plane)) }
        let values = Segment.rows.map { row -> Int64 in
            draws.reduce(0) { number, draw in number << 16 | ((draw[row] & 63) * (draw[row] >> 6)) >> 6 }
        }
        return EncodingSample(name: "byteplanes", values: values)
    }
}
