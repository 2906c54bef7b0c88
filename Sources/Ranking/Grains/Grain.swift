/// What the figures of institutions are brought together by, or taken apart by.
package enum Grain: Hashable, Sendable {
    /// The theme of the indicators.
    case theme
    /// The first digits of the region of institutions: two name a province, four a city, six a county.
    case region(digits: Int)
    case department
    case doctor
    case patient

    /// The words users write, regions by their usual length.
    package static let names = ["theme", "region", "region:4", "region:2", "department", "doctor", "patient"]

    /// Reads `doctor`, `region` or `region:4`; nil if it is none of them.
    package init?(_ text: String) {
        switch text {
        case "theme": self = .theme
        case "region": self = .region(digits: 6)
        case "department": self = .department
        case "doctor": self = .doctor
        case "patient": self = .patient
        default:
            guard text.hasPrefix("region:"), let digits = Int(text.dropFirst(7)), (1...6).contains(digits) else { return nil }
            self = .region(digits: digits)
        }
    }

    package var isAboveInstitutions: Bool { keyColumns.isEmpty }

    /// Columns of the lines that name one of its members, and that none of them may lack; empty for grains above institutions.
    var keyColumns: [String] {
        switch self {
        case .theme, .region: []
        case .department: ["institution_id", "department"]
        case .doctor: ["doctor_id"]
        case .patient: ["patient_id"]
        }
    }
}
