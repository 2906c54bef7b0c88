package import Claims
import Columns

/// Judges one claim by the knowledge points of its items.
///
/// Points that restrict an attribute are judged line by line; those that limit a quantity, by the lines of the item so far, so that the
/// lines that pass the limit are found; pairs by every two lines.
package struct ClaimScreening {
    private let points: [String: [KnowledgePoint]]
    /// What the claim's patients had before; nil if nobody has looked.
    let history: [EarlierUse]?
    private let institutionLevel: (String) throws -> String?

    /// - Parameters:
    ///   - points: For each item code of the claim.
    ///   - history: What the claim's patients had in other claims, which limits of quantities and days count in; nil: they are judged
    ///     by the claim alone.
    ///   - institutionLevel: Of an institution's id; nil where it is not registered.
    package init(
        points: [String: [KnowledgePoint]], history: [EarlierUse]? = nil, institutionLevel: @escaping (String) throws -> String?
    ) {
        self.points = points
        self.history = history
        self.institutionLevel = institutionLevel
    }

    package func screen(_ claim: IncomingClaim) throws -> ScreeningResult {
        var result = ScreeningResult()
        for (index, line) in claim.lines.enumerated() {
            var own: [ScreeningFinding] = []
            for point in points[line.itemCode] ?? [] where point.isValid(on: line.serviceDate) {
                switch try judge(line, at: index, of: claim, by: point) {
                case .fits: result.judgedCount += 1
                case .offends(let found, let message):
                    result.judgedCount += 1
                    own.append(ScreeningFinding(lineIndex: index, point: point, found: found, message: message))
                case .lacks(let column): result.unknown[column, default: 0] += 1
                case .isNoRule: result.unjudged[point.attribute, default: 0] += 1
                }
            }
            own += partners(line, at: index, of: claim, &result)
            own.sort { ($0.point.ruleID, $0.point.attribute, $0.point.value) < ($1.point.ruleID, $1.point.attribute, $1.point.value) }
            result.findings += own
        }
        return result
    }

    enum Judgement {
        case fits
        case offends(found: String, BilingualText)
        /// The column whose value is needed and missing.
        case lacks(String)
        case isNoRule
    }

    private func judge(
        _ line: IncomingLine, at index: Int, of claim: IncomingClaim, by point: KnowledgePoint
    ) throws -> Judgement {
        guard let attribute = KnowledgeAttribute(rawValue: point.attribute) else {
            // A pair is judged with its partner.
            return point.pairedItemCode == nil ? .isNoRule : .fits
        }
        switch attribute {
        case .sex: return sex(line, point)
        case .minAgeYears, .maxAgeYears: return age(line, point)
        case .maxAgeDays: return ageDays(line, point)
        case .onlyVisitType: return listed(line.visitType, "visit_type", line, point, "visit types", "就医方式") { $0 }
        case .onlyInsurance:
            // A point may have the code, as claims do, where others have the word.
            return listed(line.insuranceType, "insurance_type", line, point, "insurance types", "险种") { CodeVocabulary().insurance($0) }
        case .minLevel:
            guard let institutionID = line.institutionID else { return .lacks("institution_id") }
            return level(try institutionLevel(institutionID), line, point)
        case .notPayable:
            return .offends(
                found: line.itemCode, BilingualText("the item is never paid by the fund", "项目不予医保基金支付"))
        case .maxPerDay, .maxPerPeriod: return quantity(line, at: index, of: claim, point)
        case .maxCourseDays: return days(line, at: index, of: claim, point)
        case .notWith: return .fits
        }
    }

    private func sex(_ line: IncomingLine, _ point: KnowledgePoint) -> Judgement {
        guard let sex = line.sex, sex == "male" || sex == "female" else { return .lacks("sex") }
        guard point.value == "male" || point.value == "female" else { return .isNoRule }
        if sex == point.value { return .fits }
        let names = ["male": "男", "female": "女"]
        return .offends(
            found: sex,
            BilingualText(
                "the item is for \(point.value) patients; the patient is \(sex)",
                "项目限\(names[point.value] ?? "")性使用, 患者为\(names[sex] ?? "")性"))
    }

    private func age(_ line: IncomingLine, _ point: KnowledgePoint) -> Judgement {
        guard let birth = line.birthDate else { return .lacks("birth_date") }
        guard let day = line.serviceDate else { return .lacks("service_time") }
        guard let limit = ClaimScreening.fixed(point.value) else { return .isNoRule }
        let hadBirthday = (day.month, day.day) >= (birth.month, birth.day)
        let age = day.year - birth.year - (hadBirthday ? 0 : 1)
        let isBelow = Int64(age) * 10_000 < limit
        let isMaximum = point.attribute == "max_age_years"
        if isMaximum == isBelow { return .fits }
        return .offends(
            found: String(age),
            isMaximum
                ? BilingualText("the item is for patients under \(point.value) years; the patient is \(age)", "项目限 \(point.value) 岁以下使用, 患者 \(age) 岁")
                : BilingualText("the item is for patients from \(point.value) years on; the patient is \(age)", "项目限 \(point.value) 岁及以上使用, 患者 \(age) 岁"))
    }

    private func ageDays(_ line: IncomingLine, _ point: KnowledgePoint) -> Judgement {
        guard let birth = line.birthDate else { return .lacks("birth_date") }
        guard let day = line.serviceDate else { return .lacks("service_time") }
        guard let limit = ClaimScreening.fixed(point.value) else { return .isNoRule }
        let age = Int64(day.daysSinceEpoch - birth.daysSinceEpoch)
        if age * 10_000 <= limit { return .fits }
        return .offends(
            found: String(age),
            BilingualText("the item is for patients of at most \(point.value) days; the patient is \(age)", "项目限 \(point.value) 日龄以内使用, 患者 \(age) 日"))
    }

    /// Levels from the highest to the lowest.
    private static let levels = ["tertiary", "secondary", "primary"]

    /// The lowest level that a point of the item asks for counts; pharmacies have no level to be judged by.
    private func level(_ found: String?, _ line: IncomingLine, _ point: KnowledgePoint) -> Judgement {
        guard let found, !found.isEmpty else { return .lacks("institution_level") }
        if found == "pharmacy" { return .fits }
        let alike = alike(point, line)
        let limits = alike.compactMap { ClaimScreening.levels.firstIndex(of: $0.value) }
        guard let limit = limits.max() else { return .isNoRule }
        let place = ClaimScreening.levels.firstIndex(of: found) ?? ClaimScreening.levels.count
        if place <= limit || alike.first != point { return .fits }
        let lowest = ClaimScreening.levels[limit]
        return .offends(
            found: found,
            BilingualText("the item is for institutions from \(lowest) on; here it is \(found)", "项目限\(lowest)及以上机构, 本次为 \(found)"))
    }

    /// The points that say the same kind of thing of the line's item on its day, the point among them.
    private func alike(_ point: KnowledgePoint, _ line: IncomingLine) -> [KnowledgePoint] {
        (points[line.itemCode] ?? []).filter { $0.attribute == point.attribute && $0.isValid(on: line.serviceDate) }
    }

    /// The points of an attribute list what is allowed, one or several a row: what any of them allows is allowed, and the first
    /// speaks for all.
    private func listed(
        _ found: String?, _ column: String, _ line: IncomingLine, _ point: KnowledgePoint, _ english: String, _ chinese: String,
        canonical: (String) -> String
    ) -> Judgement {
        guard let found, !found.isEmpty else { return .lacks(column) }
        let alike = alike(point, line)
        let allowed = alike.flatMap(\.words)
        if allowed.isEmpty { return .isNoRule }
        if allowed.contains(where: { canonical($0) == found }) || alike.first != point { return .fits }
        let list = allowed.joined(separator: ", ")
        return .offends(
            found: found,
            BilingualText("the item is for \(english) \(list); here it is \(found)", "项目限定\(chinese)为 \(list), 本次为 \(found)"))
    }

    // MARK: - Pairs

    /// Lines before this one that do not go with it: by a point of either item.
    private func partners(
        _ line: IncomingLine, at index: Int, of claim: IncomingClaim, _ result: inout ScreeningResult
    ) -> [ScreeningFinding] {
        var found: [ScreeningFinding] = []
        if line.quantity <= 0 { return found }
        for other in claim.lines[..<index] where other.quantity > 0 && other.patientID == line.patientID {
            let candidates =
                (points[line.itemCode] ?? []).filter { $0.pairedItemCode == other.itemCode && $0.isValid(on: line.serviceDate) }
                + (points[other.itemCode] ?? []).filter { $0.pairedItemCode == line.itemCode && $0.isValid(on: other.serviceDate) }
            for point in candidates where !found.contains(where: { $0.point == point }) {
                guard let isTogether = areTogether(other, line, by: point) else {
                    result.unknown["service_time", default: 0] += 1
                    continue
                }
                guard isTogether else { continue }
                let name = other.itemName.map { "\(other.itemCode) \($0)" } ?? other.itemCode
                found.append(
                    ScreeningFinding(
                        lineIndex: index, point: point, found: other.itemCode,
                        message: BilingualText(
                            "the item is not charged together with \(name)\(other.lineID.map { " (line \($0))" } ?? "")",
                            "不得与 \(name)\(other.lineID.map { " (明细 \($0))" } ?? "") 同时收费")))
            }
        }
        return found
    }

    /// Whether two lines of the claim lie within a pair's window, which is its value: the visit (all of the claim), so many hours, else
    /// the day or `window_days`; nil if their times do not tell.
    private func areTogether(_ other: IncomingLine, _ line: IncomingLine, by point: KnowledgePoint) -> Bool? {
        if point.value == "visit" { return true }
        if let hours = KnowledgeAttribute.hours(point.value) {
            guard let first = other.serviceSecond, let second = line.serviceSecond else { return nil }
            return abs(second - first) < hours * 3600
        }
        guard line.serviceDate != nil, other.serviceDate != nil else { return nil }
        return isWithin(other, line, days: max(1, point.windowDays ?? 1), bothWays: true)
    }

    func isSame(_ other: IncomingLine, _ line: IncomingLine) -> Bool {
        other.itemCode == line.itemCode && other.patientID == line.patientID && other.institutionID == line.institutionID
    }

    /// - Parameter days: How many days there are from the first to the last, both counted; nil for any.
    func isWithin(_ other: IncomingLine, _ line: IncomingLine, days: Int64?, bothWays: Bool = false) -> Bool {
        guard let days else { return true }
        guard let first = other.serviceDate, let last = line.serviceDate else { return false }
        let distance = Int64(last.daysSinceEpoch - first.daysSinceEpoch)
        return (bothWays ? abs(distance) : distance) < days && (bothWays || distance >= 0)
    }

    /// Ten-thousandths of a number; nil if the text is none.
    static func fixed(_ text: String) -> Int64? { FixedNumber.parse(text, scale: 4) }

    static func text(_ tenThousandths: Int64) -> String {
        var text = DecimalText.string(unscaled: Int128(tenThousandths), scale: 4)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
