/// Occurrences that are lines of one claim.
extension AnomalyPlanter {
    mutating func enlargePrescription(_ institution: Int, _ second: Int) {
        guard var draft = outpatientClaim(institution, second) else { return }
        let factor = Int64(random(20...40))
        for place in draft.lines.indices where isDrug(draft.lines[place]) {
            draft.lines[place].quantity *= factor
            draft.lines[place].fund = .share
        }
        draft.fundRate = max(draft.fundRate, 500)
        draft.missing.prescription = false
        ready.append(draft)
    }

    mutating func oversupply(_ institution: Int, _ second: Int) {
        guard var draft = outpatientClaim(institution, second) else { return }
        for place in draft.lines.indices where isDrug(draft.lines[place]) {
            draft.lines[place].daysSupply = 100 * random(45...90)
        }
        ready.append(draft)
    }

    mutating func exceedDailyLimit(_ institution: Int, _ second: Int) {
        var draft = composer.claim(ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient))
        let limited = world.catalogue.limited
        let item = limited.lowerBound + random(0...(limited.count - 1))
        draft.lines.removeAll { $0.item == item }
        composer.append(&draft, item: item)
        let limit = world.catalogue.items[item].maximumPerDay ?? 1
        draft.lines[draft.lines.count - 1].quantity = Int64(limit * random(2...5)) * 10_000
        ready.append(draft)
    }

    mutating func repeatLines(_ institution: Int, _ second: Int) {
        var draft = composer.claim(ClaimRequest(institution: institution, settledSecond: second))
        for _ in 0..<random(1...2) {
            var line = draft.lines[composer.random.below(draft.lines.count)]
            line.traceCode = nil
            draft.lines.append(line)
        }
        ready.append(draft)
    }

    mutating func raisePrices(_ institution: Int, _ second: Int) {
        var draft = composer.claim(ClaimRequest(institution: institution, settledSecond: second))
        for place in draft.lines.indices {
            let raised = draft.lines[place].price * Int64(random(190...260)) / 100
            draft.lines[place].price = raised / 10_000 * 10_000 + (raised < 10_000 ? raised : 0)
        }
        ready.append(draft)
    }

    /// Half in the department of gynaecology, half with a diagnosis only women have.
    mutating func treatManAsWoman(_ institution: Int, _ second: Int) {
        guard
            let patient = composer.drawPatient(
                institution: institution, day: second / 86_400, where: { $0.sex == .male })
        else { return }
        var draft = composer.claim(
            ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient, patient: patient))
        draft.diagnosis = composer.drawDiagnosis(department: Department.gynecology, sex: .female)
        if random(0...1) == 0 {
            draft.department = Department.gynecology
            draft.doctor = composer.drawDoctor(institution: institution, department: Department.gynecology)
        }
        draft.missing = ClaimDraft.MissingValues()
        ready.append(draft)
    }

    mutating func diagnoseMaleDisease(_ institution: Int, _ second: Int) {
        guard
            let patient = composer.drawPatient(
                institution: institution, day: second / 86_400, where: { $0.sex == .female })
        else { return }
        var draft = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: .outpatient, patient: patient,
                diagnosis: ["N40.x00", "N41.100", "C61.x00"][random(0...2)]))
        draft.diagnosis = draft.diagnosis ?? "N40.x00"
        draft.missing.sex = false
        ready.append(draft)
    }

    mutating func billOtherSexItem(_ institution: Int, _ second: Int) {
        guard
            let patient = composer.drawPatient(
                institution: institution, day: second / 86_400, where: { $0.sex != .unknown })
        else { return }
        var draft = composer.claim(
            ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient, patient: patient))
        let items = patient.sex == .male ? world.catalogue.femaleOnly : world.catalogue.maleOnly
        composer.addLine(&draft, item: items.lowerBound + random(0...(items.count - 1)))
        draft.missing.sex = false
        ready.append(draft)
    }

    mutating func billOtherAgeItem(_ institution: Int, _ second: Int) {
        let day = second / 86_400
        guard
            let patient = composer.drawPatient(
                institution: institution, day: day,
                where: { !(13...19).contains($0.ageYears(onDay: day)) && $0.birthDay < day - 40 })
        else { return }
        var draft = composer.claim(
            ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient, patient: patient))
        let items = patient.ageYears(onDay: day) < 13 ? world.catalogue.adultOnly : world.catalogue.childOnly
        composer.addLine(&draft, item: items.lowerBound + random(0...(items.count - 1)))
        ready.append(draft)
    }

    /// Every so many-th person dies; one who has died long enough ago comes back.
    mutating func serveTheDead(_ institution: Int, _ second: Int) {
        let day = second / 86_400
        let patients = world.patients
        let region = world.population.institutions[institution].region
        for _ in 0..<60 {
            let turn = composer.random.below(patients.patientsPerRegion / PatientPopulation.deathInterval)
            let patient = patients.patient(region: region, index: turn * PatientPopulation.deathInterval + 5)
            guard let death = patient.deathDay, death < day - 20 else { continue }
            ready.append(
                composer.claim(
                    ClaimRequest(institution: institution, settledSecond: second, patient: patient, stayDays: 4)))
            return
        }
    }
}
