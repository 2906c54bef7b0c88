/// A person: everything but the place in the population follows from the seed.
struct Patient {
    var region: Int
    var index: Int
    var sex: Sex
    /// Days since the first day of the year; negative.
    var birthDay: Int
    /// Days since the first day of the year; nil for who lives on.
    var deathDay: Int?

    /// Completed years, to the day within a week: enough to stay clear of an age limit.
    func ageYears(onDay day: Int) -> Int { (day - birthDay) * 100 / 36_525 }
}

/// The insured of all regions, computed and never stored: memory does not grow with their number.
struct PatientPopulation {
    let regionCount: Int
    let patientsPerRegion: Int
    private let seed: UInt64

    init(seed: UInt64, regionCount: Int, count: Int) {
        self.seed = RandomSource.mixed(seed ^ 0x5041_5449_454E_5453)
        self.regionCount = regionCount
        patientsPerRegion = max(200, count / regionCount)
    }

    /// Out of so many one dies within the year or shortly before.
    static let deathInterval = 150

    func patient(region: Int, index: Int) -> Patient {
        let bits = RandomSource.mixed(seed &+ UInt64(region &* 1_000_000_007 &+ index))
        let sexDraw = bits % 1000
        let sex: Sex = sexDraw < 487 ? .male : sexDraw < 994 ? .female : .unknown
        let age = Self.age(draw: Int((bits >> 12) % 100), within: Int((bits >> 20) % 1000))
        let birthDay = -(age * 36_525 / 100) - Int((bits >> 32) % 365) - 1
        return Patient(
            region: region, index: index, sex: sex, birthDay: birthDay,
            deathDay: index % Self.deathInterval == 5 ? Int((bits >> 44) % 520) - 160 : nil)
    }

    /// Completed years: the insured who see doctors are old and very young.
    private static func age(draw: Int, within fraction: Int) -> Int {
        switch draw {
        case ..<9: fraction * 7 / 1000
        case ..<16: 7 + fraction * 11 / 1000
        case ..<30: 18 + fraction * 17 / 1000
        case ..<52: 35 + fraction * 17 / 1000
        case ..<82: 52 + fraction * 20 / 1000
        default: 72 + fraction * 22 / 1000
        }
    }

    /// Eight digits that do not show the order: the factor has no divisor in common with 10^8.
    static func number(index: Int) -> UInt64 { UInt64((index &* 48_271_733 &+ 12_345_677) % 100_000_000) }
}
