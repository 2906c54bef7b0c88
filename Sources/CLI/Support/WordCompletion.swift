import ArgumentParser
import Claims
import Engine
import Indicators
import Storage

/// What completion scripts ask the program for: names that are only known once the command is being typed.
enum WordCompletion {
    /// Ids of indicators, those of a `--library` among the words too.
    static let indicators = CompletionKind.custom { words, _, _ in
        let catalog = try? IndicatorSelection(libraryFolder: value(of: "--library", in: words)).catalog()
        return (catalog?.indicators ?? []).map(\.id)
    }

    /// Tables and views of the store that the words name.
    static let relations = CompletionKind.custom { words, _, _ in names(words, views: true) }

    /// Tables of the store that the words name.
    static let tables = CompletionKind.custom { words, _, _ in names(words, views: false) }

    /// Tables of the store, and those that every store may have.
    static let loadable = CompletionKind.custom { words, _, _ in
        Set(names(words, views: false) + CanonicalTable.all.map(\.name)).sorted()
    }

    /// Numbers of the batches whose rows are still there.
    static let batches = CompletionKind.custom { words, _, _ in
        let batches = (try? database(words).snapshot())??.batches ?? []
        return batches.filter { !$0.isDropped }.map { String($0.id) }
    }

    /// Ids that begin as the word does: those of the register of institutions, or where it has none, those of the claims.
    static let institutions = CompletionKind.custom { words, _, beginning in
        let database = database(words)
        for table in ["institutions", "claims"] {
            let ids = try? database.query(
                "select distinct institution_id from \(table) where starts_with(institution_id, \(ParameterValue.quoted(beginning)))"
                    + " order by 1 limit \(mostIDs)")
            if let ids, ids.rowCount > 0 { return ids.rows().compactMap { $0.first.flatMap { ResultText.string($0) } } }
        }
        return []
    }

    /// More than a shell shows without asking, fewer than it takes long to sort.
    private static let mostIDs = 2000

    private static func names(_ words: [String], views: Bool) -> [String] {
        let relations = (try? database(words).relations()) ?? []
        return relations.filter { views || !$0.isView }.map(\.name)
    }

    /// The store that the words name.
    private static func database(_ words: [String]) -> Database {
        try? Configuration.load()
        var options = EngineOptions()
        options.knowClaims()
        let path = Setting.resolve("store", flag: value(of: "--store", in: words)).value ?? StorePlace.standard
        return Database(path: path, options: options)
    }

    /// The value of an option among the words, whichever way it is written.
    private static func value(of option: String, in words: [String]) -> String? {
        if let joined = words.last(where: { $0.hasPrefix(option + "=") }) { return String(joined.dropFirst(option.count + 1)) }
        guard let place = words.lastIndex(of: option), words.indices.contains(place + 1) else { return nil }
        return words[place + 1]
    }
}
