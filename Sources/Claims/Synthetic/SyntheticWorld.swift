/// Everything that stays the same through the year: who treats, who is treated, what is billed.
struct SyntheticWorld {
    let population: InstitutionPopulation
    let patients: PatientPopulation
    let catalogue: ItemCatalogue
    /// For each department the sex its diagnoses are bound to, in their order.
    let diagnosisSexes: [[Sex?]]
    let seed: UInt64

    /// Lines a claim has on average, in tenths.
    private static let linesPerClaimTenths = 57

    init(lines: Int, seed: UInt64) {
        var random = RandomSource(seed: seed, stream: 1)
        let claims = max(1, lines * 10 / Self.linesPerClaimTenths)
        let institutionCount = InstitutionPopulation.count(forLines: lines)
        let regionCount = InstitutionPopulation.regionCodes(institutionCount: institutionCount).count
        patients = PatientPopulation(seed: seed, regionCount: regionCount, count: claims * 36 / 100)
        population = InstitutionPopulation(
            lines: lines, claims: claims, patientsPerRegion: patients.patientsPerRegion, random: &random)
        catalogue = ItemCatalogue(lines: lines, random: &random)
        diagnosisSexes = Department.all.map { $0.diagnoses.map(SexBoundDiagnosis.sex) }
        self.seed = seed
    }

    var institutions: [Institution] { population.institutions }

    /// The price of an item at an institution in millionths: within a tenth of the usual one, in whole cents but for
    /// slices, which have four decimals.
    func price(of item: Int, at institution: Int) -> Int64 {
        let article = catalogue.items[item]
        let bits = RandomSource.mixed(seed &+ UInt64(item &* 7919 &+ institution &* 104_729))
        let level = Int64(population.institutions[institution].priceLevel)
        let price = article.basePrice * level / 1000 * Int64(970 + bits % 61) / 1000
        let step: Int64 = article.isSlice ? 100 : 10_000
        return max(step, (price + step / 2) / step * step)
    }
}
