extension ClaimComposer {
    /// Lines of a visit: drugs, services and what belongs to the department, each item once.
    mutating func addVisitLines(_ draft: inout ClaimDraft) {
        let isPharmacy = draft.visit == .pharmacy
        let drugCount = isPharmacy ? 1 + draw(weights: [45, 35, 20]) : draw(weights: [8, 22, 28, 24, 12, 6])
        for _ in 0..<drugCount { addLine(&draft, item: catalogueDrug(draft.department)) }
        if isPharmacy { return }
        addDepartmentItem(&draft)
        for _ in 0..<draw(weights: [42, 30, 18, 10]) { addLine(&draft, item: catalogueService(draft.department)) }
        if random.chance(perMille: 300) {
            addLine(&draft, item: world.catalogue.limited.lowerBound + random.below(world.catalogue.limited.count))
        }
        if random.chance(perMille: 60) { addLine(&draft, item: world.catalogue.drawConsumable(&random)) }
        if draft.lines.isEmpty { addLine(&draft, item: catalogueService(draft.department)) }
    }

    /// Lines of a stay, day by day: bed and nursing, and what the day brings.
    mutating func addStayLines(_ draft: inout ClaimDraft, days: Int) {
        let admissionDay = draft.admissionDay ?? draft.settledDay
        for day in 0..<days {
            let firstOfDay = draft.lines.count
            let start = (admissionDay + day) * 86_400 + 8 * 3600
            append(&draft, item: world.catalogue.bed, second: start)
            append(&draft, item: world.catalogue.nursing, second: start + 300)
            if day == 0 { addLine(&draft, item: catalogueService(draft.department), second: start + 3600) }
            for number in 0..<draw(weights: [30, 35, 25, 10]) {
                let item =
                    switch random.below(100) {
                    case ..<55: catalogueDrug(draft.department)
                    case ..<88: catalogueService(draft.department)
                    default: world.catalogue.drawConsumable(&random)
                    }
                addLine(
                    &draft, item: item, second: start + 1800 * (number + 3) + random.below(1700), after: firstOfDay)
            }
        }
    }

    private mutating func catalogueDrug(_ department: Int) -> Int {
        world.catalogue.drawDrug(department: department, &random)
    }

    private mutating func catalogueService(_ department: Int) -> Int {
        world.catalogue.drawService(department: department, &random)
    }

    /// Items for one sex or age only go to those they are for.
    private mutating func addDepartmentItem(_ draft: inout ClaimDraft) {
        let catalogue = world.catalogue
        let age = draft.patient.ageYears(onDay: draft.settledDay)
        let range: Range<Int>
        switch draft.department {
        case Department.gynecology where draft.patient.sex == .female && random.chance(perMille: 550):
            range = catalogue.femaleOnly
        case Department.paediatrics where age < 13 && random.chance(perMille: 600): range = catalogue.childOnly
        case Department.surgery where draft.patient.sex == .male && random.chance(perMille: 300):
            range = catalogue.maleOnly
        case 0 where age < 13 && random.chance(perMille: 400): range = catalogue.childOnly
        case 0 where age > 18 && random.chance(perMille: 120),
            Department.internalMedicine where age > 18 && random.chance(perMille: 120):
            range = catalogue.adultOnly
        default: return
        }
        addLine(&draft, item: range.lowerBound + random.below(range.count))
    }

    /// Adds a line unless the item stands among the lines from `first` on.
    mutating func addLine(_ draft: inout ClaimDraft, item: Int, second: Int? = nil, after first: Int = 0) {
        for place in first..<draft.lines.count where draft.lines[place].item == item { return }
        append(&draft, item: item, second: second)
    }

    mutating func append(_ draft: inout ClaimDraft, item: Int, second: Int? = nil) {
        let article = world.catalogue.items[item]
        let service = second ?? (draft.lines.first?.serviceSecond ?? draft.settledSecond - 60 - random.below(1800))
        var line = DraftLine(
            item: item, quantity: drawQuantity(item, article, draft.visit),
            price: world.price(of: item, at: draft.institution), serviceSecond: service)
        if article.category == .drug {
            line.daysSupply = drawDaysSupply(draft.visit)
            if !article.isSlice, random.chance(perMille: 900) { line.traceCode = nextTraceCode() }
        }
        if article.isSelfPaid { line.fund = .none }
        if random.chance(perMille: 3) { line.fund = .missing }
        draft.lines.append(line)
    }

    private mutating func drawQuantity(_ item: Int, _ article: Item, _ visit: VisitType) -> Int64 {
        if article.isSlice { return Int64(random.within(12...60)) * 25_000 }
        switch article.category {
        case .service:
            return random.chance(perMille: 4) && article.maximumPerDay == nil ? 5000 : 10_000
        case .consumable: return Int64(1 + random.below(3)) * 10_000
        case .drug:
            let draw = random.below(100)
            let packs: Int64 = draw < 60 ? 1 : draw < 88 ? 2 : 3
            return packs * (visit == .chronic ? 20_000 : 10_000)
        }
    }

    private static let outpatientDays = [3, 5, 7, 7, 7, 10, 14, 14, 21, 28, 30]
    private static let emergencyDays = [1, 2, 3, 3, 5]
    private static let chronicDays = [14, 28, 28, 30, 30, 30, 56]

    private mutating func drawDaysSupply(_ visit: VisitType) -> Int? {
        if random.chance(perMille: visit == .inpatient ? 600 : 60) { return nil }
        switch visit {
        case .outpatient, .pharmacy:
            let days = Self.outpatientDays[random.below(Self.outpatientDays.count)] * 100
            return random.chance(perMille: 10) && days < 1500 ? days + 50 : days
        case .emergency: return Self.emergencyDays[random.below(Self.emergencyDays.count)] * 100
        case .chronic: return Self.chronicDays[random.below(Self.chronicDays.count)] * 100
        case .inpatient: return 100
        }
    }
}
