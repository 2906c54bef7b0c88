import Testing

/// The templates over knowledge points against loops over the same rows.
@Suite("Knowledge templates")
struct KnowledgeTemplateTests {
    /// All days are of March 2025, so that days and hours are small numbers.
    private struct Line {
        var claim: String, institution: String, patient: String, visit: String, item: String
        var admission: Int?, discharge: Int?, birth: Int?
        var hour: Int
        var quantity: Int
        var fundCents: Int
        var day: Int { hour / 24 }
    }

    private struct Point {
        var item: String, attribute: String, value: String
        var paired: String?, window: Int?, from: Int?, to: Int?
        func isValid(_ day: Int) -> Bool { (from ?? 0) <= day && day <= (to ?? 99) }
    }

    private typealias Figures = [String: (events: Int, exposure: Int, cents: Int)]

    private static let levels: [String: String?] = ["H1": "tertiary", "H2": "secondary", "H3": "primary", "H4": nil, "H5": "pharmacy"]

    private static func day(_ day: Int?) -> String? { day.map { "2025-03-" + ($0 < 10 ? "0" : "") + String($0) } }

    private static func points(_ random: inout SeededRandom) -> [Point] {
        var points: [Point] = []
        func validity(_ random: inout SeededRandom) -> (Int?, Int?) {
            random.below(3) == 0 ? (5 + random.below(5), random.below(2) == 0 ? 12 + random.below(9) : nil) : (nil, nil)
        }
        for number in 0..<12 {
            let item = "ITEM\(number)"
            for attribute in ["min_level", "only_visit_type", "max_age_days", "not_payable", "not_with", "max_per_period", "max_course_days", "only_insurance"] where random.below(2) == 0 {
                for _ in 0...random.below(2) {
                    let (from, to) = validity(&random)
                    var point = Point(item: item, attribute: attribute, value: "", from: from, to: to)
                    switch attribute {
                    case "min_level": point.value = ["primary", "secondary", "tertiary"][random.below(3)]
                    case "only_visit_type": point.value = ["inpatient", "emergency", "outpatient"][random.below(3)]
                    case "max_age_days": point.value = String(3 + random.below(20))
                    case "not_payable": point.value = "always"
                    case "only_insurance": point.value = ["maternity", "work_injury", "310"][random.below(3)]
                    case "not_with":
                        point.value = ["day", "visit", "1h", "6h"][random.below(4)]
                        point.paired = "ITEM\((number + 1 + random.below(3)) % 12)"
                    case "max_per_period":
                        point.value = String(1 + random.below(3))
                        point.window = [1, 3, 7, 14][random.below(4)]
                    default:
                        point.value = String(1 + random.below(2))
                        // A course of a stay, or one of so many days.
                        if random.below(2) == 0 { point.window = [7, 14, 30][random.below(3)] }
                    }
                    points.append(point)
                }
            }
        }
        // Whatever the seed, some course of a period is passed.
        points += (0..<6).map { Point(item: "ITEM\($0)", attribute: "max_course_days", value: "1", window: 30) }
        return points
    }

    private static func lines(_ random: inout SeededRandom) -> [Line] {
        var lines: [Line] = []
        for number in 0..<500 {
            let patient = "P\(random.below(25))"
            let visit = ["inpatient", "outpatient", "emergency", "51"][random.below(4)]
            let first = 2 + random.below(15)
            let isStay = visit == "inpatient" && random.below(8) > 0
            let stay = isStay ? (first, first + 1 + random.below(6)) : nil
            let institution = "H\(1 + random.below(6))"
            // A patient's second claim of a stay now and then.
            let birth: Int? = random.below(5) == 0 ? nil : 1
            let firstItem = random.below(12)
            for _ in 0...(isStay ? 5 : random.below(3)) {
                let day = stay.map { $0.0 - 2 + random.below($0.1 - $0.0 + 5) } ?? first
                lines.append(
                    Line(
                        claim: "C\(number)", institution: institution, patient: patient, visit: visit, item: isStay ? "ITEM\(firstItem + random.below(3))" : "ITEM\(random.below(14))",
                        admission: stay?.0, discharge: stay?.1, birth: birth, hour: max(1, min(30, day)) * 24 + random.below(24),
                        quantity: 1 + random.below(3), fundCents: random.below(4) == 0 ? 0 : random.below(100_000)))
            }
        }
        return lines
    }

    @Test("every template equals loops over the same rows", arguments: [UInt64(3), 4, 5]) func templates(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let points = Self.points(&random)
        var lines = Self.lines(&random)
        var claims = ClaimsByHand()
        for (number, line) in lines.enumerated() {
            let time = (Self.day(line.day) ?? "") + " " + (line.hour % 24 < 10 ? "0" : "") + "\(line.hour % 24):30:00"
            claims.add([
                "claim_id": line.claim, "line_id": String(number), "institution_id": line.institution, "patient_id": line.patient,
                "visit_type": line.visit, "item_code": line.item, "admission_date": Self.day(line.admission),
                "discharge_date": Self.day(line.discharge), "birth_date": Self.day(line.birth), "service_time": time,
                "settled_at": "2025-03-31 10:00:00", "quantity": String(line.quantity), "fund_amount": ExactNumber.money(line.fundCents),
            ])
        }
        for number in [7, 77, 177] { claims.addReversal(of: "C\(number)") }
        lines.removeAll { ["C7", "C77", "C177"].contains($0.claim) }
        let knowledge = CSVSheet(
            header: ["rule_id", "item_code", "attribute", "value", "paired_item_code", "window_days", "valid_from", "valid_to"],
            rows: points.enumerated().map { number, point in
                ["R\(number)", point.item, point.attribute, point.value, point.paired, point.window.map { String($0) }, Self.day(point.from), Self.day(point.to)]
            })
        let institutions = ReferenceTablesByHand.institutions(
            Self.levels.sorted { $0.key < $1.key }.map { ($0.key, nil, $0.value, $0.value == "pharmacy" ? "pharmacy" : "hospital") })
        // The insurance type is a column that the table does not have, under its national name.
        var sheet = claims.sheet
        let claimColumn = try #require(sheet.column("claim_id"))
        sheet.header.append("insutype")
        for row in sheet.rows.indices { sheet.rows[row].append(Self.insurance(of: sheet.rows[row][claimColumn] ?? "")) }
        let (store, _, _) = try EdgeFiles(claims: [sheet], institutions: institutions, knowledge: knowledge).load()
        var eventCount = 0
        for (id, figures) in [
            ("level_restricted_item", Self.levelFigures(lines, points)), ("visit_restricted_item", Self.visitFigures(lines, points)),
            ("insurance_only_item", Self.insuranceFigures(lines, points)), ("newborn_item", Self.newbornFigures(lines, points)), ("not_payable_item", Self.notPayableFigures(lines, points)),
            ("paired_charges", Self.pairFigures(lines, points)), ("period_over_frequency", Self.periodFigures(lines, points)),
            ("course_days", Self.courseFigures(lines, points)),
            ("period_course_days", Self.periodCourseFigures(lines, points)), ("charge_outside_stay", Self.outsideFigures(lines)),
        ] {
            let sheet = try CSVSheet(store.run("indicators", "run", id).outputBytes)
            let found = sheet.rows.map { [$0[0], $0[1], $0[2], $0[4]] }
            let expected = figures.sorted { $0.key < $1.key }.map {
                [$0.key, String($0.value.events), String($0.value.exposure), ExactNumber.money($0.value.cents)]
            }
            #expect(found == expected, "\(id), seed \(seed)")
            let events = figures.values.reduce(0) { $0 + $1.events }
            #expect(events > 0, "\(id), seed \(seed), has no event")
            eventCount += events
        }
        #expect(eventCount > 100)
        // A report takes in what the store has points for, and nothing else.
        let out = store.path + "-report"
        try store.run("report", "--out", out)
        let reported = try Set(CSVSheet(FileContent.bytes(out + "/indicators.csv")).records.compactMap { $0["indicator"] })
        #expect(reported.isSuperset(of: ["paired_charges", "course_days", "level_restricted_item", "insurance_only_item"]) && !reported.contains("charge_outside_stay"))
        #expect(try FileContent.bytes(out + "/report.xlsx").starts(with: [0x50, 0x4B]))
        try store.run("report", "--out", out, "--dossier", "H1")
        #expect(try FileContent.text(out + "/dossier-H1.html").contains("P1"))
    }

    @Test("the evidence of a course of a period tells the days of the window that was passed, not of a wider one") func courseEvidence() throws {
        let folder = try TemporaryFolder()
        let store = StoreUnderTest(folder.path("store"), holding: folder)
        var claims = ClaimsByHand()
        for day in ["2025-01-05", "2025-02-05", "2025-03-09", "2025-03-10"] {
            claims.add(["item_code": "A", "service_time": "\(day) 08:00:00"])
        }
        try store.run("ingest", folder.write("c.csv", claims.sheet.text()))
        // Two days are more than the one of a week, and four are no more than the nine of a year.
        let knowledge = "rule_id,item_code,attribute,value,window_days\nW,A,max_course_days,1,7\nY,A,max_course_days,9,365\n"
        try store.run("ingest", folder.write("k.csv", knowledge), "--table", "knowledge")
        let evidence = try store.run("evidence", "period_course_days", "H1", "--format", "csv")
        #expect(try CSVSheet(evidence.outputBytes).records.map { "\($0["day"] ?? "") \($0["days"] ?? "")" } == ["2025-03-10 2"])
    }

    private static func claimFigures(
        _ lines: [Line], where isCounted: (Line) -> Bool = { _ in true }, isEvent: (Line) -> Bool
    ) -> Figures {
        var figures: Figures = [:]
        for claim in Dictionary(grouping: lines, by: \.claim).values where isCounted(claim[0]) {
            let events = claim.filter(isEvent)
            var figure = figures[claim[0].institution] ?? (0, 0, 0)
            figure.exposure += 1
            figure.events += events.isEmpty ? 0 : 1
            figure.cents += events.reduce(0) { $0 + $1.fundCents }
            figures[claim[0].institution] = figure
        }
        return figures
    }

    private static func valid(_ points: [Point], _ attribute: String, _ line: Line) -> [Point] {
        points.filter { $0.attribute == attribute && $0.item == line.item && $0.isValid(line.day) }
    }

    private static func levelFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        func rank(_ level: String) -> Int { ["none": 0, "primary": 1, "secondary": 2, "tertiary": 3][level] ?? 0 }
        return claimFigures(lines, where: { levels[$0.institution] != nil && levels[$0.institution] != .some("pharmacy") }) { line in
            guard let lowest = valid(points, "min_level", line).map({ rank($0.value) }).min() else { return false }
            return lowest > rank((levels[line.institution] ?? nil) ?? "none")
        }
    }

    private static func visitFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        claimFigures(lines) { line in
            let allowed = valid(points, "only_visit_type", line).map(\.value)
            return !allowed.isEmpty && !allowed.contains(line.visit)
        }
    }

    /// A claim's insurance, from its number; every fourth says none.
    private static func insurance(of claim: String) -> String? {
        Int(claim.dropFirst()).flatMap { ["310", "390", "510", nil][$0 % 4] }
    }

    private static func insuranceFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        claimFigures(lines, where: { insurance(of: $0.claim) != nil }) { line in
            let allowed = valid(points, "only_insurance", line).map(\.value)
            let code = insurance(of: line.claim) ?? ""
            return !allowed.isEmpty && !allowed.contains(code == "510" ? "maternity" : code)
        }
    }

    private static func newbornFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        claimFigures(lines, where: { $0.birth != nil }) { line in
            guard let limit = valid(points, "max_age_days", line).compactMap({ Int($0.value) }).min(), let birth = line.birth else { return false }
            return line.day - birth > limit
        }
    }

    private static func notPayableFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        claimFigures(lines) { line in line.fundCents > 0 && !valid(points, "not_payable", line).isEmpty }
    }

    private static func pairFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        var figures: Figures = [:]
        for line in lines {
            let own = points.filter { $0.attribute == "not_with" && $0.paired == line.item && $0.isValid(line.day) }
            if own.isEmpty { continue }
            let isEvent = own.contains { point in
                lines.contains { other in
                    guard other.item == point.item, other.institution == line.institution, other.patient == line.patient else { return false }
                    switch point.value {
                    case "day": return other.day == line.day
                    case "visit":
                        let isSameStay = other.visit == "inpatient" && line.visit == "inpatient" && other.admission != nil && other.admission == line.admission && other.discharge == line.discharge
                        return other.claim == line.claim || isSameStay
                    default: return abs(other.hour - line.hour) < Int(point.value.dropLast()) ?? 0
                    }
                }
            }
            var figure = figures[line.institution] ?? (0, 0, 0)
            figure.exposure += 1
            figure.events += isEvent ? 1 : 0
            figure.cents += isEvent ? line.fundCents : 0
            figures[line.institution] = figure
        }
        return figures
    }

    private static func periodFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        var figures: Figures = [:]
        let units = Dictionary(grouping: lines) { [$0.institution, $0.patient, $0.item, String($0.day)] }
        for unit in units.values {
            let line = unit[0]
            let own = valid(points, "max_per_period", line)
            if own.isEmpty { continue }
            let isEvent = own.contains { point in
                let used = lines.filter {
                    $0.patient == line.patient && $0.item == line.item && $0.day <= line.day && $0.day > line.day - (point.window ?? 0)
                }
                return used.reduce(0) { $0 + $1.quantity } > Int(point.value) ?? 0
            }
            var figure = figures[line.institution] ?? (0, 0, 0)
            figure.exposure += 1
            figure.events += isEvent ? 1 : 0
            figure.cents += isEvent ? unit.reduce(0) { $0 + $1.fundCents } : 0
            figures[line.institution] = figure
        }
        return figures
    }

    /// Points of courses of a stay.
    private static func courses(_ line: Line, _ points: [Point]) -> [Point] {
        valid(points, "max_course_days", line).filter { $0.window == nil }
    }

    private static func periodCourseFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        var figures: Figures = [:]
        for unit in Dictionary(grouping: lines, by: { [$0.institution, $0.patient, $0.item, String($0.day)] }).values {
            let line = unit[0]
            let own = valid(points, "max_course_days", line).filter { $0.window != nil }
            if own.isEmpty { continue }
            let isEvent = own.contains { point in
                let days = lines.filter {
                    $0.patient == line.patient && $0.item == line.item && $0.day <= line.day && $0.day > line.day - (point.window ?? 0)
                }.map(\.day)
                return Set(days).count > Int(point.value) ?? 0
            }
            var figure = figures[line.institution] ?? (0, 0, 0)
            figure.exposure += 1
            figure.events += isEvent ? 1 : 0
            figure.cents += isEvent ? unit.reduce(0) { $0 + $1.fundCents } : 0
            figures[line.institution] = figure
        }
        return figures
    }

    private static func courseFigures(_ lines: [Line], _ points: [Point]) -> Figures {
        // Days of an item in a stay divide this, so that the shares are whole numbers of it.
        let parts = 360_360
        var sums: [String: (events: Int, exposure: Int, parts: Int)] = [:]
        let dosed = lines.filter { $0.visit == "inpatient" && $0.admission != nil && !courses($0, points).isEmpty }
        for unit in Dictionary(grouping: dosed, by: { [$0.institution, $0.patient, "\($0.admission ?? 0)", "\($0.discharge ?? 0)", $0.item] }).values {
            let days = Set(unit.map(\.day)).count
            let limit = unit.flatMap { courses($0, points) }.compactMap { Int($0.value) }.min() ?? 0
            var sum = sums[unit[0].institution] ?? (0, 0, 0)
            sum.exposure += 1
            if days > limit + 1 {
                sum.events += 1
                sum.parts += unit.reduce(0) { $0 + $1.fundCents } * (days - limit) * (parts / days)
            }
            sums[unit[0].institution] = sum
        }
        return sums.mapValues { ($0.events, $0.exposure, ($0.parts * 2 + parts) / (2 * parts)) }
    }

    private static func outsideFigures(_ lines: [Line]) -> Figures {
        var figures: Figures = [:]
        for line in lines where line.visit == "inpatient" {
            guard let admission = line.admission, let discharge = line.discharge else { continue }
            let isEvent = admission - line.day > 3 || line.day - discharge > 1
            var figure = figures[line.institution] ?? (0, 0, 0)
            figure.exposure += 1
            figure.events += isEvent ? 1 : 0
            figure.cents += isEvent ? line.fundCents : 0
            figures[line.institution] = figure
        }
        return figures
    }
}
