import Engine
import Indicators

/// What the shell says, in the language it was asked for.
struct ShellWording {
    let language: DisplayLanguage

    func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    /// What stands under a result: `(4 rows, 12.3 ms, 1.2 MiB read)`.
    func footer(shown: Int, of total: Int, nanoseconds: Int64?, bytesRead: Int) -> String {
        var parts = [ShownCount(shown: shown, total: total).text(in: language)]
        if let nanoseconds { parts.append(duration(nanoseconds)) }
        if bytesRead > 0 { parts.append(say("\(ByteSize.text(bytesRead)) read", "读取 \(ByteSize.text(bytesRead))")) }
        let text = "(" + parts.joined(separator: say(", ", "，")) + ")"
        guard shown < total else { return text }
        return text + "\n" + say("all rows: \\o FILE, or .maxrows 0", "查看全部：\\o 文件，或 .maxrows 0")
    }

    /// What stands under a table that takes several lines of the screen for each row.
    var tooWide: String {
        say("wider than the screen: \\x auto shows it one line a column", "比屏幕宽：\\x auto 可每列一行显示")
    }

    /// `850 µs`, `12.3 ms`, `4.56 s`.
    func duration(_ nanoseconds: Int64) -> String {
        func decimal(_ value: Int64, _ unit: Int64, digits: Int) -> String {
            let factor: Int64 = digits == 1 ? 10 : 100
            let scaled = (value * factor + unit / 2) / unit
            let fraction = String(scaled % factor)
            return "\(scaled / factor)." + String(repeating: "0", count: digits - fraction.count) + fraction
        }
        if nanoseconds < 1_000_000 { return say("\(nanoseconds / 1000) µs", "\(nanoseconds / 1000) 微秒") }
        if nanoseconds < 1_000_000_000 {
            return decimal(nanoseconds, 1_000_000, digits: 1) + say(" ms", " 毫秒")
        }
        return decimal(nanoseconds / 1000, 1_000_000, digits: 2) + say(" s", " 秒")
    }

    /// Nothing is there yet, which is no mistake.
    func noStore(at path: String) -> String {
        say("no store at \(path) yet; files can be queried: select * from 'x.csv';", "\(path) 处还没有数据仓；可以直接查询文件：select * from 'x.csv';")
    }

    func banner(path: String, relations: [RelationSummary]?) -> String {
        let start = "fundwatch \(Fundwatch.toolVersion)"
        let end = say("\\? for help, \\q to leave.", "\\? 显示帮助，\\q 退出。")
        guard let relations else {
            return "\(start)\n\(noStore(at: path))\n\(end)\n"
        }
        let loaded = relations.filter { ($0.rowCount ?? 0) > 0 }
            .map { "\($0.name) \(CountText.text($0.rowCount ?? 0))" }.joined(separator: say(", ", "，"))
        let content = loaded.isEmpty ? say("empty", "空") : loaded
        return "\(start)\n\(say("store", "数据仓")) \(path): \(content)\n\(end)\n"
    }
}
