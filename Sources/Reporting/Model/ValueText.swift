package import Columns

/// Values as text: decimals exact with their scale, doubles in shortest round-trip form, dates and timestamps as in CSV.
package enum ValueText {
    /// Nil for NULL.
    package static func nonNull(_ value: ScalarValue) -> String? {
        switch value {
        case .null: return nil
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .numeric(let unscaled, let scale): return DecimalText.string(unscaled: unscaled, scale: scale)
        case .double(let value): return double(value)
        case .text(let text): return text
        case .date(let days): return day(Int(days))
        case .timestamp(let microseconds): return timestamp(microseconds)
        case .interval(let interval): return "\(interval.months) mon \(interval.days) day \(interval.microseconds) µs"
        }
    }

    /// The shortest text that reads back as the same number.
    package static func double(_ value: Double) -> String { value.description }

    /// `2025-01-31`.
    package static func day(_ daysSinceEpoch: Int) -> String {
        if let day = Int32(exactly: daysSinceEpoch), CivilTime.isInfinite(day: day) { return day < 0 ? "-infinity" : "infinity" }
        let date = CivilDate(daysSinceEpoch: daysSinceEpoch)
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
    }

    /// `2025-01-31 08:04:38`, with a fraction only if there is one.
    package static func timestamp(_ microseconds: Int64) -> String {
        let days = CivilTime.day(ofMicroseconds: microseconds)
        if CivilTime.isInfinite(microseconds: microseconds) { return day(Int(days)) }
        let rest = microseconds - Int64(days) * CivilTime.microsecondsPerDay
        let seconds = Int(rest / 1_000_000)
        var text = day(Int(days)) + " " + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
        let fraction = Int(rest % 1_000_000)
        if fraction != 0 {
            var digits = padded(fraction, 6)
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text
    }

    /// Yuan with two decimals: `12345.67`.
    package static func money(_ cents: Int128) -> String { DecimalText.string(unscaled: cents, scale: 2) }

    /// Yuan for reading: `12,345.67`.
    package static func groupedMoney(_ cents: Int128) -> String {
        let text = money(cents)
        return grouped(String(text.dropLast(3))) + text.suffix(3)
    }

    package static func groupedCount(_ value: Int64) -> String { grouped(String(value)) }

    /// A number with a fixed count of decimals, half away from zero; `digits` at most 9.
    package static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, value.magnitude < 1e9 else { return value.description }
        let unscaled = (value * Double(DecimalText.powers64[digits])).rounded(.toNearestOrAwayFromZero)
        return DecimalText.string(unscaled: Int128(unscaled), scale: digits)
    }

    /// A rate as a percentage with as many decimals as it needs to be told from 0: `13.5 %`, `0.04 %`.
    package static func percent(_ rate: Double) -> String {
        let value = rate * 100
        if value == 0 { return "0 %" }
        let digits = value.magnitude >= 1 ? 1 : (value.magnitude >= 0.1 ? 2 : (value.magnitude >= 0.01 ? 3 : (value.magnitude >= 0.001 ? 4 : 6)))
        return fixed(value, digits) + " %"
    }

    private static func grouped(_ digits: String) -> String {
        var result = ""
        let body = digits.hasPrefix("-") ? digits.dropFirst() : digits[...]
        for (index, digit) in body.enumerated() {
            if index > 0, (body.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return (digits.hasPrefix("-") ? "-" : "") + result
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
