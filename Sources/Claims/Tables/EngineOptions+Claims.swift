package import Engine

extension EngineOptions {
    /// Lets statements read the tables of claims before they are loaded, and the views over them.
    package mutating func knowClaims() {
        knownTables = Dictionary(uniqueKeysWithValues: CanonicalTable.all.map { ($0.name, $0.schema) })
        knownViews = Dictionary(uniqueKeysWithValues: ClaimViews.all.map { ($0.name, $0.query) })
    }
}
