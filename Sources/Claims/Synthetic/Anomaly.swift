/// A pattern the generator plants: the id of the indicator that is to find it.
package enum Anomaly: String, CaseIterable, Sendable {
    case prescriptionSize = "prescription_size"
    case supplyDays = "supply_days"
    case cumulativeSupply = "cumulative_supply"
    case visitFrequency = "visit_frequency"
    case multiInstitutionDay = "multi_institution_day"
    case doctorImpossibleDay = "doctor_impossible_day"
    case doctorMultiSite = "doctor_multi_site"
    case itemOverQuantity = "item_over_quantity"
    case maleGynecology = "male_gynecology"
    case femaleAndrology = "female_andrology"
    case sexRestrictedItem = "sex_restricted_item"
    case ageRestrictedItem = "age_restricted_item"
    case duplicateBilling = "duplicate_billing"
    case priceDeviation = "price_deviation"
    case traceCodeReuse = "trace_code_reuse"
    case splitHospitalisation = "split_hospitalisation"
    case overlappingStay = "overlapping_stay"
    case serviceDuringStay = "service_during_stay"
    case clusteredAdmission = "clustered_admission"
    case identicalBills = "identical_bills"
    case serviceAfterDeath = "service_after_death"
    case spendingGrowth = "spending_growth"
}

extension Anomaly {
    /// Where it is planted: kinds of institution in which it can happen, taken in turn.
    var institutionClasses: [InstitutionClass] {
        switch self {
        case .prescriptionSize, .doctorMultiSite: [.secondaryHospital, .primaryHospital]
        case .supplyDays, .cumulativeSupply: [.primaryHospital, .secondaryHospital]
        case .visitFrequency, .identicalBills: [.clinic, .primaryHospital]
        case .multiInstitutionDay, .priceDeviation, .traceCodeReuse: [.pharmacy, .primaryHospital]
        case .doctorImpossibleDay: [.primaryHospital, .secondaryHospital]
        case .itemOverQuantity: [.primaryHospital, .tertiaryHospital]
        case .duplicateBilling, .overlappingStay: [.tertiaryHospital, .secondaryHospital]
        case .maleGynecology, .sexRestrictedItem: [.secondaryHospital, .tertiaryHospital]
        case .femaleAndrology: [.tertiaryHospital, .secondaryHospital]
        case .ageRestrictedItem, .serviceAfterDeath: [.primaryHospital, .secondaryHospital]
        case .splitHospitalisation, .clusteredAdmission: [.secondaryHospital, .tertiaryHospital]
        case .serviceDuringStay: [.clinic, .pharmacy]
        case .spendingGrowth: [.pharmacy, .clinic]
        }
    }

    /// Occurrences in a year at an institution where about that many claims are expected.
    ///
    /// An occurrence may be many claims.
    func occurrences(expectedClaims claims: Int) -> Int {
        switch self {
        // The clearest cases of a supervisor's work are planted most strongly.
        case .prescriptionSize, .maleGynecology: max(9, claims * 18 / 100)
        case .supplyDays, .itemOverQuantity, .femaleAndrology, .ageRestrictedItem: max(9, claims * 12 / 100)
        case .sexRestrictedItem: max(7, claims * 8 / 100)
        case .duplicateBilling, .priceDeviation: max(10, claims * 15 / 100)
        // At pharmacies and clinics, where a claim is little money.
        case .multiInstitutionDay, .serviceDuringStay: max(8, claims * 12 / 100)
        case .traceCodeReuse: max(7, claims * 12 / 100)
        case .doctorMultiSite: max(8, claims * 7 / 100)
        case .serviceAfterDeath: max(7, claims * 6 / 100)
        case .splitHospitalisation, .overlappingStay: max(5, claims * 5 / 100)
        case .cumulativeSupply: max(5, claims * 3 / 100)
        case .visitFrequency: max(4, claims * 5 / 100)
        case .clusteredAdmission, .identicalBills: max(2, claims / 100)
        // Two such days are no pattern, but a third is more than a year of a hundred claims has room for.
        case .doctorImpossibleDay: max(claims < 150 ? 2 : 3, claims / 1500)
        // Claims beside the usual ones: from August on each month far above the three before it.
        case .spendingGrowth: max(60, claims * 4)
        }
    }

    /// How often it happens anywhere without meaning anything, out of all chance events.
    var backgroundWeight: Int {
        switch self {
        case .spendingGrowth: 0
        case .doctorImpossibleDay: 1
        case .visitFrequency, .cumulativeSupply, .clusteredAdmission, .identicalBills, .overlappingStay: 12
        case .splitHospitalisation, .multiInstitutionDay, .serviceDuringStay, .traceCodeReuse: 30
        default: 80
        }
    }
}
