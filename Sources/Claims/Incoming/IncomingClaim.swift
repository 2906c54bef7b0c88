package import Columns
package import Diagnostics

/// A claim that is not settled yet: lines that belong together, in their order.
package struct IncomingClaim: Sendable {
    /// Nil if its lines have none.
    package var id: String?
    package var lines: [IncomingLine]

    package init(id: String?, lines: [IncomingLine]) {
        self.id = id
        self.lines = lines
    }
}

/// One line of a claim that is not settled yet. Only what is billed must be known; a rule that needs what is missing is not judged.
package struct IncomingLine: Hashable, Sendable {
    /// Where it was read.
    package var place: SourceLocation
    package var claimID: String?
    package var lineID: String?
    package var institutionID: String?
    package var patientID: String?
    package var sex: String?
    package var birthDate: CivilDate?
    package var visitType: String?
    package var insuranceType: String?
    package var serviceDate: CivilDate?
    /// Seconds since 1970-01-01 00:00; nil if the line tells the day alone.
    package var serviceSecond: Int64?
    package var itemCode: String
    package var itemName: String?
    /// Ten-thousandths of a unit; 1 where the line says nothing.
    package var quantity: Int64
    package var daysSupply: Int64?

    /// Reads a line.
    ///
    /// - Parameter value: The text of a column of `claims`, nil for NULL. `insurance_type` is asked for too.
    /// - Throws: `badData` naming the column.
    package init(
        at place: SourceLocation, vocabulary: CodeVocabulary = CodeVocabulary(), value: (String) -> String?
    ) throws(Diagnostic) {
        func text(_ column: String) -> String? { value(column).flatMap { $0.isEmpty ? nil : $0 } }
        func failure(_ column: String, _ found: String, _ expected: String) -> Diagnostic {
            // Patients' values stay out of what is said.
            let shown = ["birth_date", "patient_id", "claim_id"].contains(column) ? "" : " \"\(found)\""
            return Diagnostic(.badData, "\(column)\(shown) is not \(expected)", at: place)
        }
        func date(_ column: String) throws(Diagnostic) -> CivilDate? {
            guard let found = text(column) else { return nil }
            guard let date = IncomingDate.day(found) else { throw failure(column, found, "a day such as 2025-01-31") }
            return date
        }
        func fixed(_ column: String, scale: Int) throws(Diagnostic) -> Int64? {
            guard let found = text(column) else { return nil }
            guard let number = FixedNumber.parse(found, scale: scale), number.magnitude < 1_000_000_000_000_000
            else { throw failure(column, found, "a number of at most \(scale) decimals") }
            return number
        }
        guard let code = text("item_code") else {
            throw Diagnostic(
                .badData, "a line without item_code", at: place, mend: "give the code of the item that is billed")
        }
        for column in ["item_code", "patient_id", "claim_id"] {
            if let found = text(column), RowCheck.isScientificNotation(found) {
                throw failure(column, found, "an identifier: a spreadsheet has rewritten it")
            }
        }
        self.place = place
        itemCode = code
        claimID = text("claim_id")
        lineID = text("line_id")
        institutionID = text("institution_id")
        patientID = text("patient_id")
        sex = text("sex").flatMap { vocabulary.canonical($0, of: .sex) }
        birthDate = try date("birth_date")
        visitType = text("visit_type").flatMap { vocabulary.canonical($0, of: .visitType) }
        insuranceType = text("insurance_type").map { vocabulary.insurance($0) }
        let serviceDate = try date("service_time")
        let settledDate = try date("settled_at")
        self.serviceDate = serviceDate ?? settledDate
        serviceSecond = text("service_time").flatMap { IncomingDate.second($0) }
        itemName = text("item_name")
        let quantity = try fixed("quantity", scale: 4)
        self.quantity = quantity ?? 10_000
        daysSupply = try fixed("days_supply", scale: 4)
    }
}

/// Decimals of a fixed scale.
package enum FixedNumber {
    /// The number times 10^scale; nil if the text is none, or has more decimals than that.
    package static func parse(_ text: String, scale: Int) -> Int64? {
        guard var (unscaled, found) = DecimalText.parse(text) else { return nil }
        while found > scale, unscaled % 10 == 0 { (unscaled, found) = (unscaled / 10, found - 1) }
        guard found <= scale, unscaled.magnitude < 1 << 63 else { return nil }
        return Int64(exactly: unscaled * DecimalText.powers128[scale - found])
    }
}

/// Days as incoming claims write them.
enum IncomingDate {
    /// Reads `2025-01-03`, `20250103` or `2025/1/3`, each with an optional time after a blank or `T`; nil if it is no day.
    static func day(_ text: String) -> CivilDate? {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex { $0 == 0x20 || $0 == 0x54 } ?? bytes.count
        if end < bytes.count, !isTime(bytes[(end + 1)...]) { return nil }
        let day = bytes[..<end]
        var fields = day.split(omittingEmptySubsequences: false) { $0 == 0x2D || $0 == 0x2F }
        if fields.count == 1, day.count == 8 { fields = [day[0..<4], day[4..<6], day[6..<8]] }
        guard fields.count == 3, fields[0].count == 4, let year = number(fields[0]), let month = number(fields[1]),
            let dayOfMonth = number(fields[2])
        else { return nil }
        let date = CivilDate(year: year, month: month, day: dayOfMonth)
        return date.isValid ? date : nil
    }

    /// Seconds since 1970-01-01 00:00 of a day with a time; nil without one.
    static func second(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard let day = day(text), let end = bytes.firstIndex(where: { $0 == 0x20 || $0 == 0x54 }) else { return nil }
        let fields = bytes[(end + 1)...].prefix(8).split(separator: 0x3A, omittingEmptySubsequences: false)
        guard fields.count >= 2, let hour = number(fields[0]), let minute = number(fields[1].prefix(2)) else { return nil }
        let second = fields.count > 2 ? number(fields[2].prefix(2)) ?? 0 : 0
        return Int64(day.daysSinceEpoch) * 86_400 + Int64(hour * 3600 + minute * 60 + second)
    }

    /// `08:04`, `08:04:38`, with a fraction or a zone, which no rule looks at.
    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        let fields = bytes.prefix(8).split(separator: 0x3A, omittingEmptySubsequences: false)
        guard fields.count >= 2, let hour = number(fields[0]), hour < 24, let minute = number(fields[1].prefix(2)), minute < 60 else {
            return false
        }
        return bytes.allSatisfy { isDigit($0) || [0x3A, 0x2E, 0x2B, 0x2D, 0x5A].contains($0) }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...4).contains(digits.count), digits.allSatisfy(isDigit) else { return nil }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
