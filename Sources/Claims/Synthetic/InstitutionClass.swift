/// Level and kind of an institution together: what it treats, and how much of it there is.
enum InstitutionClass: Int, CaseIterable {
    case tertiaryHospital
    case secondaryHospital
    case primaryHospital
    case clinic
    case pharmacy

    var level: String {
        switch self {
        case .tertiaryHospital: "tertiary"
        case .secondaryHospital: "secondary"
        case .primaryHospital: "primary"
        case .clinic: "none"
        case .pharmacy: "pharmacy"
        }
    }

    var kind: String {
        switch self {
        case .clinic: "clinic"
        case .pharmacy: "pharmacy"
        default: "hospital"
        }
    }

    /// Institutions of the class out of `count`: never fewer than a peer group needs.
    static func counts(of count: Int) -> [Int] {
        let shares = [(6, 12), (12, 13), (22, 12), (26, 10)]
        let firstFour = shares.map { perCent, minimum in max(minimum, count * perCent / 100) }
        return firstFour + [max(13, count - firstFour.reduce(0, +))]
    }

    /// Share of all claims, per cent.
    var claimShare: Int {
        switch self {
        case .tertiaryHospital: 28
        case .secondaryHospital: 26
        case .primaryHospital: 17
        case .clinic: 9
        case .pharmacy: 20
        }
    }

    /// Weights of outpatient, emergency, chronic, inpatient and pharmacy claims, per cent.
    var visitWeights: [Int] {
        switch self {
        case .tertiaryHospital: [56, 10, 15, 19, 0]
        case .secondaryHospital: [53, 8, 17, 22, 0]
        case .primaryHospital: [58, 4, 30, 8, 0]
        case .clinic: [80, 0, 20, 0, 0]
        case .pharmacy: [0, 0, 0, 0, 100]
        }
    }

    /// The fund's part of outpatient costs, per mille.
    var outpatientRate: Int {
        switch self {
        case .tertiaryHospital: 500
        case .secondaryHospital: 600
        case .primaryHospital, .clinic: 700
        case .pharmacy: 650
        }
    }
}

/// Visit types in the order of ``InstitutionClass/visitWeights``.
enum VisitType: Int {
    case outpatient
    case emergency
    case chronic
    case inpatient
    case pharmacy

    var isOutpatient: Bool { self == .outpatient || self == .emergency || self == .chronic }

    static let names: [[UInt8]] = ["outpatient", "emergency", "chronic", "inpatient", "pharmacy"].map { Array($0.utf8) }
}
