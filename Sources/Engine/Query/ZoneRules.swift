import Columns
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
        let (seconds, rest) = moment.quotientAndRemainder(dividingBy: CivilTime.microsecondsPerSecond)
        let second = rest < 0 ? seconds - 1 : seconds
        return moment &+ offset(atSecond: second) &* CivilTime.microsecondsPerSecond
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
