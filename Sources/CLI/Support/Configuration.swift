import Diagnostics
import Engine
import Glibc
import Indicators
import Synchronization

/// Settings for options that are not given: from variables of the environment, else from the user's file.
///
/// The file is `$FUNDWATCH_CONFIG`, else `$XDG_CONFIG_HOME/fundwatch/config.yaml`, else below `~/.config`. It has a
/// `key: value` a line; `#` begins a comment.
struct Configuration: Sendable {
    struct Entry: Sendable {
        var value: String
        var location: SourceLocation
    }

    static let keys = ["store", "threads", "memory", "timeout", "lang", "color"]

    /// The file that was read, nil if there is none.
    private(set) var path: String?
    private(set) var entries: [String: Entry] = [:]

    private static let loaded = Mutex(Configuration())
    static var current: Configuration { loaded.withLock { $0 } }

    /// Reads the file and checks every value, those of the environment too.
    ///
    /// - Throws: `configuration`, with the line.
    static func load() throws {
        let configuration = try read()
        loaded.withLock { $0 = configuration }
    }

    private static func read() throws -> Configuration {
        var configuration = Configuration()
        let named = Environment.value("FUNDWATCH_CONFIG")
        if let path = named ?? UserFolder.path("XDG_CONFIG_HOME", else: ".config").map({ $0 + "/fundwatch/config.yaml" }) {
            if let bytes = FileBytes.read(path, limit: 1 << 20) {
                configuration.path = path
                try configuration.read(String(decoding: bytes, as: UTF8.self), path)
            } else if named != nil {
                throw Diagnostic(
                    .configuration, "the configuration file cannot be read", at: SourceLocation(file: path),
                    mend: "check $FUNDWATCH_CONFIG")
            }
        }
        for key in Configuration.keys {
            let setting = Setting.resolve(key, flag: nil, in: configuration)
            if let value = setting.value { try check(key, value, setting) }
        }
        return configuration
    }
}

extension Configuration {
    private mutating func read(_ text: String, _ path: String) throws {
        for (index, whole) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = SourceLocation(file: path, line: index + 1, column: 1)
            let line = withoutComment(whole).trimmedBlanks
            if line.isEmpty || line == "---" { continue }
            guard let colon = line.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
                throw Diagnostic(.configuration, "\"\(line)\" is no setting", at: place, mend: "write key: value")
            }
            let key = String(line[..<colon]).trimmedBlanks
            var value = String(line[line.index(after: colon)...]).trimmedBlanks
            for quote in ["\"", "'"] where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote) {
                value = String(value.dropFirst().dropLast())
            }
            guard Configuration.keys.contains(key) else {
                let near = EditDistance.nearest(to: key, among: Configuration.keys).map { "did you mean \"\($0)\"?" }
                throw Diagnostic(
                    .configuration, "there is no setting \"\(key)\"", at: place,
                    mend: near ?? "the settings are \(Configuration.keys.joined(separator: ", "))")
            }
            if !value.isEmpty { entries[key] = Entry(value: value, location: place) }
        }
    }

    /// A `#` begins a comment at the start of a line and behind a blank.
    private func withoutComment(_ line: Substring) -> String {
        var kept = ""
        for character in line {
            if character == "#", kept.last?.isWhitespace ?? true { break }
            kept.append(character)
        }
        return kept
    }

    private static func check(_ key: String, _ value: String, _ setting: Setting) throws {
        do {
            switch key {
            case "threads": _ = try SettingText.workerCount(value, of: key)
            case "memory": _ = try SettingText.size(value, of: key)
            case "timeout": _ = try SettingText.duration(value, of: key, bareUnit: "s")
            case "lang" where DisplayLanguage(rawValue: value) == nil:
                throw Diagnostic(.configuration, "lang \"\(value)\" is not known", mend: "choose en or zh")
            case "color" where ColorChoice(rawValue: value) == nil:
                throw Diagnostic(.configuration, "color \"\(value)\" is not known", mend: "choose auto, always or never")
            default: break
            }
        } catch var diagnostic as Diagnostic {
            diagnostic.kind = .configuration
            diagnostic.location = setting.location ?? SourceLocation(file: setting.origin)
            throw diagnostic
        }
    }
}

/// One setting as it holds, and where it comes from.
struct Setting {
    var name: String
    /// nil where nothing says anything: then the default holds.
    var value: String?
    /// `--threads`, `$FUNDWATCH_THREADS`, a place in a file, or `default`.
    var origin: String
    var location: SourceLocation?

    /// The flag, else the variable, else the file.
    static func resolve(_ name: String, flag: String?, in configuration: Configuration = .current) -> Setting {
        if let flag { return Setting(name: name, value: flag, origin: "--\(name)") }
        let variable = "FUNDWATCH_\(name.uppercased())"
        if let value = Environment.value(variable) { return Setting(name: name, value: value, origin: "$\(variable)") }
        if let entry = configuration.entries[name] {
            return Setting(name: name, value: entry.value, origin: entry.location.description, location: entry.location)
        }
        return Setting(name: name, origin: "default")
    }
}
