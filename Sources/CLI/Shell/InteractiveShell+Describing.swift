import Claims
import Columns
import Diagnostics
import Engine
import Indicators

/// What there is: `\d`, `\dt`, `\dv`, `\df`, `\indicators`.
extension InteractiveShell {
    func describe(_ argument: String) throws {
        database.refreshIfChanged()
        let name = ShellName.plain(argument)
        if name.isEmpty {
            try listRelations(views: nil, pattern: "")
            return
        }
        if name.contains("*") || name.contains("?") {
            try listRelations(views: nil, pattern: name)
            return
        }
        let fields = try fields(of: name)
        let relation = try database.relations().first { $0.name == name }
        let canonical = CanonicalTable.named(name)
        var title = relation?.isView ?? false ? wording.say("view", "视图") : wording.say("table", "表")
        title += " \(name)"
        if let count = relation?.rowCount {
            title += wording.say(" (\(CountText.text(count)) rows)", "（\(CountText.text(count)) 行）")
        }
        let names = [wording.say("column", "列"), wording.say("type", "类型"), wording.say("null", "可空")]
            + (canonical == nil ? [] : [wording.say("also", "又名")])
        let (yes, no) = (wording.say("YES", "是"), wording.say("NO", "否"))
        let rows = fields.map { field in
            // The name of the Chinese interface, as files have it.
            let also = canonical?.columns.first { $0.name == field.name }?.acceptedHeaders.first { !$0.utf8.allSatisfy { $0 < 0x80 } }
            return [field.name, field.type.name, field.isNullable ? yes : no] + (canonical == nil ? [] : [also ?? ""])
        }
        var text = TerminalText.sanitized(title) + "\n"
        text += TextTable(names: names, alignsRight: names.map { _ in false }, rows: rows).rendered(withCount: false)
        if let definition = relation?.viewText {
            let lines = definition.split(separator: "\n").map { "  " + TerminalText.sanitized(String($0)) }
            text += wording.say("definition:", "定义：") + "\n" + lines.joined(separator: "\n") + "\n"
        }
        try page(text)
    }

    /// The columns; an error says the name only, not the statement that asked for them.
    private func fields(of name: String) throws -> [Field] {
        do {
            return try database.columns(of: name)
        } catch let error as any DiagnosableError {
            var diagnostic = error.diagnostic
            if diagnostic.statement != nil { diagnostic.location = SourceLocation() }
            diagnostic.statement = nil
            throw diagnostic
        }
    }

    /// - Parameter views: Only views, only tables, or both if nil.
    func listRelations(views: Bool?, pattern: String) throws {
        database.refreshIfChanged()
        var rows = ResultRows(fields: [
            Field(name: wording.say("name", "名称"), type: .text), Field(name: wording.say("kind", "类别"), type: .text),
            Field(name: wording.say("rows", "行数"), type: .bigint),
        ])
        for relation in try database.relations()
        where (views ?? relation.isView) == relation.isView && ShellName.matches(relation.name, pattern) {
            rows.append([
                .text(relation.name), .text(relation.isView ? wording.say("view", "视图") : wording.say("table", "表")),
                relation.rowCount.map { .integer(Int64($0)) } ?? .null,
            ])
        }
        try show(rows.result())
    }

    func listNames(_ all: [String], title: String, pattern: String) throws {
        var rows = ResultRows(fields: [Field(name: title, type: .text)])
        for name in all where ShellName.matches(name, pattern) { rows.append([.text(name)]) }
        try show(rows.result())
    }

    func listIndicators() throws {
        let names = ["id", wording.say("title", "名称"), wording.say("theme", "主题")]
        var rows = ResultRows(fields: names.map { Field(name: $0, type: .text) })
        for indicator in try IndicatorCatalog.everything().indicators {
            rows.append([
                .text(indicator.id), .text(indicator.title[settings.language]), .text(indicator.theme[settings.language]),
            ])
        }
        try show(rows.result())
    }

    /// Figures of an indicator with its own parameters over the whole time, the most money at issue first.
    func runIndicator(_ id: String) throws {
        database.refreshIfChanged()
        let bound = try BoundIndicator(IndicatorCatalog.everything().indicator(id), overrides: [:], period: ReportingPeriod.all).fitted(to: database)
        try run(statement: "select * from (\(bound.figuresQuery)) as figures order by amount desc, institution_id")
    }

    func page(_ text: String) throws {
        let screen = PagedScreen(usesPager: settings.usesPager)
        defer { screen.close() }
        do { try screen.take(Array(text.utf8)) } catch is PagedScreen.PagerLeft {}
    }
}

/// Names as commands take them.
enum ShellName {
    /// The name as PostgreSQL reads it: in lower case unless it is quoted.
    static func plain(_ text: String) -> String {
        guard text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") else { return text.lowercased() }
        return String(text.dropFirst().dropLast()).replacing("\"\"", with: "\"")
    }

    /// Whether a name fits a pattern, in which `*` stands for any text and `?` for one character; an empty one fits all.
    static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.isEmpty || matches(Array(name.lowercased())[...], Array(pattern.lowercased())[...])
    }

    private static func matches(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return name.isEmpty }
        if first == "*" {
            return matches(name, pattern.dropFirst()) || (!name.isEmpty && matches(name.dropFirst(), pattern))
        }
        guard let character = name.first, first == "?" || first == character else { return false }
        return matches(name.dropFirst(), pattern.dropFirst())
    }
}
