/// A line on its way into the file.
struct DraftLine {
    var item: Int
    /// In ten-thousandths.
    var quantity: Int64
    /// In millionths of a yuan.
    var price: Int64
    /// Seconds since the start of the year.
    var serviceSecond: Int
    /// In hundredths of a day; nil where nothing is said.
    var daysSupply: Int?
    /// The last 18 digits of the code.
    var traceCode: UInt64?
    var fund = Fund.share

    enum Fund {
        case share
        case none
        case missing
    }
}

/// A doctor; the id tells where the doctor belongs, not where a claim was made.
struct Doctor {
    var institution: Int
    var department: Int
    var number: Int
}

/// A claim on its way into the file; the money follows from its lines when it is written.
struct ClaimDraft {
    var institution: Int
    var department: Int
    var doctor: Doctor
    var patient: Patient
    var visit: VisitType
    /// nil where the file says nothing.
    var diagnosis: String?
    var admissionDay: Int?
    var dischargeDay: Int?
    /// Seconds since the start of the year.
    var settledSecond: Int
    /// The fund's share, per mille.
    var fundRate: Int
    /// The claim this one cancels.
    var originalClaim: Int?
    var lines: [DraftLine] = []
    var missing = MissingValues()

    struct MissingValues {
        var department = false
        var doctor = false
        var sex = false
        var prescription = false
    }

    var settledDay: Int { settledSecond / 86_400 }
}
