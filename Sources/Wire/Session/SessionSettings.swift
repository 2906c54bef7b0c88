/// The run-time settings of one session, as `set` and `show` know them.
///
/// Those of the engine (`statement_timeout`, `memory_limit`, `threads`, `disabled_rules`) are kept by the engine.
struct SessionSettings: Sendable {
    struct Entry: Sendable {
        var name: String
        var value: String
        var initial: String
        /// Whether clients are told of changes.
        var isReported = false
        var isReadOnly = false
    }

    static let engineNames = ["disabled_rules", "memory_limit", "statement_timeout", "threads"]

    /// Bytes of a name and of a value, and settings that an application has for itself.
    private static let nameSize = 128
    private static let valueSize = 4096
    private static let ownLimit = 100

    /// By name in lower case.
    private(set) var entries: [String: Entry] = [:]

    init(user: String) {
        func add(_ name: String, _ value: String, reported: Bool = false, readOnly: Bool = false) {
            entries[name.lowercased()] = Entry(
                name: name, value: value, initial: value, isReported: reported, isReadOnly: readOnly)
        }
        add("application_name", "", reported: true)
        add("client_encoding", "UTF8", reported: true)
        add("DateStyle", "ISO, MDY", reported: true)
        add("default_transaction_read_only", "on", reported: true)
        add("in_hot_standby", "off", reported: true, readOnly: true)
        add("integer_datetimes", "on", reported: true, readOnly: true)
        add("IntervalStyle", "postgres", reported: true)
        add("is_superuser", "off", reported: true, readOnly: true)
        add("server_encoding", "UTF8", reported: true, readOnly: true)
        add("server_version", ServerIdentity.version, reported: true, readOnly: true)
        add("session_authorization", user, reported: true, readOnly: true)
        add("standard_conforming_strings", "on", reported: true)
        add("TimeZone", "UTC", reported: true)
        add("server_version_num", ServerIdentity.versionNumber, readOnly: true)
        add("lc_collate", "C", readOnly: true)
        add("lc_ctype", "C", readOnly: true)
        add("max_identifier_length", "63", readOnly: true)
        add("max_index_keys", "32", readOnly: true)
        add("transaction_isolation", "repeatable read")
        add("transaction_read_only", "on")
        add("default_transaction_isolation", "repeatable read")
        add("search_path", "\"$user\", public")
        add("extra_float_digits", "1")
        add("bytea_output", "hex")
        add("client_min_messages", "notice")
        for name in ["lc_messages", "lc_monetary", "lc_numeric", "lc_time"] { add(name, "C") }
        // Accepted and without effect: nothing here waits for a lock, compiles, or has such a planner.
        for name in ["lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout"] { add(name, "0") }
        for name in ["row_security", "jit", "enable_seqscan", "enable_nestloop", "enable_hashjoin", "enable_mergejoin"] {
            add(name, "on")
        }
        add("synchronize_seqscans", "on")
        add("xmloption", "content")
        add("check_function_bodies", "on")
        add("geqo", "on")
        add("work_mem", "4MB")
        add("max_parallel_workers_per_gather", "2")
    }

    func value(_ name: String) -> String? {
        let name = name.lowercased()
        return entries[name]?.value
    }

    /// What a client is told at the start, sorted by name.
    var reported: [Entry] { entries.values.filter(\.isReported).sorted { $0.name < $1.name } }

    var sorted: [Entry] { entries.values.sorted { $0.name.lowercased() < $1.name.lowercased() } }

    /// Changes a setting; nil sets it back.
    ///
    /// - Returns: The entry, if clients are to be told.
    /// - Throws: `42704` for a name that is none, `22023` and `0A000` for a value that cannot be honoured.
    mutating func set(_ name: String, _ value: String?) throws -> Entry? {
        let key = name.lowercased()
        guard var entry = entries[key] else {
            // Names with a dot are an application's own.
            guard key.contains("."), key.utf8.count <= SessionSettings.nameSize else {
                throw WireError(.unknownObject, "unrecognized configuration parameter \"\(name.prefix(SessionSettings.nameSize))\"")
            }
            guard entries.keys.count(where: { $0.contains(".") }) < SessionSettings.ownLimit else {
                throw WireError(.limitExceeded, "a session has \(SessionSettings.ownLimit) settings of its own at most")
            }
            let value = value ?? ""
            try checkSize(name, value)
            entries[key] = Entry(name: name, value: value, initial: "")
            return nil
        }
        guard !entry.isReadOnly else {
            throw WireError(.invalidParameterValue, "parameter \"\(entry.name)\" cannot be changed")
        }
        var wanted = value ?? entry.initial
        // A long name for an application is cut, as PostgreSQL does.
        if key == "application_name" { while wanted.utf8.count > 63 { wanted.removeLast() } }
        try checkSize(entry.name, wanted)
        try check(key, wanted)
        switch key {
        case "client_encoding": entry.value = (ClientEncoding(named: wanted) ?? .utf8).rawValue
        case "datestyle": entry.value = "ISO, MDY"
        default: entry.value = wanted
        }
        entries[key] = entry
        return entry.isReported ? entry : nil
    }

    mutating func resetAll() -> [Entry] {
        var changed: [Entry] = []
        for (key, entry) in entries where !entry.isReadOnly && entry.value != entry.initial {
            entries[key]?.value = entry.initial
            if entry.isReported, let reset = entries[key] { changed.append(reset) }
        }
        return changed.sorted { $0.name < $1.name }
    }

    /// What a client begins with becomes what `reset` goes back to.
    mutating func fixInitialValues() {
        entries = entries.mapValues { entry in
            var entry = entry
            entry.initial = entry.value
            return entry
        }
    }

    private func checkSize(_ name: String, _ value: String) throws {
        guard value.utf8.count <= SessionSettings.valueSize else {
            throw WireError(.limitExceeded, "the value of \(name) has more than \(SessionSettings.valueSize) bytes")
        }
    }

    private func check(_ key: String, _ value: String) throws {
        let plain = value.lowercased().filter { $0 != "-" && $0 != "_" && $0 != "'" }
        switch key {
        case "client_encoding":
            guard let encoding = ClientEncoding(named: value), encoding == .utf8 || TextConverter(from: encoding, to: .utf8) != nil else {
                throw WireError(.notSupported, "client encoding \"\(value)\" is not supported", hint: "use UTF8, GBK or GB18030")
            }
        case "datestyle":
            guard plain.hasPrefix("iso") || ["mdy", "dmy", "ymd", "default"].contains(plain) else {
                throw WireError(.notSupported, "date style \"\(value)\" is not supported", hint: "use ISO")
            }
        case "intervalstyle":
            guard plain == "postgres" else {
                throw WireError(.notSupported, "interval style \"\(value)\" is not supported", hint: "use postgres")
            }
        case "standard_conforming_strings":
            guard ["on", "true", "1", "yes"].contains(plain) else {
                throw WireError(.notSupported, "standard_conforming_strings cannot be turned off")
            }
        case "transaction_read_only", "default_transaction_read_only":
            guard ["on", "true", "1", "yes"].contains(plain) else {
                throw WireError(.readOnlyTransaction, "cannot set transaction read-write mode: the server is read-only")
            }
        default: break
        }
    }
}
