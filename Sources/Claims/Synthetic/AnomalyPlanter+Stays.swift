/// Occurrences that are stays in hospital.
extension AnomalyPlanter {
    private static let stayClasses: [InstitutionClass] = [.secondaryHospital, .tertiaryHospital]

    /// One illness billed as two or three stays a few days apart.
    mutating func splitStay(_ institution: Int, _ second: Int) {
        var first = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: .inpatient, stayDays: random(3...5)))
        let diagnosis = first.diagnosis ?? "I10.x00"
        first.diagnosis = diagnosis
        ready.append(first)
        var settled = second
        for _ in 0..<random(1...2) {
            let days = random(3...5)
            settled += (days + random(1...10)) * 86_400
            var next = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: settled, visit: .inpatient, department: first.department,
                    patient: first.patient, stayDays: days))
            next.diagnosis = diagnosis
            agenda.add(next)
        }
    }

    /// A stay elsewhere that begins before this one ends.
    mutating func overlapStays(_ institution: Int, _ second: Int) {
        guard let other = partner(of: institution, Self.stayClasses) else { return }
        let here = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: .inpatient, stayDays: random(4...7)))
        ready.append(here)
        agenda.add(
            composer.claim(
                ClaimRequest(
                    institution: other, settledSecond: second + 2 * 86_400, visit: .inpatient, patient: here.patient,
                    stayDays: random(4...5))))
    }

    /// A visit here while the patient lies elsewhere.
    mutating func serveDuringStay(_ institution: Int, _ second: Int) {
        guard let other = partner(of: institution, Self.stayClasses) else { return }
        let isPharmacy = world.population.institutions[institution].institutionClass == .pharmacy
        let here = composer.claim(
            ClaimRequest(
                institution: institution, settledSecond: second, visit: isPharmacy ? .pharmacy : .outpatient))
        ready.append(here)
        agenda.add(
            composer.claim(
                ClaimRequest(
                    institution: other, settledSecond: second + 2 * 86_400, visit: .inpatient, patient: here.patient,
                    stayDays: random(4...6))))
    }

    /// Six to eight patients who come and go together with one diagnosis.
    mutating func admitTogether(_ institution: Int, _ second: Int) {
        let days = random(3...4)
        let diagnosis = ["M51.200", "G45.900", "J20.900", "K29.500"][random(0...3)]
        for number in 0..<random(7...9) {
            var draft = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: second + number * 120, visit: .inpatient,
                    department: Department.internalMedicine, stayDays: days, maximumLines: 12))
            draft.diagnosis = diagnosis
            ready.append(draft)
        }
    }
}
