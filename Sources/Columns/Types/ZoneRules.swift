import Foundation
import Glibc

/// How far the clocks of a zone are ahead of UTC, and since when.
package struct ZoneRules: Sendable {
    private enum Source: Sendable {
        /// Seconds ahead of UTC, always.
        case fixed(Int64)
        /// The zone of this machine, as its C library has it.
        case system
        case named(TimeZone)
    }

    private let source: Source

    package static let utc = ZoneRules(.fixed(0))

    /// The zone of this machine: `$TZ`, else what `/etc/localtime` says, else UTC.
    package static let system = ZoneRules(.system)

    private init(_ source: Source) { self.source = source }

    /// Clocks that are always so many seconds ahead of UTC.
    package init(secondsAhead seconds: Int64) { self.init(.fixed(seconds)) }

    /// A name under which `init(atTimeZone:)` finds the zone.
    package var name: String {
        switch source {
        case .fixed(0): "UTC"
        case .fixed(let seconds): "=\(seconds)"
        case .system: "localtime"
        case .named(let zone): zone.identifier
        }
    }

    /// The name as people know it: `+08` of clocks that are always so far ahead.
    package var shownName: String {
        guard case .fixed(let seconds) = source, seconds != 0 else { return name }
        let ahead = seconds.magnitude
        func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = ahead % 3600 == 0 ? "" : ":" + two(ahead / 60 % 60)
        return (seconds < 0 ? "-" : "+") + two(ahead / 3600) + minutes
    }

    /// Abbreviations, in minutes ahead of UTC. Source: PostgreSQL 15, the set "Default" of its time zone abbreviations, without those
    /// that have meant several distances (MSK).
    private static let abbreviations: [String: Int64] = [
        "z": 0, "utc": 0, "gmt": 0, "zulu": 0, "ut": 0, "uct": 0, "universal": 0, "acst": 570, "aest": 600, "akdt": -480, "akst": -540,
        "bst": 60, "cdt": -300, "cest": 120, "cet": 60, "cst": -360, "edt": -240, "eest": 180, "eet": 120, "est": -300, "hkt": 480,
        "hst": -600, "ist": 120, "jst": 540, "kst": 540, "mdt": -360, "mst": -420, "nzdt": 780, "nzst": 720, "pdt": -420,
        "pst": -480, "sgt": 480, "west": 60, "wet": 0,
    ]

    /// A zone as `at time zone` names it: an abbreviation, a name of the time zone database, or as POSIX writes it, where the sign is
    /// the other way round and the name may be left out (`GMT-8`, `-08:00`); nil for what is none of them.
    package init?(atTimeZone name: String) {
        let lowered = name.lowercased()
        if let minutes = ZoneRules.abbreviations[lowered] {
            self.init(.fixed(minutes * 60))
        } else if lowered == "localtime" {
            self = .system
        } else if name.hasPrefix("="), let seconds = Int64(name.dropFirst()) {
            self.init(.fixed(seconds))
        } else if let offset = ZoneRules.offset(name[...]) {
            self.init(.fixed(-offset))
        } else if !name.isEmpty, let zone = ZoneRules(named: name) {
            self = zone
        } else if let known = TimeZone.knownTimeZoneIdentifiers.first(where: { $0.lowercased() == lowered }) {
            self.init(named: known)
        } else if let zone = ZoneRules.spellings(of: lowered).lazy.compactMap({ ZoneRules(named: $0) }).first {
            self = zone
        } else {
            return nil
        }
    }

    /// How the zone database may spell a name that the list of its zones leaves out: `US/Pacific`, `PRC`, `Japan`.
    private static func spellings(of lowered: String) -> [String] {
        let parts = lowered.split(separator: "/").map { part in
            part.split(separator: "_").map(\.capitalized).joined(separator: "_")
        }
        guard let region = parts.first else { return [] }
        let inCapitals = [region.uppercased()] + parts.dropFirst()
        return [parts, inCapitals].map { $0.joined(separator: "/") }
    }

    /// A zone by its name in the time zone database (`Asia/Shanghai`), as hours ahead of UTC (`8`, `+5.5`), or as POSIX writes it, where
    /// the sign is the other way round (`GMT-8`, `<+08>-08`); nil for what is none of them.
    package init?(named name: String) {
        if name.isEmpty || ["utc", "gmt", "z", "zulu"].contains(name.lowercased()) {
            self = .utc
        } else if let hours = Double(name), abs(hours) <= 15 {
            self.init(.fixed(Int64((hours * 3600).rounded())))
        } else if let offset = ZoneRules.posixOffset(name) {
            self.init(.fixed(offset))
        } else if let zone = TimeZone(identifier: name) {
            self.init(.named(zone))
        } else {
            return nil
        }
    }

    /// `GMT-8`, `CST-08:00`, `<+08>-08`: a name, then how far UTC is ahead.
    private static func posixOffset(_ text: String) -> Int64? {
        var rest = text[...]
        if rest.first == "<" {
            guard let end = rest.firstIndex(of: ">") else { return nil }
            rest = rest[rest.index(after: end)...]
        } else {
            let letters = rest.prefix { $0.isASCII && $0.isLetter }
            guard letters.count >= 3 else { return nil }
            rest = rest.dropFirst(letters.count)
        }
        return offset(rest).map { -$0 }
    }

    /// `+08`, `-05:30`, `+0800`, `8` in seconds; nil for anything else.
    package static func offset(_ text: Substring) -> Int64? {
        var rest = text
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        var parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1, rest.count == 4 { parts = [rest.prefix(2), rest.suffix(2)] }
        guard (1...3).contains(parts.count), parts[0].count <= 2, parts.dropFirst().allSatisfy({ $0.count == 2 }) else { return nil }
        var seconds: Int64 = 0
        for (part, unit) in zip(parts, [3600, 60, 1] as [Int64]) {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(part), number < 60 else { return nil }
            seconds += number * unit
        }
        return seconds <= 15 * 3600 + 3599 ? (isNegative ? -seconds : seconds) : nil
    }

    /// What clocks of the zone show at a moment; both in microseconds, the moment since 1970-01-01 00:00:00 UTC.
    package func local(_ moment: Int64) -> Int64 {
        if CivilTime.isInfinite(microseconds: moment) { return moment }
        let (seconds, rest) = moment.quotientAndRemainder(dividingBy: CivilTime.microsecondsPerSecond)
        let second = rest < 0 ? seconds - 1 : seconds
        return moment &+ offset(atSecond: second) &* CivilTime.microsecondsPerSecond
    }

    /// Seconds that clocks are ahead of UTC at a moment.
    package func secondsAhead(at moment: Int64) -> Int64 {
        (local(moment) &- moment) / CivilTime.microsecondsPerSecond
    }

    /// The moment when clocks of the zone show a time. Of two it is the later one, by standard time; where clocks skip the time, it is
    /// read by what they showed before.
    package func instant(ofLocal local: Int64) -> Int64 {
        if CivilTime.isInfinite(microseconds: local) { return local }
        let seconds = Int64((Double(local) / 1_000_000).rounded(.down))
        let day: Int64 = 86_400
        let before = offset(atSecond: seconds - day)
        let after = offset(atSecond: seconds + day)
        let early = local &- before &* CivilTime.microsecondsPerSecond
        if before == after { return early }
        let late = local &- after &* CivilTime.microsecondsPerSecond
        return secondsAhead(at: late) == after ? late : early
    }

    private func offset(atSecond second: Int64) -> Int64 {
        switch source {
        case .fixed(let offset): return offset
        case .system:
            var time = time_t(second)
            var parts = unsafe tm()
            // Years that do not fit are those of no clock.
            guard unsafe localtime_r(&time, &parts) != nil else { return 0 }
            return unsafe Int64(parts.tm_gmtoff)
        case .named(let zone): return Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
        }
    }
}
