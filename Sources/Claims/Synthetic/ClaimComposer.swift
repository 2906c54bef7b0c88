/// What is asked of a claim; what is left open is drawn.
struct ClaimRequest {
    var institution: Int
    var settledSecond: Int
    var visit: VisitType?
    var department: Int?
    var patient: Patient?
    var diagnosis: String?
    var stayDays: Int?
    var maximumLines = 200
}

/// Composes ordinary claims: diagnosis, department, sex, age and items fit each other.
struct ClaimComposer {
    let world: SyntheticWorld
    var random: RandomSource
    private var traceCount: UInt64 = 0

    init(world: SyntheticWorld, random: RandomSource) {
        self.world = world
        self.random = random
    }

    mutating func claim(_ request: ClaimRequest) -> ClaimDraft {
        let institution = request.institution
        let institutionClass = world.population.institutions[institution].institutionClass
        let visit = request.visit ?? drawVisit(institutionClass)
        var department = request.department ?? drawDepartment(institutionClass, visit)
        let day = request.settledSecond / 86_400
        let patient: Patient
        if let given = request.patient {
            patient = given
            if !fits(given, department, day) { department = generalDepartment(institutionClass) }
        } else if let found = drawPatient(institution: institution, day: day, department: department) {
            patient = found
        } else {
            department = generalDepartment(institutionClass)
            patient =
                drawPatient(institution: institution, day: day, department: department)
                ?? world.patients.patient(region: 0, index: 0)
        }
        var draft = ClaimDraft(
            institution: institution, department: department,
            doctor: drawDoctor(institution: institution, department: department), patient: patient, visit: visit,
            diagnosis: request.diagnosis ?? drawDiagnosis(department: department, sex: patient.sex),
            settledSecond: request.settledSecond, fundRate: drawFundRate(institutionClass, visit))
        drawMissingValues(&draft)
        if visit == .inpatient {
            let days = request.stayDays ?? drawStayDays()
            draft.admissionDay = day - days
            draft.dischargeDay = day
            addStayLines(&draft, days: days)
        } else {
            addVisitLines(&draft)
        }
        if draft.lines.count > request.maximumLines {
            draft.lines.removeSubrange(request.maximumLines...)
        }
        return draft
    }

    /// A code never given before: a permutation of the count, in two halves of nine digits that stir each other.
    mutating func nextTraceCode() -> UInt64 {
        traceCount += 1
        let modulus: UInt64 = 1_000_000_000
        var high = traceCount / modulus
        var low = traceCount % modulus
        for round in 0..<3 {
            high = (high + RandomSource.mixed(low &+ world.seed &+ UInt64(round) << 40) % modulus) % modulus
            low = (low + RandomSource.mixed(high ^ world.seed) % modulus) % modulus
        }
        return high * modulus + low
    }

    mutating func drawPatient(institution: Int, day: Int, department: Int) -> Patient? {
        for _ in 0..<60 {
            let patient = drawPatient(institution: institution)
            if fits(patient, department, day), isAlive(patient, day) { return patient }
        }
        return nil
    }

    /// A living patient for whom a condition holds; nil if a while of looking finds none.
    mutating func drawPatient(institution: Int, day: Int, where condition: (Patient) -> Bool) -> Patient? {
        for _ in 0..<80 {
            let patient = drawPatient(institution: institution)
            if isAlive(patient, day), condition(patient) { return patient }
        }
        return nil
    }

    /// Half of the patients live around the institution, most others in its region.
    private mutating func drawPatient(institution: Int) -> Patient {
        let place = world.population.institutions[institution]
        let count = world.patients.patientsPerRegion
        let draw = random.below(100)
        if draw < 50 {
            let index = (place.catchmentStart + random.below(place.catchmentCount)) % count
            return world.patients.patient(region: place.region, index: index)
        }
        let region = draw < 95 ? place.region : random.below(world.patients.regionCount)
        // The first tenth of a region sees doctors more often than the rest.
        let index = draw % 4 == 0 ? random.below(count / 10) : random.below(count)
        return world.patients.patient(region: region, index: index)
    }

    func isAlive(_ patient: Patient, _ day: Int) -> Bool {
        guard let death = patient.deathDay else { return true }
        return death > day
    }

    private func fits(_ patient: Patient, _ department: Int, _ day: Int) -> Bool {
        if patient.birthDay >= day - 40 { return false }
        switch department {
        case Department.gynecology: return patient.sex == .female && patient.ageYears(onDay: day) >= 16
        case Department.paediatrics: return patient.ageYears(onDay: day) < 13
        default: return true
        }
    }

    func generalDepartment(_ institutionClass: InstitutionClass) -> Int {
        switch institutionClass {
        case .pharmacy: Department.counter
        case .clinic: 0
        default: Department.internalMedicine
        }
    }

    private mutating func drawVisit(_ institutionClass: InstitutionClass) -> VisitType {
        let place = draw(weights: institutionClass.visitWeights)
        return VisitType(rawValue: place) ?? .outpatient
    }

    private mutating func drawDepartment(_ institutionClass: InstitutionClass, _ visit: VisitType) -> Int {
        switch visit {
        case .pharmacy: return Department.counter
        case .emergency: return Department.emergency
        case .chronic: return generalDepartment(institutionClass)
        case .outpatient, .inpatient:
            var place = random.below(100)
            for (index, department) in Department.all.enumerated() {
                let weight = department.weights[institutionClass.rawValue]
                if place < weight { return index }
                place -= weight
            }
            return generalDepartment(institutionClass)
        }
    }

    mutating func drawDoctor(institution: Int, department: Int) -> Doctor {
        let count = world.population.institutions[institution].doctorsPerDepartment[department]
        return Doctor(institution: institution, department: department, number: random.below(count))
    }

    /// Common diagnoses first; one bound to the other sex is drawn again.
    mutating func drawDiagnosis(department: Int, sex: Sex) -> String? {
        let count = world.diagnosisSexes[department].count
        for _ in 0..<20 {
            let place = min(random.below(count), random.below(count))
            let bound = world.diagnosisSexes[department][place]
            if bound == nil || bound == sex { return Department.all[department].diagnoses[place] }
        }
        return nil
    }

    private mutating func drawFundRate(_ institutionClass: InstitutionClass, _ visit: VisitType) -> Int {
        if random.chance(perMille: 30) { return 0 }
        let base =
            switch visit {
            case .inpatient: 740
            case .chronic: institutionClass.outpatientRate + 100
            default: institutionClass.outpatientRate
            }
        return base + 10 * random.below(10)
    }

    private mutating func drawMissingValues(_ draft: inout ClaimDraft) {
        let isPharmacy = draft.visit == .pharmacy
        draft.missing.department = random.chance(perMille: 15)
        draft.missing.doctor = isPharmacy ? random.chance(perMille: 700) : random.chance(perMille: 12)
        draft.missing.sex = random.chance(perMille: 6)
        draft.missing.prescription = random.chance(perMille: 20)
        if random.chance(perMille: isPharmacy ? 600 : 15) { draft.diagnosis = nil }
    }

    private mutating func drawStayDays() -> Int {
        switch random.below(100) {
        case ..<35: random.within(2...5)
        case ..<75: random.within(6...9)
        default: random.within(10...16)
        }
    }

    mutating func draw(weights: [Int]) -> Int {
        var place = random.below(weights.reduce(0, +))
        for (index, weight) in weights.enumerated() {
            if place < weight { return index }
            place -= weight
        }
        return weights.count - 1
    }
}
