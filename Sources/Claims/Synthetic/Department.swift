/// A department and the diagnoses it sees.
struct Department {
    /// National department code; nil for a pharmacy's counter.
    let code: String?
    /// Weights by ``InstitutionClass`` raw value; 0 where there is no such department.
    let weights: [Int]
    /// ICD-10 codes of the insurance edition, commonest first.
    let diagnoses: [String]

    static let gynecology = 3
    static let paediatrics = 4
    static let emergency = 8
    static let surgery = 2
    static let internalMedicine = 1

    static let all: [Department] = [
        Department(
            code: "A02", weights: [4, 8, 45, 60, 0],
            diagnoses: [
                "J06.900", "J20.900", "I10.x00", "K29.500", "M54.500", "R51.x00", "J02.900", "K30.x00", "E11.900",
                "R05.x00",
                "L30.900", "H10.900", "J31.000", "G47.000",
            ]),
        Department(
            code: "A03", weights: [34, 34, 22, 0, 0],
            diagnoses: [
                "I10.x00", "E11.900", "I25.100", "J44.900", "I63.900", "K29.500", "J18.900", "E78.500", "I50.900",
                "N18.900",
                "K21.000", "D64.900", "E04.100", "G45.900", "J45.900", "K74.600", "M81.900", "I48.x00", "E05.900",
                "A49.900",
            ]),
        Department(
            code: "A04", weights: [16, 14, 6, 0, 0],
            diagnoses: [
                "K80.200", "K35.900", "S82.800", "M51.200", "N20.000", "K40.900", "S52.500", "I83.900", "N40.x00",
                "K64.900",
                "S06.000", "M17.900", "L72.100", "N13.200", "S22.300", "M75.100",
            ]),
        Department(
            code: "A05", weights: [10, 10, 5, 0, 0],
            diagnoses: [
                "N76.000", "D25.900", "N80.000", "O80.900", "N92.000", "N83.200", "O34.200", "N72.x00", "Z34.900",
                "N95.100",
                "O42.900", "C53.900", "N93.900", "Z32.100",
            ]),
        Department(
            code: "A07", weights: [8, 9, 6, 0, 0],
            diagnoses: [
                "J06.900", "J20.900", "J18.000", "A09.900", "J03.900", "B08.400", "R50.900", "J45.900", "K59.000",
            ]),
        Department(
            code: "A10", weights: [5, 4, 0, 0, 0],
            diagnoses: ["H25.900", "H10.900", "H52.100", "H40.900", "H04.100", "H35.300", "H00.000"]),
        Department(
            code: "A12", weights: [5, 5, 4, 6, 0],
            diagnoses: ["K02.900", "K04.000", "K05.300", "K01.100", "K08.100", "K12.000", "K07.300"]),
        Department(
            code: "A19", weights: [6, 2, 0, 0, 0],
            diagnoses: ["C34.900", "C50.900", "C16.900", "C18.900", "C22.000", "C20.x00", "Z51.100", "C73.x00"]),
        Department(
            code: "A20", weights: [0, 0, 0, 0, 0],
            diagnoses: [
                "R10.400", "S01.900", "R50.900", "J06.900", "T14.900", "R07.400", "A09.900", "N23.x00", "R42.x00",
                "S61.000",
            ]),
        Department(
            code: "A50", weights: [6, 9, 12, 34, 0],
            diagnoses: [
                "M54.200", "M54.500", "R53.x00", "K30.x00", "G47.000", "N94.600", "M25.500", "R05.x00", "L70.000",
            ]),
        Department(code: nil, weights: [0, 0, 0, 0, 1], diagnoses: ["I10.x00", "E11.900", "J06.900", "K29.500"]),
    ]

    /// The pharmacy's counter in ``all``.
    static let counter = all.count - 1
}

/// ICD-10 chapters that belong to one sex, by the first three characters.
enum SexBoundDiagnosis {
    private static let female = [
        "C51"..."C58", "D06"..."D06", "D25"..."D28", "N70"..."N98", "O00"..."O99", "Z32"..."Z37",
    ]
    private static let male = ["C60"..."C63", "D29"..."D29", "N40"..."N51"]

    /// The only sex a diagnosis is seen with; nil for most.
    static func sex(of code: String) -> Sex? {
        let category = String(code.prefix(3))
        if female.contains(where: { $0.contains(category) }) { return .female }
        if male.contains(where: { $0.contains(category) }) { return .male }
        return nil
    }
}

enum Sex: UInt8 {
    case male
    case female
    case unknown

    static let names: [[UInt8]] = ["male", "female", "unknown"].map { Array($0.utf8) }
}
