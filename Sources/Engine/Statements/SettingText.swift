import Diagnostics
import Planning
import SQL

/// Values of settings as people write them.
package enum SettingText {
    static func text(of literal: Literal) -> String {
        switch literal {
        case .integer(let number): String(number)
        case .decimal(let text), .string(let text): text
        case .boolean(let flag): flag ? "on" : "off"
        case .null: ""
        }
    }

    /// Names of rewrite rules with commas between them; none for an empty text.
    package static func ruleNames(_ text: String) throws -> Set<String> {
        var names: Set<String> = []
        for part in text.split(separator: ",") {
            let name = part.filter { $0 != " " }
            guard EngineOptions.ruleNames.contains(name) else {
                let near = EditDistance.nearest(to: name, among: EngineOptions.ruleNames).map { "did you mean \"\($0)\"?" }
                throw Diagnostic(
                    .usage, "there is no rewrite rule \"\(name)\"",
                    mend: near ?? "the rules are \(EngineOptions.ruleNames.joined(separator: ", "))")
            }
            names.insert(name)
        }
        return names
    }

    /// A number of threads.
    package static func workerCount(_ text: String, of option: String) throws -> Int {
        guard let count = Int(text), EngineOptions.workerCounts.contains(count) else {
            throw Diagnostic(.usage, "\(option) \"\(text)\" \(EngineOptions.workerCountRange)")
        }
        return count
    }

    /// A time such as `30s`, `500ms`, `1.5min`.
    ///
    /// - Parameter bareUnit: What a number without a unit counts.
    package static func duration(_ text: String, of option: String, bareUnit: String) throws -> Duration {
        let units: [(name: String, milliseconds: Double)] = [
            ("ms", 1), ("min", 60_000), ("m", 60_000), ("s", 1000), ("h", 3_600_000),
        ]
        let digits = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(digits.count).filter { $0 != " " }.lowercased()
        if let number = Double(digits), let known = units.first(where: { $0.name == (unit.isEmpty ? bareUnit : unit) }) {
            let milliseconds = number * known.milliseconds
            if milliseconds >= 1, milliseconds < 1e12 { return .milliseconds(Int64(milliseconds.rounded())) }
        }
        throw Diagnostic(
            .usage, "\(option) \"\(text)\" is not a time", mend: "write a number with ms, s, min or h, such as 30s")
    }

    /// Bytes such as `512M`, `4GB`.
    package static func size(_ text: String, of option: String) throws -> Int {
        let upper = text.uppercased().filter { $0 != " " }
        let units: [(suffix: String, factor: Int)] = [
            ("KIB", 1 << 10), ("MIB", 1 << 20), ("GIB", 1 << 30), ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30),
            ("K", 1 << 10), ("M", 1 << 20), ("G", 1 << 30), ("B", 1), ("", 1),
        ]
        for unit in units where upper.hasSuffix(unit.suffix) {
            if let number = Int(upper.dropLast(unit.suffix.count)), number > 0, number <= Int.max / unit.factor {
                return number * unit.factor
            }
            break
        }
        throw Diagnostic(.usage, "\(option) \"\(text)\" is not a size", mend: "write a number with K, M or G, such as 512M")
    }
}
