/// What is to come later in the year, by day.
struct ClaimAgenda {
    enum Entry {
        case claim(ClaimDraft)
        case event(Anomaly, institution: Int, second: Int, isPlanted: Bool)

        var second: Int {
            switch self {
            case .claim(let draft): draft.settledSecond
            case .event(_, _, let second, _): second
            }
        }
    }

    static let dayCount = 365

    private var days: [[Entry]] = Array(repeating: [], count: dayCount)

    /// Adds a claim on the day it is settled; one beyond the year is dropped.
    mutating func add(_ draft: ClaimDraft) { add(.claim(draft), day: draft.settledDay) }

    mutating func add(_ entry: Entry, day: Int) {
        guard days.indices.contains(day) else { return }
        days[day].append(entry)
    }

    /// Takes the entries of a day, the latest first.
    mutating func take(day: Int) -> [Entry] {
        var entries: [Entry] = []
        swap(&entries, &days[day])
        let order = entries.indices.sorted { (entries[$0].second, $0) > (entries[$1].second, $1) }
        return order.map { entries[$0] }
    }
}
