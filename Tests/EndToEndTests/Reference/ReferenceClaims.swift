/// A billed line as the reference reads it; dates and times stay text, whose order is that of time.
struct ReferenceLine {
    var claimID: String
    var lineID: String
    var originalClaimID: String?
    var institutionID: String?
    var department: String?
    var patientID: String?
    var sex: String?
    var visitType: String?
    var diagnosisCode: String?
    /// `2025-01-31`.
    var serviceDay: String
    /// `2025-01-31 08:04:38`.
    var settledAt: String
    var prescriptionID: String?
    var itemCode: String?
    var itemCategory: String?
    var quantityTenThousandths: Int
    var amountCents: Int
    /// 0 where the file says nothing.
    var fundCents: Int

    init(_ record: [String: String]) {
        claimID = record["claim_id"] ?? ""
        lineID = record["line_id"] ?? ""
        originalClaimID = ReferenceLine.key(record["original_claim_id"])
        institutionID = ReferenceLine.key(record["institution_id"])
        department = record["department"]
        patientID = ReferenceLine.key(record["patient_id"])
        sex = record["sex"]
        visitType = record["visit_type"]
        diagnosisCode = record["diagnosis_code"]
        serviceDay = String((record["service_time"] ?? "").prefix(10))
        settledAt = record["settled_at"] ?? ""
        prescriptionID = ReferenceLine.key(record["prescription_id"])
        itemCode = ReferenceLine.key(record["item_code"])
        itemCategory = record["item_category"]
        quantityTenThousandths = ExactNumber.scaled(record["quantity"] ?? "0", decimals: 4)
        amountCents = ExactNumber.scaled(record["amount"] ?? "0", decimals: 2)
        fundCents = ExactNumber.scaled(record["fund_amount"] ?? "0", decimals: 2)
    }

    /// An empty string in a key column counts as NULL.
    private static func key(_ value: String?) -> String? { value?.isEmpty == false ? value : nil }
}

/// Decimal text as whole numbers of its smallest unit.
enum ExactNumber {
    static func scaled(_ text: String, decimals: Int) -> Int {
        var value = 0
        var decimalsRead = -1
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39:
                value = value * 10 + Int(byte - 0x30)
                if decimalsRead >= 0 { decimalsRead += 1 }
            case 0x2E: decimalsRead = 0
            default: break
            }
        }
        for _ in max(0, decimalsRead)..<decimals { value *= 10 }
        return text.utf8.first == 0x2D ? -value : value
    }

    /// Cents as `-12.05`.
    static func money(_ cents: Int) -> String {
        let fraction = String(cents.magnitude % 100)
        return (cents < 0 ? "-" : "") + String(cents.magnitude / 100) + "." + (fraction.utf8.count == 1 ? "0" : "")
            + fraction
    }
}

/// A knowledge point: what holds for an item from one day to another.
struct ReferencePoint {
    var attribute: String
    var value: String
    var validFrom: String?
    var validTo: String?
}

/// Claims and what is known beside them, read from canonical files with loops and dictionaries alone.
struct ReferenceData {
    /// Every line that is loaded: of repeated (claim, line) keys the first.
    private(set) var lines: [ReferenceLine] = []
    private(set) var duplicateCount = 0
    private(set) var levels: [String: String] = [:]
    private(set) var kinds: [String: String] = [:]
    private(set) var points: [String: [ReferencePoint]] = [:]

    init(claims: [CSVSheet], institutions: CSVSheet? = nil, knowledge: CSVSheet? = nil) {
        var keys: Set<[String]> = []
        for record in claims.flatMap(\.records) {
            let line = ReferenceLine(record)
            if keys.insert([line.claimID, line.lineID]).inserted { lines.append(line) } else { duplicateCount += 1 }
        }
        for record in institutions?.records ?? [] {
            guard let id = record["institution_id"], levels[id] == nil else { continue }
            levels[id] = record["level"].flatMap { $0.isEmpty ? nil : $0 } ?? "none"
            kinds[id] = record["kind"].flatMap { $0.isEmpty ? nil : $0 } ?? "none"
        }
        for record in knowledge?.records ?? [] {
            guard let item = record["item_code"], !item.isEmpty else { continue }
            let point = ReferencePoint(
                attribute: record["attribute"] ?? "", value: record["value"] ?? "", validFrom: record["valid_from"],
                validTo: record["valid_to"])
            points[item, default: []].append(point)
        }
    }

    func level(_ institution: String) -> String { levels[institution] ?? "none" }
    func kind(_ institution: String) -> String { kinds[institution] ?? "none" }

    /// Lines of claims that neither are a reversal nor were reversed by one.
    var liveLines: [ReferenceLine] {
        var gone: Set<String> = []
        for line in lines {
            guard let original = line.originalClaimID else { continue }
            gone.insert(line.claimID)
            gone.insert(original)
        }
        return lines.filter { !gone.contains($0.claimID) }
    }

    /// Live lines of a positive quantity settled in `from..<to` (days as text, nil for no bound).
    func countedLines(from: String? = nil, to: String? = nil) -> [ReferenceLine] {
        liveLines.filter { line in
            line.quantityTenThousandths > 0 && from.map { line.settledAt >= $0 } ?? true
                && to.map { line.settledAt < $0 } ?? true
        }
    }

    /// Whether an item is for one sex on a day, both ends of a point's validity included.
    func isRestricted(item: String?, toSex sex: String, on day: String) -> Bool {
        guard let item else { return false }
        return (points[item] ?? []).contains { point in
            point.attribute == "sex" && point.value == sex && point.validFrom.map { $0 <= day } ?? true
                && point.validTo.map { day <= $0 } ?? true
        }
    }
}

extension Sequence {
    /// The smallest text in byte order, ignoring what is missing.
    func smallest(_ value: (Element) -> String?) -> String? {
        var least: String?
        for element in self {
            guard let candidate = value(element) else { continue }
            if least.map({ candidate.utf8.lexicographicallyPrecedes($0.utf8) }) ?? true { least = candidate }
        }
        return least
    }
}
