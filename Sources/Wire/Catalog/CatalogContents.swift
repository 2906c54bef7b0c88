import Columns
import Engine

/// What the catalogs hold: the relations of a store as PostgreSQL would list them.
struct CatalogContents: Sendable {
    /// One table or view with its columns.
    struct Relation: Sendable {
        var summary: RelationSummary
        var fields: [Field]
        var oid: Int64
    }

    /// Who asks.
    struct Identity: Sendable {
        var database: String
        var user: String
        var processID: Int32
        var settings: [(name: String, value: String)]
        /// The statement's time.
        var now: String?
        var cursors: [(name: String, isHeld: Bool)] = []
    }

    static let systemNamespace: Int64 = 11
    static let publicNamespace: Int64 = 2200
    static let standardNamespace: Int64 = 13_000
    static let owner: Int64 = 10
    static let databaseOID: Int64 = 5
    private static let heap: Int64 = 2

    let relations: [Relation]
    let identity: Identity

    init(database: Database, identity: Identity) throws {
        var used: Set<Int64> = []
        relations = try database.relations().map { summary in
            var oid = CatalogContents.oid(of: summary.name)
            while !used.insert(oid).inserted { oid += 1 }
            // A view that cannot be planned any more is listed without columns.
            let fields = (try? database.columns(of: summary.name)) ?? []
            return Relation(summary: summary, fields: fields, oid: oid)
        }
        self.identity = identity
    }

    /// A number above those PostgreSQL keeps for itself, the same in every session. (FNV-1a.)
    private static func oid(of name: String) -> Int64 {
        var hash: UInt32 = 2_166_136_261
        for byte in name.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return 16_384 + Int64(hash % 1_000_000_000)
    }

    func relation(oid: Int64) -> Relation? { relations.first { $0.oid == oid } }

    /// The rows of a relation of `pg_catalog` or `information_schema`; nil if it has none of that name.
    func table(schema: String?, name: String) -> CatalogRelation? {
        if schema == "information_schema" {
            guard var relation = CatalogShape.standard[name] else { return nil }
            fillStandard(name, &relation)
            return relation
        }
        guard schema == nil || schema == "pg_catalog", var relation = CatalogShape.system[name] else { return nil }
        fillSystem(name, &relation)
        return relation
    }

    private func fillSystem(_ name: String, _ relation: inout CatalogRelation) {
        switch name {
        case "pg_class": for entry in relations { relation.append(classRow(entry)) }
        case "pg_attribute":
            for entry in relations {
                for (index, field) in entry.fields.enumerated() { relation.append(attributeRow(entry, field, index + 1)) }
            }
        case "pg_type": for type in PostgresType.all { relation.append(typeRow(type)) }
        case "pg_namespace":
            for (oid, name) in [
                (CatalogContents.systemNamespace, "pg_catalog"), (CatalogContents.publicNamespace, "public"),
                (CatalogContents.standardNamespace, "information_schema"),
            ] {
                relation.append(["oid": .integer(oid), "nspname": .text(name), "nspowner": .integer(CatalogContents.owner)])
            }
        case "pg_database":
            relation.append([
                "oid": .integer(CatalogContents.databaseOID), "datname": .text(identity.database),
                "datdba": .integer(CatalogContents.owner), "encoding": .integer(6), "datlocprovider": .text("c"),
                "datallowconn": .boolean(true), "datconnlimit": .integer(-1), "dattablespace": .integer(1663),
                "datcollate": .text("C"), "datctype": .text("C"),
            ])
        case "pg_roles", "pg_user", "pg_shadow": fillRoles(name, &relation)
        case "pg_am":
            relation.append(["oid": .integer(CatalogContents.heap), "amname": .text("heap"), "amtype": .text("t")])
        case "pg_tablespace":
            relation.append(["oid": .integer(1663), "spcname": .text("pg_default"), "spcowner": .integer(CatalogContents.owner)])
        case "pg_collation":
            for (oid, name, provider) in [(100, "default", "d"), (950, "C", "c"), (951, "POSIX", "c")] as [(Int64, String, String)] {
                relation.append([
                    "oid": .integer(oid), "collname": .text(name), "collnamespace": .integer(CatalogContents.systemNamespace),
                    "collowner": .integer(CatalogContents.owner), "collprovider": .text(provider),
                    "collisdeterministic": .boolean(true), "collencoding": .integer(-1), "collcollate": .text("C"),
                    "collctype": .text("C"),
                ])
            }
        case "pg_language":
            relation.append(["oid": .integer(14), "lanname": .text("sql"), "lanowner": .integer(CatalogContents.owner)])
        case "pg_tables":
            for entry in relations where !entry.summary.isView {
                relation.append([
                    "schemaname": .text("public"), "tablename": .text(entry.summary.name), "tableowner": .text(identity.user),
                ])
            }
        case "pg_views":
            for entry in relations where entry.summary.isView {
                relation.append([
                    "schemaname": .text("public"), "viewname": .text(entry.summary.name), "viewowner": .text(identity.user),
                    "definition": .text(entry.summary.viewText ?? ""),
                ])
            }
        case "pg_cursors":
            for cursor in identity.cursors {
                relation.append([
                    "name": .text(cursor.name), "is_holdable": .boolean(cursor.isHeld), "is_binary": .boolean(false),
                    "is_scrollable": .boolean(false),
                ])
            }
        case "pg_stat_user_tables", "pg_stat_all_tables":
            for entry in relations where !entry.summary.isView {
                relation.append([
                    "relid": .integer(entry.oid), "schemaname": .text("public"), "relname": .text(entry.summary.name),
                    "n_live_tup": .integer(Int64(entry.summary.rowCount ?? 0)),
                ])
            }
        case "pg_stat_gssapi":
            relation.append(["pid": .integer(Int64(identity.processID)), "gss_authenticated": .boolean(false), "encrypted": .boolean(false)])
        case "pg_settings":
            for setting in identity.settings {
                relation.append([
                    "name": .text(setting.name), "setting": .text(setting.value), "context": .text("user"),
                    "vartype": .text("string"), "source": .text("session"),
                ])
            }
        default: break
        }
    }

    private func fillRoles(_ name: String, _ relation: inout CatalogRelation) {
        relation.append([
            "oid": .integer(CatalogContents.owner), "rolname": .text(identity.user), "usename": .text(identity.user),
            "usesysid": .integer(CatalogContents.owner), "rolinherit": .boolean(true), "rolcanlogin": .boolean(true),
            "rolconnlimit": .integer(-1), "rolpassword": .text("********"),
        ])
    }
}
