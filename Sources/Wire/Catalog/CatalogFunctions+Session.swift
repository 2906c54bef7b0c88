import Engine
import SQL

/// What is asked about the server, the session and rights, and the functions in FROM.
extension CatalogFunctions {
    /// Functions whose answer does not depend on rows; nil for any other name.
    static func about(_ name: String, _ arguments: [CatalogValue], _ contents: CatalogContents) -> CatalogValue? {
        switch name {
        case "version": return .text("PostgreSQL \(ServerIdentity.version) on x86_64-linux, 64-bit")
        case "current_database", "current_catalog": return .text(contents.identity.database)
        case "current_schema": return .text("public")
        case "current_schemas": return .array(arguments.first?.boolean == true ? [.text("pg_catalog"), .text("public")] : [.text("public")])
        case "current_user", "session_user", "user", "current_role", "getpgusername": return .text(contents.identity.user)
        case "now", "transaction_timestamp", "statement_timestamp", "clock_timestamp":
            return contents.identity.now.map { .text($0) } ?? .null
        case "pg_backend_pid": return .integer(Int64(contents.identity.processID))
        case "current_setting":
            let setting = arguments.first?.text?.lowercased() ?? ""
            return contents.identity.settings.first { $0.name.lowercased() == setting }.map { .text($0.value) } ?? .null
        case "set_config": return arguments.count > 1 ? arguments[1] : .null
        case "pg_is_in_recovery", "pg_is_wal_replay_paused", "inet_same_family": return .boolean(false)
        case "pg_table_is_visible", "pg_type_is_visible", "pg_function_is_visible", "pg_opclass_is_visible",
            "pg_operator_is_visible", "pg_collation_is_visible", "pg_conversion_is_visible", "pg_ts_config_is_visible",
            "pg_statistics_obj_is_visible", "pg_opfamily_is_visible":
            return .boolean(true)
        case "has_table_privilege", "has_any_column_privilege", "has_column_privilege": return has("SELECT", arguments)
        case "has_schema_privilege": return has("USAGE", arguments)
        case "has_database_privilege": return has("CONNECT", arguments)
        case "has_function_privilege", "pg_has_role", "has_type_privilege", "has_language_privilege": return .boolean(true)
        case "pg_relation_is_publishable", "has_sequence_privilege", "has_tablespace_privilege", "pg_relation_is_updatable",
            "has_server_privilege", "has_foreign_data_wrapper_privilege", "row_security_active":
            return .boolean(false)
        case "obj_description", "col_description", "shobj_description", "pg_get_expr", "pg_get_constraintdef", "pg_get_indexdef",
            "pg_get_ruledef", "pg_get_triggerdef", "pg_get_functiondef", "pg_get_function_result",
            "pg_get_function_arguments", "pg_get_function_identity_arguments", "pg_get_statisticsobjdef_columns",
            "pg_get_partkeydef", "pg_get_serial_sequence", "pg_tablespace_location", "inet_server_addr", "inet_client_addr",
            "inet_client_port", "inet_server_port", "pg_my_temp_schema", "pg_stat_get_numscans", "pg_last_xact_replay_timestamp",
            "pg_postmaster_start_time", "pg_advisory_unlock_all":
            return .null
        case "pg_table_size", "pg_total_relation_size", "pg_relation_size":
            guard let asked = arguments.first, let oid = asked.integer ?? relationOID(asked.text ?? "", contents) else { return .null }
            return .integer(Int64(contents.relation(oid: oid)?.summary.byteCount ?? 0))
        case "pg_database_size", "pg_tablespace_size":
            return .integer(contents.relations.reduce(0) { $0 + Int64($1.summary.byteCount ?? 0) })
        case "pg_indexes_size": return .integer(0)
        case "txid_current", "pg_current_xact_id": return .integer(1)
        case "pg_client_encoding":
            return .text(contents.identity.settings.first { $0.name == "client_encoding" }?.value ?? "UTF8")
        default: return nil
        }
    }

    /// Whether one of the rights that are asked about, a list in the last argument, is the only one that anybody has here.
    private static func has(_ right: String, _ arguments: [CatalogValue]) -> CatalogValue {
        guard let asked = arguments.last?.text else { return .null }
        return .boolean(asked.uppercased().split(separator: ",").contains { $0.filter { $0 != " " } == right })
    }

    static func current(_ value: CurrentValue, _ contents: CatalogContents) throws -> CatalogValue {
        switch value {
        case .user, .shortUser, .sessionUser, .role: return .text(contents.identity.user)
        case .catalog: return .text(contents.identity.database)
        case .schema: return .text("public")
        case .date: if let now = contents.identity.now { return .text(String(now.prefix(10))) }
        case .timestamp, .localTimestamp: if let now = contents.identity.now { return .text(now) }
        case .time, .localTime: break
        }
        throw WireError(.notSupported, "\(name(of: value)) is not supported", hint: "write the date")
    }

    static func name(of value: CurrentValue) -> String {
        switch value {
        case .user: "current_user"
        case .shortUser: "user"
        case .sessionUser: "session_user"
        case .role: "current_role"
        case .catalog: "current_catalog"
        case .schema: "current_schema"
        case .date: "current_date"
        case .time: "current_time"
        case .timestamp: "current_timestamp"
        case .localTime: "localtime"
        case .localTimestamp: "localtimestamp"
        }
    }

    /// The rows of a function that gives more than one; nil for any other.
    static func table(_ name: String, _ arguments: [CatalogValue], _ contents: CatalogContents) throws -> CatalogRelation? {
        func relation(_ columns: [(String, WireType)], _ rows: [[CatalogValue]] = []) -> CatalogRelation {
            CatalogRelation(columns: columns.map { WireColumn(name: $0.0, type: $0.1) }, rows: rows)
        }
        switch name {
        case "generate_series", "generate_subscripts":
            var bounds = arguments.map { $0.integer }
            if name == "generate_subscripts" { bounds = [1, (items(arguments.first ?? .null)?.count).map { Int64($0) }] }
            guard bounds.count >= 2, let first = bounds[0], let last = bounds[1] else { return relation([(name, .integer)]) }
            let (distance, overflow) = last.subtractingReportingOverflow(first)
            if first > last { return relation([(name, .integer)]) }
            guard !overflow, distance < 100_000 else { throw WireError(.limitExceeded, "a series of the catalogs has 100000 rows at most") }
            return relation([(name, .integer)], (0...distance).map { [.integer(first &+ $0)] })
        case "unnest": return relation([(name, .text)], items(arguments.first ?? .null)?.map { [$0] } ?? [])
        case "_pg_expandarray":
            let rows = items(arguments.first ?? .null)?.enumerated().map { [$1, CatalogValue.integer(Int64($0 + 1))] } ?? []
            return relation([("x", .text), ("n", .integer)], rows)
        case "pg_get_keywords":
            return relation(
                [("word", .text), ("catcode", .character), ("barelabel", .boolean), ("catdesc", .text), ("baredesc", .text)],
                Keyword.all.map { [.text($0.word), .text($0.code), .boolean($0.isLabel), .text($0.meaning), .text($0.labelMeaning)] })
        case "pg_show_all_settings": return contents.table(schema: "pg_catalog", name: "pg_settings")
        case "aclexplode":
            // Reading is all that anybody may do, and all that an entry here gives.
            let rows = items(arguments.first ?? .null)?.map { _ in
                [CatalogValue.integer(CatalogContents.owner), .integer(CatalogContents.owner), .text("SELECT"), .boolean(false)]
            }
            return relation(
                [("grantor", .objectID), ("grantee", .objectID), ("privilege_type", .text), ("is_grantable", .boolean)], rows ?? [])
        default: return nil
        }
    }
}
