import Columns
import Glibc

/// How far the clocks of a zone are ahead of UTC, and since when.
package struct ZoneRules: Sendable {
    /// Seconds since 1970-01-01 00:00:00 UTC from which an offset holds, rising.
    private var starts: [Int64] = []
    /// Seconds ahead of UTC from each of `starts` on.
    private var offsets: [Int64] = []
    private var firstOffset: Int64 = 0

    package static let utc = ZoneRules()

    /// The zone of this machine: `$TZ`, else what `/etc/localtime` says, else UTC.
    package static var system: ZoneRules {
        guard let variable = unsafe getenv("TZ") else { return ZoneRules(file: "/etc/localtime") ?? .utc }
        let name = unsafe String(cString: variable)
        let plain = name.hasPrefix(":") ? String(name.dropFirst()) : name
        if plain.hasPrefix("/") { return ZoneRules(file: plain) ?? .utc }
        return ZoneRules(named: plain) ?? .utc
    }

    private init() {}

    /// A zone by its name in the system's list (`Asia/Shanghai`), as hours ahead of UTC (`8`, `+5.5`), or as POSIX writes it, where the
    /// sign is the other way round (`GMT-8`, `<+08>-08`); nil for what is none of them.
    package init?(named name: String) {
        if name.isEmpty || ["utc", "gmt", "z", "zulu"].contains(name.lowercased()) { return }
        if let hours = Double(name), abs(hours) <= 15 {
            firstOffset = Int64((hours * 3600).rounded())
        } else if let offset = ZoneRules.posixOffset(name) {
            firstOffset = offset
        } else {
            let isPlain = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            guard isPlain, !name.hasPrefix("/"), let rules = ZoneRules(file: "/usr/share/zoneinfo/" + name) else { return nil }
            self = rules
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

    /// Reads a file of the time zone database. Source: RFC 8536.
    private init?(file path: String) {
        guard let bytes = ZoneRules.read(path), let (rules, end) = ZoneRules.block(bytes, at: 0, timeSize: 4) else { return nil }
        guard bytes[4] >= UInt8(ascii: "2") else {
            self = rules
            return
        }
        // The second block has the same with times of 64 bits.
        guard let (long, _) = ZoneRules.block(bytes, at: end, timeSize: 8) else { return nil }
        self = long
    }

    private static func read(_ path: String) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 1 << 17)
        let count = unsafe Glibc.read(descriptor, &bytes, bytes.count)
        return count > 0 ? Array(bytes[..<count]) : nil
    }

    private static func block(_ bytes: [UInt8], at start: Int, timeSize: Int) -> (rules: ZoneRules, end: Int)? {
        func number(_ place: Int, _ size: Int) -> Int64 {
            let value = bytes[place..<place + size].reduce(Int64(bytes[place] >= 0x80 ? -1 : 0)) { $0 << 8 | Int64($1) }
            return value
        }
        guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual("TZif".utf8) else { return nil }
        let counts = (0..<6).map { Int(number(start + 20 + 4 * $0, 4)) }
        let (utCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
        let (timeCount, typeCount, nameSize) = (counts[3], counts[4], counts[5])
        guard counts.allSatisfy({ (0...100_000).contains($0) }), typeCount > 0 else { return nil }
        let times = start + 44
        let types = times + timeCount * timeSize
        let records = types + timeCount
        let end = records + typeCount * 6 + nameSize + leapCount * (timeSize + 4) + standardCount + utCount
        guard bytes.count >= end else { return nil }
        var rules = ZoneRules()
        rules.firstOffset = number(records, 4)
        for index in 0..<timeCount {
            let type = Int(bytes[types + index])
            guard type < typeCount else { return nil }
            rules.starts.append(number(times + index * timeSize, timeSize))
            rules.offsets.append(number(records + type * 6, 4))
        }
        return (rules, end)
    }

    /// What clocks of the zone show at a moment; both in microseconds, the moment since 1970-01-01 00:00:00 UTC.
    package func local(_ moment: Int64) -> Int64 {
        let (seconds, rest) = moment.quotientAndRemainder(dividingBy: CivilTime.microsecondsPerSecond)
        let second = rest < 0 ? seconds - 1 : seconds
        var (low, high) = (0, starts.count)
        while low < high {
            let middle = (low + high) / 2
            if starts[middle] <= second { low = middle + 1 } else { high = middle }
        }
        return moment &+ (low == 0 ? firstOffset : offsets[low - 1]) * CivilTime.microsecondsPerSecond
    }
}
