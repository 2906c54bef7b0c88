import Columns
import Engine

/// The rows of the larger catalogs.
extension CatalogContents {
    func classRow(_ entry: Relation) -> [String: CatalogValue] {
        [
            "oid": .integer(entry.oid), "relname": .text(entry.summary.name),
            "relnamespace": .integer(CatalogContents.publicNamespace), "relowner": .integer(CatalogContents.owner),
            "relam": .integer(entry.summary.isView ? 0 : 2), "relkind": .text(entry.summary.isView ? "v" : "r"),
            "reltuples": .integer(Int64(entry.summary.rowCount ?? -1)), "relpersistence": .text("p"),
            "relnatts": .integer(Int64(entry.fields.count)), "relhasrules": .boolean(entry.summary.isView),
            "relispopulated": .boolean(true), "relreplident": .text(entry.summary.isView ? "n" : "d"), "relacl": .array([.text(readersRight)]),
        ]
    }

    /// Without an entry clients take it that a relation's owner may write, too.
    private var readersRight: String {
        let isPlain = identity.user.utf8.allSatisfy { $0 == 0x5F || 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 | 0x20 }
        let user = isPlain ? identity.user : "\"" + identity.user.replacing("\"", with: "\"\"") + "\""
        return "\(user)=r/\(user)"
    }

    func attributeRow(_ entry: Relation, _ field: Field, _ number: Int) -> [String: CatalogValue] {
        let type = WireType(field.type)
        let known = PostgresType.numbered[Int64(type.oid)]
        return [
            "attrelid": .integer(entry.oid), "attname": .text(field.name), "atttypid": .integer(Int64(type.oid)),
            "attstattarget": .integer(-1), "attlen": .integer(Int64(type.size)), "attnum": .integer(Int64(number)),
            "attcacheoff": .integer(-1), "atttypmod": .integer(Int64(type.modifier)),
            "attbyval": .boolean(known?.isByValue ?? false), "attalign": .text(known?.alignment ?? "i"),
            "attstorage": .text(known?.storage ?? "x"), "attcompression": .text(""),
            "attnotnull": .boolean(!field.isNullable), "attidentity": .text(""), "attgenerated": .text(""),
            "attislocal": .boolean(true), "attcollation": .integer(known?.collationOID ?? 0),
        ]
    }

    func typeRow(_ type: PostgresType) -> [String: CatalogValue] {
        [
            "oid": .integer(type.oid), "typname": .text(type.name), "typnamespace": .integer(CatalogContents.systemNamespace),
            "typowner": .integer(CatalogContents.owner), "typlen": .integer(type.length), "typbyval": .boolean(type.isByValue),
            "typtype": .text(type.kind), "typcategory": .text(type.category), "typispreferred": .boolean(type.isPreferred),
            "typisdefined": .boolean(true), "typdelim": .text(type.delimiter), "typelem": .integer(type.elementOID),
            "typarray": .integer(type.arrayOID), "typinput": .text(type.elementOID != 0 && type.category == "A" ? "array_in" : type.name + "in"),
            "typoutput": .text(type.name + "out"), "typreceive": .text(type.name + "recv"), "typsend": .text(type.name + "send"),
            "typalign": .text(type.alignment), "typstorage": .text(type.storage), "typtypmod": .integer(-1),
            "typcollation": .integer(type.collationOID),
        ]
    }

    /// The rows of a view of `information_schema`.
    func fillStandard(_ name: String, _ relation: inout CatalogRelation) {
        let database = CatalogValue.text(identity.database)
        switch name {
        case "schemata":
            for schema in ["pg_catalog", "public", "information_schema"] {
                relation.append([
                    "catalog_name": database, "schema_name": .text(schema), "schema_owner": .text(identity.user),
                ])
            }
        case "tables":
            for entry in relations {
                relation.append([
                    "table_catalog": database, "table_schema": .text("public"), "table_name": .text(entry.summary.name),
                    "table_type": .text(entry.summary.isView ? "VIEW" : "BASE TABLE"), "is_insertable_into": .text("NO"),
                    "is_typed": .text("NO"),
                ])
            }
        case "views":
            for entry in relations where entry.summary.isView {
                relation.append([
                    "table_catalog": database, "table_schema": .text("public"), "table_name": .text(entry.summary.name),
                    "view_definition": .text(entry.summary.viewText ?? ""), "check_option": .text("NONE"),
                    "is_updatable": .text("NO"), "is_insertable_into": .text("NO"),
                ])
            }
        case "columns":
            for entry in relations {
                for (index, field) in entry.fields.enumerated() {
                    relation.append(columnRow(entry, field, index + 1, database))
                }
            }
        case "table_privileges", "role_table_grants":
            for entry in relations {
                relation.append([
                    "grantor": .text(identity.user), "grantee": .text(identity.user), "table_catalog": database,
                    "table_schema": .text("public"), "table_name": .text(entry.summary.name), "privilege_type": .text("SELECT"),
                    "is_grantable": .text("NO"), "with_hierarchy": .text("YES"),
                ])
            }
        case "enabled_roles": relation.append(["role_name": .text(identity.user)])
        case "character_sets":
            relation.append([
                "character_set_name": .text("UTF8"), "character_repertoire": .text("UCS"), "form_of_use": .text("UTF8"),
                "default_collate_catalog": database, "default_collate_schema": .text("pg_catalog"),
                "default_collate_name": .text("C"),
            ])
        default: break
        }
    }

    private func columnRow(
        _ entry: Relation, _ field: Field, _ number: Int, _ database: CatalogValue
    ) -> [String: CatalogValue] {
        let type = WireType(field.type)
        var row: [String: CatalogValue] = [
            "table_catalog": database, "table_schema": .text("public"), "table_name": .text(entry.summary.name),
            "column_name": .text(field.name), "ordinal_position": .integer(Int64(number)),
            "is_nullable": .text(field.isNullable ? "YES" : "NO"), "data_type": .text(TypeNaming.name(type, withModifier: false)),
            "udt_catalog": database, "udt_schema": .text("pg_catalog"),
            "udt_name": .text(PostgresType.numbered[Int64(type.oid)]?.name ?? "text"), "dtd_identifier": .text(String(number)),
            "is_self_referencing": .text("NO"), "is_identity": .text("NO"), "identity_cycle": .text("NO"),
            "is_generated": .text("NEVER"), "is_updatable": .text("NO"),
        ]
        // Numbers that mean nothing for a type are NULL there, not 0.
        for column in [
            "character_maximum_length", "character_octet_length", "numeric_precision", "numeric_precision_radix",
            "numeric_scale", "datetime_precision", "interval_precision", "maximum_cardinality",
        ] { row[column] = .null }
        switch field.type {
        case .text, .unknown, .array: row["character_octet_length"] = .integer(1 << 30)
        case .integer: (row["numeric_precision"], row["numeric_precision_radix"], row["numeric_scale"]) = (.integer(32), .integer(2), .integer(0))
        case .bigint: (row["numeric_precision"], row["numeric_precision_radix"], row["numeric_scale"]) = (.integer(64), .integer(2), .integer(0))
        case .double: (row["numeric_precision"], row["numeric_precision_radix"]) = (.integer(53), .integer(2))
        case .numeric(let precision, let scale):
            (row["numeric_precision"], row["numeric_precision_radix"], row["numeric_scale"]) =
                (.integer(Int64(precision)), .integer(10), .integer(Int64(scale)))
        case .date: row["datetime_precision"] = .integer(0)
        case .timestamp, .moment, .interval: row["datetime_precision"] = .integer(6)
        case .boolean: break
        }
        return row
    }
}
