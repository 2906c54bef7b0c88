import Engine

/// The settings of a session at one moment.
struct SettingValues: Sendable {
    var own: SessionSettings
    private var options: EngineOptions

    init(own: SessionSettings, options: EngineOptions) {
        self.own = own
        self.options = options
    }

    /// Takes over one setting that the engine keeps, of ``SessionSettings/engineNames``.
    mutating func takeEngineSetting(_ name: String, of other: EngineOptions) {
        switch name {
        case "statement_timeout": options.timeout = other.timeout
        case "memory_limit": options.memoryLimit = other.memoryLimit
        case "threads": options.workerCount = other.workerCount
        default: options.disabledRules = other.disabledRules
        }
    }

    /// Puts the engine's settings back.
    func restore(_ options: inout EngineOptions) {
        var values = SettingValues(own: own, options: options)
        for name in SessionSettings.engineNames { values.takeEngineSetting(name, of: self.options) }
        options = values.options
    }
}
