import Columns

/// One value as the XML of a cell.
enum CellWriter {
    /// UTF-16 units that a cell holds.
    static let textLimit = 32_767
    /// Decimal digits that a spreadsheet keeps of a number.
    private static let digitLimit: UInt128 = 1_000_000_000_000_000
    /// 1900-03-01, the first day that all programs count alike, and 9999-12-31, as days since 1970.
    private static let days: ClosedRange<Int32> = -25_508...2_932_896
    /// The serial number of 1970-01-01.
    private static let epochSerial = 25_569

    /// Whether the value stands as text: text, and numbers or dates that a spreadsheet would change.
    static func text(of value: ScalarValue, format: CellFormat) -> String? {
        switch value {
        case .text(let text): return text
        case .integer(let number): return UInt128(number.magnitude) < digitLimit ? nil : String(number)
        case .numeric(let unscaled, let scale):
            return digits(unscaled) < digitLimit ? nil : DecimalText.string(unscaled: unscaled, scale: scale)
        case .double(let number): return number.isFinite ? nil : number.description
        case .date(let day): return days.contains(day) ? nil : dayText(day)
        case .timestamp(let microseconds):
            let day = CivilTime.day(ofMicroseconds: microseconds)
            if CivilTime.isInfinite(microseconds: microseconds) { return dayText(day) }
            return days.contains(day) ? nil : dayText(day) + " " + timeText(microseconds)
        case .interval(let interval):
            return "\(interval.months) mon \(interval.days) day \(interval.microseconds) µs"
        case .null, .boolean: return nil
        }
    }

    /// The number of a cell that is one.
    static func number(of value: ScalarValue) -> String {
        switch value {
        case .integer(let number): return String(number)
        case .numeric(let unscaled, let scale): return DecimalText.string(unscaled: unscaled, scale: scale)
        case .double(let number): return shortest(number)
        case .date(let day): return String(Int(day) + epochSerial)
        case .timestamp(let microseconds):
            let serial = Double(microseconds) / Double(CivilTime.microsecondsPerDay) + Double(epochSerial)
            return shortest(serial)
        case .boolean(let truth): return truth ? "1" : "0"
        default: return ""
        }
    }

    /// A timestamp with parts of a second shows them.
    static func format(of value: ScalarValue, wanted: CellFormat) -> CellFormat {
        if case .timestamp(let microseconds) = value, wanted == .timestamp, microseconds % 1_000_000 != 0 {
            return .timestampWithFraction
        }
        return wanted
    }

    private static func shortest(_ number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// The digits without zeros at the end.
    private static func digits(_ unscaled: Int128) -> UInt128 {
        var digits = unscaled.magnitude
        while digits >= digitLimit, digits % 10 == 0 { digits /= 10 }
        return digits
    }

    private static func dayText(_ day: Int32) -> String {
        if CivilTime.isInfinite(day: day) { return day < 0 ? "-infinity" : "infinity" }
        let date = CivilDate(daysSinceEpoch: Int(day))
        return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
    }

    private static func timeText(_ microseconds: Int64) -> String {
        let day = Int64(CivilTime.day(ofMicroseconds: microseconds))
        let rest = microseconds - day * CivilTime.microsecondsPerDay
        let seconds = Int(rest / 1_000_000)
        let fraction = Int(rest % 1_000_000)
        return padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" + padded(seconds % 60, 2)
            + (fraction == 0 ? "" : "." + padded(fraction, 6))
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
