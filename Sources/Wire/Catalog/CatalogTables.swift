/// The relations of the catalogs that one query has asked for so far.
final class CatalogTables {
    private struct Name: Hashable {
        var schema: String?
        var name: String
    }

    private var relations: [Name: CatalogRelation] = [:]

    /// A relation with its rows, filled once; nil if there is none of that name.
    func table(schema: String?, name: String, of contents: CatalogContents) -> CatalogRelation? {
        let key = Name(schema: schema, name: name)
        if let known = relations[key] { return known }
        relations[key] = contents.table(schema: schema, name: name)
        return relations[key]
    }
}
