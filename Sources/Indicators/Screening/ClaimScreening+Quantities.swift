import Claims
import Columns

/// Limits of quantities and days: of a day, of a period, of a course.
extension ClaimScreening {
    /// The item's quantity on the day, or in the days before it, up to this line.
    func quantity(_ line: IncomingLine, at index: Int, of claim: IncomingClaim, _ point: KnowledgePoint) -> Judgement {
        guard let limit = ClaimScreening.fixed(point.value) else { return .isNoRule }
        let isOfDay = point.attribute == KnowledgeAttribute.maxPerDay.rawValue
        guard isOfDay || point.windowDays ?? 0 > 0 else { return .isNoRule }
        let window = isOfDay ? 1 : point.windowDays ?? 1
        if line.serviceDate == nil { return .lacks("service_time") }
        var total: Int64 = 0
        for other in claim.lines[...index] where isSame(other, line) && isWithin(other, line, days: window) { total &+= other.quantity }
        // A day's limit is of one institution, a period's of all.
        let earlier = uses(before: line, days: window, atAnyInstitution: !isOfDay).reduce(Int64(0)) { $0 &+ $1.quantity }
        // A line that takes back cannot be what passes the limit.
        if total &+ earlier <= limit || line.quantity <= 0 { return fitsAsFarAsKnown(line) }
        return isOfDay
            ? over(total &+ earlier, limit, "a day", "次/日", earlier: earlier)
            : over(total &+ earlier, limit, "in \(window) days", "次/\(window)日", earlier: earlier)
    }

    /// Days beyond a course that are no event, as in the indicator `course_days`: the day on which it begins may count twice.
    private static let courseGraceDays: Int64 = 1

    /// The days on which the item was billed, up to this line: of a stay, or of the point's window.
    func days(_ line: IncomingLine, at index: Int, of claim: IncomingClaim, _ point: KnowledgePoint) -> Judgement {
        guard let limit = ClaimScreening.fixed(point.value) else { return .isNoRule }
        if let window = point.windowDays { return daysOfPeriod(line, at: index, of: claim, window: window, limit: limit) }
        guard let visitType = line.visitType else { return .lacks("visit_type") }
        if visitType != "inpatient" { return .fits }
        guard let day = line.serviceDate else { return .lacks("service_time") }
        let days = Set(claim.lines[...index].filter { isSame($0, line) && $0.quantity > 0 }.compactMap(\.serviceDate))
        let count = Int64(days.count) * 10_000
        if count - ClaimScreening.courseGraceDays * 10_000 <= limit || wasBilled(line, on: day, in: claim.lines[..<index]) { return .fits }
        return over(count, limit, "days of the item", "天", earlier: 0)
    }

    private func daysOfPeriod(
        _ line: IncomingLine, at index: Int, of claim: IncomingClaim, window: Int64, limit: Int64
    ) -> Judgement {
        guard window > 0 else { return .isNoRule }
        guard let day = line.serviceDate else { return .lacks("service_time") }
        let own = Set(
            claim.lines[...index].filter { isSame($0, line) && $0.quantity > 0 && isWithin($0, line, days: window) }.compactMap(\.serviceDate))
        let earlier = Set(uses(before: line, days: window, atAnyInstitution: true).map(\.day)).subtracting(own).count
        let count = Int64(own.count + earlier) * 10_000
        if count <= limit || line.quantity <= 0 { return fitsAsFarAsKnown(line) }
        if wasBilled(line, on: day, in: claim.lines[..<index]) { return .fits }
        return over(count, limit, "days in \(window) days", "天/\(window)日", earlier: Int64(earlier) * 10_000)
    }

    /// Whether a line before has told of the day already.
    private func wasBilled(_ line: IncomingLine, on day: CivilDate, in before: ArraySlice<IncomingLine>) -> Bool {
        before.contains { isSame($0, line) && $0.quantity > 0 && $0.serviceDate == day }
    }

    /// What the patient had of the line's item in the store's claims, within so many days up to the line's.
    private func uses(before line: IncomingLine, days: Int64, atAnyInstitution: Bool) -> [EarlierUse] {
        guard let history, let patientID = line.patientID, let last = line.serviceDate else { return [] }
        return history.filter { use in
            let distance = Int64(last.daysSinceEpoch - use.day.daysSinceEpoch)
            return use.patientID == patientID && use.itemCode == line.itemCode && distance >= 0 && distance < days
                && (atAnyInstitution || use.institutionID == line.institutionID)
        }
    }

    /// Without the patient nobody can look up what came before.
    private func fitsAsFarAsKnown(_ line: IncomingLine) -> Judgement {
        history != nil && line.patientID == nil ? .lacks("patient_id") : .fits
    }

    private func over(_ found: Int64, _ limit: Int64, _ english: String, _ chinese: String, earlier: Int64) -> Judgement {
        let (found, limit) = (ClaimScreening.text(found), ClaimScreening.text(limit))
        let before = ClaimScreening.text(earlier)
        return .offends(
            found: found,
            BilingualText(
                "at most \(limit) \(english); this makes \(found)" + (earlier > 0 ? ", \(before) of them in earlier claims" : ""),
                "限 \(limit) \(chinese), 本行后为 \(found)" + (earlier > 0 ? " (其中此前结算 \(before))" : "")))
    }
}
