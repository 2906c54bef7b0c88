/// The year's work: ordinary claims, what is planted, what comes back as a reversal, all in the order of settlement.
struct GenerationYear: ~Copyable {
    private let world: SyntheticWorld
    private let lineLimit: Int
    private var planter: AnomalyPlanter
    private let background: WeightedChoice
    /// Lines to be written by the end of each day.
    private let dayTargets: [Int]
    private var occurrences: [Int: Int] = [:]
    var writer: ClaimFileWriter

    private static let backgroundPerMillion = 8000
    private static let reversalPerMille = 10

    init(world: SyntheticWorld, options: GeneratorOptions) {
        self.world = world
        lineLimit = options.lines
        planter = AnomalyPlanter(world: world, seed: options.seed)
        background = WeightedChoice(weights: Anomaly.allCases.map(\.backgroundWeight))
        dayTargets = Self.dayTargets(lines: options.lines)
        writer = ClaimFileWriter(world: world, options: options)
        schedulePlanted(seed: options.seed)
    }

    /// What occurred at least once where it was planted.
    var truth: [(institution: Int, anomaly: Anomaly)] {
        world.population.planted.filter { occurrences[$0.institution, default: 0] > 0 }
    }

    mutating func run(day: Int) throws(GeneratorError) {
        var entries = planter.agenda.take(day: day)
        let start = writer.lineCount
        let target = dayTargets[day]
        while writer.lineCount < target {
            let second = day * 86_400 + openingSecond(done: writer.lineCount - start, of: target - start)
            while let next = entries.last, next.second <= second {
                entries.removeLast()
                try handle(next)
            }
            if writer.lineCount >= target { break }
            try writeOrdinary(second: second)
        }
        while let next = entries.popLast() { try handle(next) }
    }

    /// Work runs from half past seven to about six; claims are settled up to forty minutes out of order.
    private mutating func openingSecond(done: Int, of total: Int) -> Int {
        27_000 + min(37_800, done * 37_800 / max(1, total)) + planter.composer.random.below(2400)
    }

    private mutating func writeOrdinary(second: Int) throws(GeneratorError) {
        let institution = world.population.choice.draw(&planter.composer.random)
        if planter.composer.random.chance(perMillion: Self.backgroundPerMillion) {
            let anomaly = Anomaly.allCases[background.draw(&planter.composer.random)]
            if planter.occur(anomaly, at: institution, second: second) { return try writeReady() }
        }
        try write(planter.composer.claim(ClaimRequest(institution: institution, settledSecond: second)))
    }

    private mutating func handle(_ entry: ClaimAgenda.Entry) throws(GeneratorError) {
        switch entry {
        case .claim(let draft): try write(draft)
        case .event(let anomaly, let institution, let second, let isPlanted):
            if planter.occur(anomaly, at: institution, second: second), isPlanted {
                occurrences[institution, default: 0] += 1
            }
            try writeReady()
        }
    }

    private mutating func writeReady() throws(GeneratorError) {
        var ready: [ClaimDraft] = []
        swap(&ready, &planter.ready)
        for draft in ready { try write(draft) }
    }

    /// Writes a claim, cut where the last line is reached, and now and then schedules its reversal.
    private mutating func write(_ draft: ClaimDraft) throws(GeneratorError) {
        let room = lineLimit - writer.lineCount
        if room <= 0 { return }
        if draft.lines.count > room {
            var cut = draft
            cut.lines.removeSubrange(room...)
            _ = try writer.write(cut)
            return
        }
        let number = try writer.write(draft)
        if draft.originalClaim == nil, planter.composer.random.chance(perMille: Self.reversalPerMille) {
            planter.agenda.add(reversal(of: draft, number: number))
        }
    }

    private mutating func reversal(of draft: ClaimDraft, number: Int) -> ClaimDraft {
        var reversal = draft
        reversal.originalClaim = number
        reversal.settledSecond += planter.random(1...20) * 86_400
        for place in reversal.lines.indices { reversal.lines[place].quantity.negate() }
        return reversal
    }

    /// Weekends bring somewhat more than half of a working day; the year begins on a Wednesday.
    private static func dayTargets(lines: Int) -> [Int] {
        let weights = (0..<ClaimAgenda.dayCount).map { ($0 + 2) % 7 >= 5 ? 60 : 100 }
        let total = weights.reduce(0, +)
        var sum = 0
        return weights.map { weight in
            sum += weight
            return Int(Int128(lines) * Int128(sum) / Int128(total))
        }
    }

    private mutating func schedulePlanted(seed: UInt64) {
        var random = RandomSource(seed: seed, stream: 2)
        for (institution, anomaly) in world.population.planted {
            let expected = world.population.institutions[institution].expectedClaims
            let usual = anomaly.occurrences(expectedClaims: expected)
            // Very small files take fewer, or none of what needs many claims.
            let count = usual * min(lineLimit, 15_000) / 15_000
            for number in 0..<count {
                let day = Self.day(of: anomaly, number: number, of: count, &random)
                let second = day * 86_400 + random.within(28_800...61_200)
                planter.agenda.add(
                    .event(anomaly, institution: institution, second: second, isPlanted: true), day: day)
            }
        }
    }

    private static func day(of anomaly: Anomaly, number: Int, of count: Int, _ random: inout RandomSource) -> Int {
        let months = CalendarText.monthStarts
        switch anomaly {
        case .visitFrequency: return months[random.below(12)] + random.below(4)
        case .cumulativeSupply: return months[3 * random.below(4)] + random.below(20)
        case .serviceAfterDeath: return random.within(90...360)
        case .splitHospitalisation: return random.within(10...330)
        case .traceCodeReuse, .overlappingStay, .serviceDuringStay: return random.within(3...350)
        case .spendingGrowth:
            let share = number * 1000 / count
            let month = share < 37 ? 7 : share < 110 ? 8 : share < 256 ? 9 : share < 525 ? 10 : 11
            return months[month] + random.below(months[month + 1] - months[month])
        default: return random.within(3...361)
        }
    }
}
