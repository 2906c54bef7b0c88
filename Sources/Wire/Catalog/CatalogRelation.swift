/// One relation of the catalogs with all its rows.
struct CatalogRelation: Sendable {
    var columns: [WireColumn]
    var rows: [[CatalogValue]] = []

    /// Appends a row; a column that is not named is NULL, or what says "no" in its type where PostgreSQL never has NULL.
    mutating func append(_ values: [String: CatalogValue]) {
        rows.append(columns.map { values[$0.name] ?? CatalogRelation.absent($0) })
    }

    private static func absent(_ column: WireColumn) -> CatalogValue {
        switch column.type.oid {
        case WireType.boolean.oid: .boolean(false)
        case WireType.objectID.oid, WireType.smallint.oid, WireType.integer.oid: .integer(0)
        default: .null
        }
    }
}

/// Reads the lists of columns in ``PostgresCatalogs`` and ``InformationSchema``.
enum CatalogShape {
    static let system = shapes(PostgresCatalogs.system)
    static let standard = shapes(InformationSchema.views)

    private static func shapes(_ text: String) -> [String: CatalogRelation] {
        var shapes: [String: CatalogRelation] = [:]
        var paragraph = ""
        for line in text.split(separator: "\n").map(String.init) + ["end:"] {
            if line.hasPrefix(" ") {
                paragraph += line
                continue
            }
            if let colon = paragraph.firstIndex(of: ":") {
                let list = paragraph[paragraph.index(after: colon)...]
                shapes[String(paragraph[..<colon])] = CatalogRelation(columns: list.split(separator: ",").map(column))
            }
            paragraph = line
        }
        return shapes
    }

    private static func column(_ text: Substring) -> WireColumn {
        let words = text.split(separator: " ")
        return WireColumn(name: String(words[0]), type: WireType(catalogName: String(words[1])) ?? .text)
    }
}

extension WireType {
    /// The type of a name in `pg_type`.
    init?(catalogName: String) {
        guard let known = PostgresType.named[catalogName] else { return nil }
        self.init(oid: UInt32(known.oid), size: Int16(known.length))
    }

    /// The type of a name in a cast, as the grammar gives it; nil for one that the catalogs do not know.
    init?(castName: String, isArray: Bool) {
        let name =
            switch castName {
            case "varchar", "bpchar", "cstring": castName == "cstring" ? "text" : castName
            case "regclass", "regtype", "regproc", "regnamespace", "regrole", "regprocedure": "text"
            default: castName
            }
        guard let known = PostgresType.named[name] else { return nil }
        if isArray, let array = PostgresType.numbered[known.arrayOID] {
            self.init(oid: UInt32(array.oid), size: -1)
        } else {
            self.init(oid: UInt32(known.oid), size: Int16(known.length))
        }
    }

    /// What the elements are, if it is an array.
    var element: WireType? {
        guard let known = PostgresType.numbered[Int64(oid)], known.category == "A",
            let element = PostgresType.numbered[known.elementOID]
        else { return nil }
        return WireType(oid: UInt32(element.oid), size: Int16(element.length))
    }

    /// The array of this type; of texts if there is none.
    var array: WireType {
        let known = PostgresType.numbered[Int64(oid)]?.arrayOID ?? 1009
        return WireType(oid: UInt32(known), size: -1)
    }
}
