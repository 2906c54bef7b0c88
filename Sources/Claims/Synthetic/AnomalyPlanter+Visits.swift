/// Occurrences that are several claims of one or many patients.
extension AnomalyPlanter {
    /// One drug, five chronic claims in a quarter, each within its own limit.
    mutating func hoard(_ institution: Int, _ second: Int) {
        let first = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: .chronic, maximumLines: 2))
        let drugs = world.catalogue.drugs
        let item = drugs.lowerBound + composer.random.below(drugs.count)
        for number in 0..<5 {
            var draft = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: second + number * 12 * 86_400, visit: .chronic,
                    patient: first.patient, maximumLines: 2))
            draft.lines.removeAll { $0.item == item }
            composer.append(&draft, item: item)
            draft.lines[draft.lines.count - 1].daysSupply = 100 * random(45...60)
            if number == 0 { ready.append(draft) } else { agenda.add(draft) }
        }
    }

    /// Eleven to thirteen visits on different days of what is left of the month.
    mutating func visitOften(_ institution: Int, _ second: Int) {
        var request = ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient, maximumLines: 2)
        let first = composer.claim(request)
        ready.append(first)
        request.patient = first.patient
        for number in 1..<random(11...13) {
            request.settledSecond = second + number * 2 * 86_400 - random(0...7200)
            agenda.add(composer.claim(request))
        }
    }

    mutating func visitManyInstitutions(_ institution: Int, _ second: Int) {
        let first = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: visit(at: institution), maximumLines: 3))
        var seen = [institution]
        ready.append(first)
        while seen.count < 3 {
            guard let other = partner(of: institution, InstitutionClass.allCases), !seen.contains(other) else {
                continue
            }
            seen.append(other)
            ready.append(
                composer.claim(
                    ClaimRequest(
                        institution: other, settledSecond: second + seen.count * 1500, visit: visit(at: other),
                        patient: first.patient, maximumLines: 3)))
        }
    }

    private func visit(at institution: Int) -> VisitType {
        world.population.institutions[institution].institutionClass == .pharmacy ? .pharmacy : .outpatient
    }

    /// One doctor sees everyone around within a day.
    mutating func overloadDoctor(_ institution: Int, _ second: Int) {
        let place = world.population.institutions[institution]
        let day = second / 86_400
        let department = composer.generalDepartment(place.institutionClass)
        let doctor = composer.drawDoctor(institution: institution, department: department)
        let count = random(160...185)
        let start = composer.random.below(world.patients.patientsPerRegion)
        for number in 0..<count {
            let index = (start + number) % world.patients.patientsPerRegion
            let patient = world.patients.patient(region: place.region, index: index)
            guard composer.isAlive(patient, day), patient.birthDay < day - 40 else { continue }
            var draft = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: day * 86_400 + 28_800 + number * 200, visit: .outpatient,
                    department: department, patient: patient, maximumLines: 1 + number % 2))
            draft.doctor = doctor
            draft.missing.doctor = false
            ready.append(draft)
        }
    }

    mutating func practiseTwice(_ institution: Int, _ second: Int) {
        guard let other = partner(of: institution, [.secondaryHospital, .primaryHospital, .clinic, .tertiaryHospital])
        else { return }
        var here = composer.claim(ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient))
        var there = composer.claim(
            ClaimRequest(
                institution: other, settledSecond: second + 3600, visit: .outpatient, maximumLines: 3))
        there.doctor = here.doctor
        here.missing.doctor = false
        there.missing.doctor = false
        ready.append(here)
        ready.append(there)
    }

    /// One code on three claims, days apart.
    mutating func reuseTraceCode(_ institution: Int, _ second: Int) {
        let code = composer.nextTraceCode()
        let drugs = world.catalogue.drugs
        let item = drugs.lowerBound + composer.random.below(min(40, drugs.count))
        let isPharmacy = world.population.institutions[institution].institutionClass == .pharmacy
        for number in 0..<3 {
            var draft = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: second + number * 86_400 * random(1...4),
                    visit: isPharmacy ? .pharmacy : .outpatient))
            draft.lines.removeAll { $0.item == item }
            composer.append(&draft, item: item)
            draft.lines[draft.lines.count - 1].traceCode = code
            if number == 0 { ready.append(draft) } else { agenda.add(draft) }
        }
    }

    /// One bill of six items or more for six to nine patients within two weeks.
    mutating func copyBill(_ institution: Int, _ second: Int) {
        let drugs = world.catalogue.drugs
        var template = composer.claim(ClaimRequest(institution: institution, settledSecond: second, visit: .outpatient))
        while template.lines.count < 6 {
            composer.addLine(&template, item: drugs.lowerBound + composer.random.below(drugs.count))
        }
        ready.append(template)
        for _ in 1..<random(6...9) {
            let later = second + random(0...13) * 86_400 - random(0...3600)
            var copy = composer.claim(ClaimRequest(institution: institution, settledSecond: later, visit: .outpatient))
            copy.department = template.department
            copy.doctor = template.doctor
            copy.lines = moved(template, to: later).lines
            for place in copy.lines.indices where copy.lines[place].traceCode != nil {
                copy.lines[place].traceCode = composer.nextTraceCode()
            }
            if copy.settledDay == template.settledDay { ready.append(copy) } else { agenda.add(copy) }
        }
    }
}
