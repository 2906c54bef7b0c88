import Columns
import Diagnostics
import Planning
import SQL

/// `set name = value` and `show name`: what holds for the statements that follow.
extension Database {
    func set(_ setting: Setting, text: String) throws -> String {
        let place = setting.position < 0 ? SourceLocation() : SourceLocation(byteOffset: setting.position, in: text)
        guard let known = EngineSetting(name: setting.name) else { throw Database.unknownSetting(setting.name, place, text) }
        var changed = options
        do {
            try known.read(SettingText.text(of: setting.value), into: &changed)
        } catch var diagnostic as Diagnostic {
            diagnostic.kind = .query
            diagnostic.location = place
            diagnostic.statement = text
            throw diagnostic
        }
        changeOptions { $0 = changed }
        return "SET"
    }

    /// What statements can set.
    package static var settingNames: [String] { EngineSetting.allCases.map(\.rawValue) }

    /// Changes a setting by its name and value as texts.
    package func set(_ name: String, to value: String) throws {
        guard let known = EngineSetting(name: name) else { throw Database.unknownSetting(name, SourceLocation(), "") }
        var changed = options
        try known.read(value, into: &changed)
        changeOptions { $0 = changed }
    }

    /// The value of a setting as a text.
    package func setting(_ name: String) throws -> String {
        guard let known = EngineSetting(name: name) else { throw Database.unknownSetting(name, SourceLocation(), "") }
        return known.text(options)
    }

    func settingRows(_ name: String, position: Int, text: String) throws -> QueryResult {
        if name == "all" {
            var rows = ResultRows(fields: [Field(name: "name", type: .text), Field(name: "setting", type: .text)])
            for setting in EngineSetting.listed { rows.append([.text(setting.rawValue), .text(setting.text(options))]) }
            return rows.result()
        }
        guard let known = EngineSetting(name: name) else {
            let place = position < 0 ? SourceLocation() : SourceLocation(byteOffset: position, in: text)
            throw Database.unknownSetting(name, place, text)
        }
        var rows = ResultRows(fields: [Field(name: known.rawValue, type: .text)])
        rows.append([.text(known.text(options))])
        return rows.result()
    }

    private static func unknownSetting(_ name: String, _ place: SourceLocation, _ text: String) -> Diagnostic {
        let names = EngineSetting.listed.map(\.rawValue)
        let near = EditDistance.nearest(to: name, among: names).map { "did you mean \"\($0)\"?" }
        return Diagnostic(
            .query, "unrecognized configuration parameter \"\(name)\"", at: place,
            mend: near ?? "the settings are \(names.joined(separator: ", "))", statement: text)
    }
}

/// What a statement can set.
enum EngineSetting: String, CaseIterable {
    case disabledRules = "disabled_rules"
    case memoryLimit = "memory_limit"
    case statementTimeout = "statement_timeout"
    case temporaryDirectory = "temp_directory"
    case threads
    case timeZone = "timezone"

    /// Those that `show all` lists: not the zone, whose value is the machine's.
    static var listed: [EngineSetting] { allCases.filter { $0 != .timeZone } }

    /// By our name, or DuckDB's where it has another.
    init?(name: String) {
        switch name {
        case "disabled_optimizers": self = .disabledRules
        case "max_memory": self = .memoryLimit
        case "worker_threads": self = .threads
        default: self.init(rawValue: name)
        }
    }

    func read(_ text: String, into options: inout EngineOptions) throws {
        switch self {
        case .disabledRules: options.disabledRules = try SettingText.ruleNames(text)
        case .memoryLimit: options.memoryLimit = text.isEmpty || text == "0" ? nil : try SettingText.size(text, of: rawValue)
        case .statementTimeout:
            // A bare number counts milliseconds, as in PostgreSQL; 0 is no limit.
            options.timeout = text == "0" ? nil : try SettingText.duration(text, of: rawValue, bareUnit: "ms")
        case .temporaryDirectory: options.temporaryDirectory = text.isEmpty ? nil : text
        case .threads:
            options.workerCount = try SettingText.workerCount(text, of: rawValue)
        case .timeZone:
            guard let zone = text == "localtime" ? ZoneRules.system : ZoneRules(named: text) else {
                throw Diagnostic(
                    .usage, "time zone \"\(text)\" not recognized",
                    mend: "write a name of the time zone database, such as Asia/Shanghai")
            }
            options.zone = zone
            // Where answers must be repeatable there is no clock to change.
            if options.clock != nil { options.clock = LocalClock(zone) }
        }
    }

    func text(_ options: EngineOptions) -> String {
        switch self {
        case .disabledRules: options.disabledRules.sorted().joined(separator: ",")
        case .memoryLimit: options.memoryLimit.map { "\($0)B" } ?? "0"
        case .statementTimeout:
            options.timeout.map(LimitText.duration) ?? "0"
        case .temporaryDirectory: options.temporaryDirectory ?? ""
        case .threads: String(options.effectiveWorkerCount)
        case .timeZone: (options.zone ?? options.clock?.zone)?.shownName ?? "UTC"
        }
    }
}
