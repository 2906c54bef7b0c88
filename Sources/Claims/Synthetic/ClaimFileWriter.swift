/// Writes claims as CSV, one file after another.
struct ClaimFileWriter: ~Copyable {
    private let world: SyntheticWorld
    private let options: GeneratorOptions
    private let calendar = CalendarText()
    private var buffer = RowBuffer()
    private var file: OutputFile?
    private var linesInFile = 0
    private(set) var lineCount = 0
    private(set) var claimCount = 0
    private(set) var byteCount = 0
    private(set) var files: [String] = []

    /// Text that is the same wherever it stands: `item_code,item_name,item_category` and ids.
    private let itemText: [[UInt8]]
    private let institutionText: [[UInt8]]
    private let regionText: [[UInt8]]
    private let departmentText: [[UInt8]]

    static let header = CanonicalTable.claims.columns.map(\.name).joined(separator: ",") + "\n"

    init(world: SyntheticWorld, options: GeneratorOptions) {
        self.world = world
        self.options = options
        itemText = world.catalogue.items.map { item in
            let category = ItemCategory.names[item.category.rawValue]
            return Array("\(item.code),\(CSVField.text(item.name)),\(category)".utf8)
        }
        institutionText = world.institutions.map { Array($0.id.utf8) }
        regionText = world.population.regionCodes.map { Array($0.utf8) }
        departmentText = Department.all.map { Array(($0.code ?? "").utf8) }
    }

    /// Number of files that `lines` lines fill at most.
    static func fileCount(_ options: GeneratorOptions) -> Int {
        (options.lines - 1) / options.linesPerFile + 1
    }

    static func fileName(_ number: Int, of count: Int) -> String {
        count == 1 ? "claims.csv" : "claims-\(InstitutionPopulation.padded(number, width: 4)).csv"
    }

    /// Writes a claim and returns its number.
    mutating func write(_ draft: ClaimDraft) throws(GeneratorError) -> Int {
        if file == nil { try openNextFile() }
        let number = claimCount
        claimCount += 1
        let shared = render(draft, number: number, line: 0, shared: nil)
        for line in 1..<max(1, draft.lines.count) { _ = render(draft, number: number, line: line, shared: shared) }
        lineCount += draft.lines.count
        linesInFile += draft.lines.count
        if buffer.count >= RowBuffer.flushThreshold { try flush() }
        if linesInFile >= options.linesPerFile { try closeFile() }
        return number
    }

    mutating func finish() throws(GeneratorError) { try closeFile() }

    private mutating func openNextFile() throws(GeneratorError) {
        let name = Self.fileName(files.count + 1, of: Self.fileCount(options))
        file = try OutputFile(path: options.directory + "/" + name)
        files.append(name)
        buffer.append(Self.header)
    }

    private mutating func closeFile() throws(GeneratorError) {
        try flush()
        file = nil
        linesInFile = 0
    }

    private mutating func flush() throws(GeneratorError) {
        try file?.write(buffer.filled)
        byteCount += buffer.count
        buffer.removeAll()
    }

    /// Renders a line; what a claim's lines have in common is copied from its first.
    private mutating func render(_ draft: ClaimDraft, number: Int, line: Int, shared: Range<Int>?) -> Range<Int> {
        appendClaimID(number)
        buffer.comma()
        buffer.appendNumber(UInt64(line + 1))
        let start = buffer.count
        if let shared {
            buffer.appendAgain(from: shared.lowerBound, to: shared.upperBound)
        } else {
            appendShared(draft)
        }
        let end = buffer.count
        let draftLine = draft.lines[line]
        calendar.append(second: draftLine.serviceSecond, to: &buffer)
        buffer.comma()
        calendar.append(second: draft.settledSecond, to: &buffer)
        buffer.comma()
        if !draft.missing.prescription {
            buffer.append(0x52)
            appendClaimID(draft.originalClaim ?? number)
        }
        buffer.comma()
        appendLine(draftLine, rate: draft.fundRate)
        buffer.append(regionText[draft.patient.region])
        buffer.append(0x0A)
        return start..<end
    }

    /// Twenty digits: the made-up province, the year, a running number.
    private mutating func appendClaimID(_ number: Int) {
        buffer.appendDigits(97_002_025, width: 8)
        buffer.appendDigits(UInt64(number + 1), width: 12)
    }

    /// From the comma after `line_id` to the one before `service_time`.
    private mutating func appendShared(_ draft: ClaimDraft) {
        buffer.comma()
        if let original = draft.originalClaim { appendClaimID(original) }
        buffer.comma()
        buffer.append(institutionText[draft.institution])
        buffer.comma()
        if !draft.missing.department { buffer.append(departmentText[draft.department]) }
        buffer.comma()
        if !draft.missing.doctor { appendDoctor(draft.doctor) }
        buffer.comma()
        appendPatient(draft)
        buffer.comma()
        buffer.append(VisitType.names[draft.visit.rawValue])
        buffer.comma()
        if let diagnosis = draft.diagnosis { buffer.append(diagnosis) }
        buffer.comma()
        if let day = draft.admissionDay { calendar.append(day: day, to: &buffer) }
        buffer.comma()
        if let day = draft.dischargeDay { calendar.append(day: day, to: &buffer) }
        buffer.comma()
    }

    private mutating func appendDoctor(_ doctor: Doctor) {
        buffer.append(0x44)
        buffer.appendDigits(UInt64(doctor.institution + 1), width: 5)
        buffer.appendDigits(UInt64(doctor.department + 1), width: 2)
        buffer.appendDigits(UInt64(doctor.number + 1), width: 5)
    }

    private mutating func appendPatient(_ draft: ClaimDraft) {
        buffer.append(regionText[draft.patient.region])
        buffer.appendDigits(PatientPopulation.number(index: draft.patient.index), width: 14)
        buffer.comma()
        if !draft.missing.sex { buffer.append(Sex.names[Int(draft.patient.sex.rawValue)]) }
        buffer.comma()
        calendar.append(day: draft.patient.birthDay, to: &buffer)
    }

    /// From `item_code` to the comma before `region`.
    private mutating func appendLine(_ line: DraftLine, rate: Int) {
        buffer.append(itemText[line.item])
        buffer.comma()
        buffer.appendDecimal(line.quantity, scale: 4, minimum: 0)
        buffer.comma()
        buffer.appendDecimal(line.price, scale: 6, minimum: 2)
        buffer.comma()
        let amount = LineMoney.amountCents(quantity: line.quantity, price: line.price)
        buffer.appendDecimal(amount, scale: 2, minimum: 2)
        buffer.comma()
        switch line.fund {
        case .share: buffer.appendDecimal(LineMoney.fundCents(amountCents: amount, rate: rate), scale: 2, minimum: 2)
        case .none: buffer.appendDecimal(0, scale: 2, minimum: 2)
        case .missing: break
        }
        buffer.comma()
        if let days = line.daysSupply { buffer.appendDecimal(Int64(days), scale: 2, minimum: 0) }
        buffer.comma()
        if let code = line.traceCode {
            buffer.appendDigits(83, width: 2)
            buffer.appendDigits(code, width: 18)
        }
        buffer.comma()
    }
}

/// Money of a line, rounded half away from zero.
enum LineMoney {
    /// Quantity in ten-thousandths times price in millionths of a yuan, in cents.
    static func amountCents(quantity: Int64, price: Int64) -> Int64 { rounded(quantity * price, by: 100_000_000) }

    /// The fund's part of an amount; the rate is per mille.
    static func fundCents(amountCents: Int64, rate: Int) -> Int64 { rounded(amountCents * Int64(rate), by: 1000) }

    private static func rounded(_ value: Int64, by divisor: Int64) -> Int64 {
        value < 0 ? -((-value + divisor / 2) / divisor) : (value + divisor / 2) / divisor
    }
}
