import Foundation

/// Figures of one institution.
struct ReferenceFigure: Equatable {
    var events = 0
    var exposure = 0
    var amountCents = 0
}

/// One unit of an indicator: whose it is, whether it is an event, and the lines its money is on.
struct ReferenceUnit {
    var institutionID: String
    var isEvent: Bool
    var lines: [ReferenceLine]

    var fundCents: Int { lines.reduce(0) { $0 + $1.fundCents } }
}

/// The indicators straight from their definitions in the contract.
enum ReferenceIndicators {
    static let ids = ["prescription_size", "visit_frequency", "male_gynecology"]

    static func units(_ id: String, _ data: ReferenceData, from: String? = nil, to: String? = nil) -> [ReferenceUnit] {
        let lines = data.countedLines(from: from, to: to)
        switch id {
        case "prescription_size": return prescriptions(lines, data)
        case "visit_frequency": return patientMonths(lines)
        default: return claimsOfMen(lines, data)
        }
    }

    static func figures(_ units: [ReferenceUnit]) -> [String: ReferenceFigure] {
        var figures: [String: ReferenceFigure] = [:]
        for unit in units {
            figures[unit.institutionID, default: ReferenceFigure()].exposure += 1
            guard unit.isEvent else { continue }
            figures[unit.institutionID]?.events += 1
            figures[unit.institutionID]?.amountCents += unit.fundCents
        }
        return figures
    }

    private static func isOutpatient(_ visitType: String?) -> Bool {
        visitType == "outpatient" || visitType == "chronic" || visitType == "emergency"
    }

    private static func prescriptions(_ lines: [ReferenceLine], _ data: ReferenceData) -> [ReferenceUnit] {
        struct Prescription {
            var institutionID: String
            var logAmount: Double
            var lines: [ReferenceLine]
        }
        var byKey: [[String]: [ReferenceLine]] = [:]
        for line in lines where line.itemCategory == "drug" {
            guard let institution = line.institutionID, let prescription = line.prescriptionID else { continue }
            byKey[[institution, prescription], default: []].append(line)
        }
        var groups: [[String]: [Prescription]] = [:]
        for (key, own) in byKey {
            let amountCents = own.reduce(0) { $0 + $1.amountCents }
            guard isOutpatient(own.smallest(\.visitType)), amountCents > 0 else { continue }
            // A missing department is a department of its own; a blank key is a missing one.
            let department = own.smallest { $0.department?.isEmpty == false ? $0.department : nil } ?? ""
            groups[[data.level(key[0]), department], default: []].append(
                Prescription(institutionID: key[0], logAmount: log(Double(amountCents) / 100), lines: own))
        }
        var units: [ReferenceUnit] = []
        for members in groups.values where members.count >= 30 {
            let centre = median(members.map(\.logAmount))
            let spread = median(members.map { abs($0.logAmount - centre) })
            guard spread > 0 else { continue }
            units += members.map { member in
                let z = (member.logAmount - centre) / (1.4826 * spread)
                return ReferenceUnit(institutionID: member.institutionID, isEvent: z > 3.5, lines: member.lines)
            }
        }
        return units
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        if sorted.count % 2 == 1 { return sorted[middle] }
        return sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2
    }

    private static func byClaim(_ lines: [ReferenceLine]) -> [[ReferenceLine]] {
        Array(Dictionary(grouping: lines.filter { !$0.claimID.isEmpty }, by: \.claimID).values)
    }

    private static func patientMonths(_ lines: [ReferenceLine]) -> [ReferenceUnit] {
        var months: [[String]: [[ReferenceLine]]] = [:]
        for claim in byClaim(lines) where isOutpatient(claim.smallest(\.visitType)) {
            guard let institution = claim.smallest(\.institutionID), let patient = claim.smallest(\.patientID),
                let month = claim.smallest(\.settledAt)?.prefix(7)
            else { continue }
            months[[institution, patient, String(month)], default: []].append(claim)
        }
        return months.map { key, claims in
            ReferenceUnit(institutionID: key[0], isEvent: claims.count >= 10, lines: claims.flatMap { $0 })
        }
    }

    private static let femaleCategories: [ClosedRange<String>] = [
        "C51"..."C58", "D06"..."D06", "D25"..."D28", "N70"..."N98", "O00"..."O99", "Z32"..."Z37",
    ]

    private static func claimsOfMen(_ lines: [ReferenceLine], _ data: ReferenceData) -> [ReferenceUnit] {
        byClaim(lines).compactMap { claim in
            guard claim.smallest(\.sex) == "male", let institution = claim.smallest(\.institutionID) else { return nil }
            // A blank says nothing, as in every other key column.
            let category = claim.smallest { $0.diagnosisCode?.isEmpty == false ? $0.diagnosisCode : nil }
                .map { String($0.prefix(3)) } ?? ""
            let department = claim.smallest { $0.department?.isEmpty == false ? $0.department : nil }
            let isEvent =
                department?.hasPrefix("A05") ?? false
                || femaleCategories.contains { $0.contains(category) }
                || claim.contains { data.isRestricted(item: $0.itemCode, toSex: "female", on: $0.serviceDay) }
            return ReferenceUnit(institutionID: institution, isEvent: isEvent, lines: claim)
        }
    }
}
