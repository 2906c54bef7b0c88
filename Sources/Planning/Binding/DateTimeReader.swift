import Columns

/// Reads dates and timestamps: `2025-01-03`, `20250103`, `2025/1/3`, each with an optional time; other forms through
/// `WrittenMoment`.
enum DateTimeReader {
    static func timestamp(
        _ trimmed: String, _ text: String, _ type: String
    ) throws(LiteralProblem) -> (day: Int32, microseconds: Int64) {
        do {
            return try usual(trimmed, text, type)
        } catch let usual {
            do throws(WrittenMoment.Problem) {
                let moment = try WrittenMoment(trimmed.utf8)
                // Where a word is none of a date, both readers say so; a field out of range the usual one knows, too.
                guard moment.day >= WrittenMoment.firstDay,
                    moment.day <= (type == "date" ? WrittenMoment.lastDay : WrittenMoment.lastDayOfTimestamps)
                else { throw WrittenMoment.Problem.outOfRange }
                return (Int32(truncatingIfNeeded: moment.day), moment.microseconds)
            } catch .infinite(let isNegative) {
                return (isNegative ? .min : .max, 0)
            } catch .outOfRange {
                throw LiteralProblem("date/time field value out of range: \"\(text)\"")
            } catch {
                throw usual
            }
        }
    }

    private static func usual(
        _ trimmed: String, _ text: String, _ type: String
    ) throws(LiteralProblem) -> (day: Int32, microseconds: Int64) {
        let bytes = Array(trimmed.utf8)
        let cut = bytes.firstIndex { $0 == 0x20 || $0 | 0x20 == 0x74 } ?? bytes.count
        guard let date = date(bytes[..<cut]) else { throw .syntax(type, text) }
        guard date.isValid else { throw LiteralProblem("date/time field value out of range: \"\(text)\"") }
        var microseconds: Int64 = 0
        if cut < bytes.count {
            let time = LiteralReader.trim(String(decoding: bytes[(cut + 1)...], as: UTF8.self))
            guard let value = timeOfDay(time) else { throw .syntax(type, text) }
            guard value <= CivilTime.microsecondsPerDay else {
                throw LiteralProblem("date/time field value out of range: \"\(text)\"")
            }
            microseconds = value
        }
        return (Int32(truncatingIfNeeded: date.daysSinceEpoch), microseconds)
    }

    private static func date(_ bytes: ArraySlice<UInt8>) -> CivilDate? {
        if bytes.count == 8, let number = number(bytes) {
            return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
        }
        guard let separator = bytes.first(where: { $0 == 0x2D || $0 == 0x2F }) else { return nil }
        let parts = bytes.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), (1...2).contains(parts[2].count),
            let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2])
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `hours:minutes[:seconds[.fraction]]` in microseconds, of one day at most.
    static func timeOfDay(_ text: String) -> Int64? {
        let parts = text.utf8.split(separator: 0x3A, omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hours = number(parts[0]), let minutes = number(parts[1]),
            (1...2).contains(parts[0].count), parts[1].count == 2, hours <= 24, minutes < 60
        else { return nil }
        var microseconds = Int64(hours * 60 + minutes) * 60 * CivilTime.microsecondsPerSecond
        if parts.count == 3 {
            guard let seconds = DecimalText.parse(String(decoding: parts[2], as: UTF8.self)), seconds.unscaled >= 0,
                let exact = ScaledNumber.rescale(seconds.unscaled, from: seconds.scale, to: 6), exact <= 60_000_000
            else { return nil }
            if seconds.scale <= 6 {
                microseconds += Int64(exact)
            } else {
                let pieces = parts[2].split(separator: 0x2E, omittingEmptySubsequences: false)
                microseconds += CivilTime.microseconds(fraction: pieces.last ?? "".utf8[...])
                let whole = pieces.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
                microseconds += Int64(whole).map { $0 * CivilTime.microsecondsPerSecond } ?? 0
            }
        }
        return microseconds
    }

    private static func number(_ bytes: some Collection<UInt8>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 8 else { return nil }
        var value = 0
        for byte in bytes {
            guard (0x30...0x39).contains(byte) else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        return value
    }
}
