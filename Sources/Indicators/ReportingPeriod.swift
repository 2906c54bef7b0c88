package import Columns

/// The days `[from, to)` whose settlements count; an open end is nil.
package struct ReportingPeriod: Hashable, Sendable {
    package var from: CivilDate?
    /// The first day that counts no more.
    package var to: CivilDate?
    /// Only lines settled in so many first months of an institution's contract, by the register of institutions; nil: all.
    package var firstContractMonths: Int?

    package static let all = ReportingPeriod(from: CivilDate?.none, to: CivilDate?.none)

    package init(from: CivilDate?, to: CivilDate?) {
        self.from = from
        self.to = to
    }

    /// Reads the options `--from` and `--to`.
    ///
    /// - Throws: `IndicatorError.badDate` or `.emptyPeriod`.
    package init(from: String?, to: String?) throws(IndicatorError) {
        self.from = try ReportingPeriod.date(from, option: "--from")
        self.to = try ReportingPeriod.date(to, option: "--to")
        try refuseEmpty()
    }

    /// - Throws: `IndicatorError.emptyPeriod`.
    package func refuseEmpty() throws(IndicatorError) {
        if let from, let to, from >= to { throw .emptyPeriod(from: ReportingPeriod.text(from), to: ReportingPeriod.text(to)) }
    }

    /// The lines that count: live, of the period, of positive quantity, of the first months of contracts if only those are asked for. Bounds are
    /// written only if there are any. A condition may be added with `and`.
    package var linesQuery: String {
        var query = "select * from live_claims where quantity > 0"
        if let from { query += " and settled_at >= timestamp '\(ReportingPeriod.text(from)) 00:00:00'" }
        if let to { query += " and settled_at < timestamp '\(ReportingPeriod.text(to)) 00:00:00'" }
        guard let firstContractMonths else { return query }
        return """
            select * from (
                select l.* from (\(query)) as l
                join institutions as i on i.institution_id = l.institution_id
                where l.settled_at >= i.contract_start and l.settled_at < i.contract_start + interval '\(firstContractMonths) months'
            ) as first_months where true
            """
    }

    /// Reads `2025-01-31`, `20250131` or `2025/1/31`; nil if it is no day.
    package static func date(_ text: String) -> CivilDate? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 10 else { return nil }
        var parts: [Int] = []
        if bytes.count == 8, bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
            parts = [number(bytes[0..<4]), number(bytes[4..<6]), number(bytes[6..<8])]
        } else {
            let separator: UInt8 = bytes.contains(0x2F) ? 0x2F : 0x2D
            let fields = bytes.split(separator: separator, omittingEmptySubsequences: false)
            let widths: [ClosedRange<Int>] = separator == 0x2F ? [4...4, 1...2, 1...2] : [4...4, 2...2, 2...2]
            guard fields.count == 3 else { return nil }
            for (field, width) in zip(fields, widths) {
                guard width.contains(field.count), field.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
                parts.append(number(field))
            }
        }
        let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        return date.isValid ? date : nil
    }

    /// `2025-01-31`.
    package static func text(_ date: CivilDate) -> String {
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func date(_ text: String?, option: String) throws(IndicatorError) -> CivilDate? {
        guard let text else { return nil }
        guard let date = date(text) else { throw .badDate(option: option, text: text) }
        return date
    }
}
