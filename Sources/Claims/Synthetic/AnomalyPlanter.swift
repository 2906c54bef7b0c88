/// Makes the occurrences of anomalies: claims for now and claims for later.
struct AnomalyPlanter {
    var composer: ClaimComposer
    var agenda = ClaimAgenda()
    /// Claims to be written at once.
    var ready: [ClaimDraft] = []

    init(world: SyntheticWorld, seed: UInt64) {
        composer = ClaimComposer(world: world, random: RandomSource(seed: seed, stream: 3))
    }

    var world: SyntheticWorld { composer.world }

    /// Makes one occurrence at an institution; false if the institution or the moment does not allow it.
    mutating func occur(_ anomaly: Anomaly, at institution: Int, second: Int) -> Bool {
        let institutionClass = world.population.institutions[institution].institutionClass
        let isHospital = institutionClass.kind == "hospital"
        let isPharmacy = institutionClass == .pharmacy
        let before = ready.count
        switch anomaly {
        case .multiInstitutionDay: visitManyInstitutions(institution, second)
        case .serviceDuringStay: serveDuringStay(institution, second)
        case .traceCodeReuse: reuseTraceCode(institution, second)
        case .priceDeviation: raisePrices(institution, second)
        case .duplicateBilling: repeatLines(institution, second)
        case .serviceAfterDeath: serveTheDead(institution, second)
        case .spendingGrowth:
            ready.append(composer.claim(ClaimRequest(institution: institution, settledSecond: second)))
        case _ where isPharmacy: return false
        case .prescriptionSize: enlargePrescription(institution, second)
        case .supplyDays: oversupply(institution, second)
        case .cumulativeSupply: hoard(institution, second)
        case .visitFrequency: visitOften(institution, second)
        case .doctorImpossibleDay: overloadDoctor(institution, second)
        case .doctorMultiSite: practiseTwice(institution, second)
        case .itemOverQuantity: exceedDailyLimit(institution, second)
        case .sexRestrictedItem: billOtherSexItem(institution, second)
        case .ageRestrictedItem: billOtherAgeItem(institution, second)
        case .femaleAndrology: diagnoseMaleDisease(institution, second)
        case .identicalBills: copyBill(institution, second)
        case _ where !isHospital: return false
        case .maleGynecology: treatManAsWoman(institution, second)
        case .splitHospitalisation: splitStay(institution, second)
        case .overlappingStay: overlapStays(institution, second)
        case .clusteredAdmission: admitTogether(institution, second)
        }
        return ready.count > before
    }

    mutating func random(_ range: ClosedRange<Int>) -> Int { composer.random.within(range) }

    /// Another institution of one of these classes.
    mutating func partner(of institution: Int, _ classes: [InstitutionClass]) -> Int? {
        for _ in 0..<20 {
            let members = world.population.members[classes[composer.random.below(classes.count)].rawValue]
            let other = members[composer.random.below(members.count)]
            if other != institution { return other }
        }
        return nil
    }

    /// An outpatient claim with drugs, from the department most patients see.
    mutating func outpatientClaim(_ institution: Int, _ second: Int) -> ClaimDraft? {
        let department = composer.generalDepartment(world.population.institutions[institution].institutionClass)
        for _ in 0..<8 {
            let draft = composer.claim(
                ClaimRequest(
                    institution: institution, settledSecond: second, visit: .outpatient, department: department))
            if draft.lines.contains(where: { isDrug($0) }) { return draft }
        }
        return nil
    }

    func isDrug(_ line: DraftLine) -> Bool { world.catalogue.items[line.item].category == .drug }

    /// Sets the moments of a claim anew, its lines keeping their distance.
    func moved(_ draft: ClaimDraft, to second: Int) -> ClaimDraft {
        var draft = draft
        let shift = second - draft.settledSecond
        draft.settledSecond = second
        for place in draft.lines.indices { draft.lines[place].serviceSecond += shift }
        return draft
    }
}
