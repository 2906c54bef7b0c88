/// A drug, service or consumable that is billed.
struct Item {
    var code: String
    var name: String
    var category: ItemCategory
    /// Usual price in millionths of a yuan.
    var basePrice: Int64
    /// Herbal slices are billed by the gram.
    var isSlice = false
    /// Whether the fund pays nothing of it.
    var isSelfPaid = false
    var sex: Sex?
    var maximumAgeYears: Int?
    var minimumAgeYears: Int?
    var maximumPerDay: Int?
}

enum ItemCategory: Int {
    case drug
    case service
    case consumable

    static let names = ["drug", "service", "consumable"]
}

/// All items; the special ones stand first, so that their places are known.
struct ItemCatalogue {
    let items: [Item]
    let bed: Int
    let nursing: Int
    /// Services with a limit a day, bed and nursing not among them.
    let limited: Range<Int>
    let femaleOnly: Range<Int>
    let maleOnly: Range<Int>
    let childOnly: Range<Int>
    let adultOnly: Range<Int>
    let drugs: Range<Int>
    let services: Range<Int>
    let consumables: Range<Int>
    private let drugChoice: WeightedChoice
    private let serviceChoice: WeightedChoice
    private let consumableChoice: WeightedChoice

    init(lines: Int, random: inout RandomSource) {
        let drugCount = min(4000, max(150, lines / 150))
        let serviceCount = min(1200, max(60, lines / 450))
        let consumableCount = min(800, max(30, lines / 1500))
        var items: [Item] = []
        func append(_ count: Int, _ make: (Int) -> Item) -> Range<Int> {
            let start = items.count
            for number in 0..<count { items.append(make(number)) }
            return start..<items.count
        }
        var source = random
        bed = append(1) { _ in SpecialItems.bed }.lowerBound
        nursing = append(1) { _ in SpecialItems.nursing }.lowerBound
        limited = append(SpecialItems.limited.count) { SpecialItems.limited[$0] }
        femaleOnly = append(SpecialItems.femaleOnly.count) { SpecialItems.femaleOnly[$0] }
        maleOnly = append(SpecialItems.maleOnly.count) { SpecialItems.maleOnly[$0] }
        childOnly = append(SpecialItems.childOnly.count) { SpecialItems.childOnly[$0] }
        adultOnly = append(SpecialItems.adultOnly.count) { SpecialItems.adultOnly[$0] }
        drugs = append(drugCount) { ItemNames.drug($0, &source) }
        services = append(serviceCount) { ItemNames.service($0, &source) }
        consumables = append(consumableCount) { ItemNames.consumable($0, &source) }
        random = source
        self.items = items
        drugChoice = .zipf(count: drugCount, flatness: 3)
        serviceChoice = .zipf(count: serviceCount, flatness: 3)
        consumableChoice = .zipf(count: consumableCount, flatness: 3)
    }

    /// Departments prefer different items: each starts the ranking at a place of its own, half of the time.
    func drawDrug(department: Int, _ random: inout RandomSource) -> Int {
        drugs.lowerBound + shifted(drugChoice.draw(&random), by: department, of: drugs.count, &random)
    }

    func drawService(department: Int, _ random: inout RandomSource) -> Int {
        services.lowerBound + shifted(serviceChoice.draw(&random), by: department, of: services.count, &random)
    }

    func drawConsumable(_ random: inout RandomSource) -> Int {
        consumables.lowerBound + consumableChoice.draw(&random)
    }

    private func shifted(_ rank: Int, by department: Int, of count: Int, _ random: inout RandomSource) -> Int {
        random.next() & 1 == 0 ? rank : (rank + department * count / Department.all.count) % count
    }
}
