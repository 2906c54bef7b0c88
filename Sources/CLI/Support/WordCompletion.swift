import ArgumentParser
import Claims
import Engine
import Indicators

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

    private static func names(_ words: [String], views: Bool) -> [String] {
        try? Configuration.load()
        var options = EngineOptions()
        options.knowClaims()
        let path = Setting.resolve("store", flag: value(of: "--store", in: words)).value ?? StorePlace.standard
        let relations = (try? Database(path: path, options: options).relations()) ?? []
        return relations.filter { views || !$0.isView }.map(\.name)
    }

    /// The value of an option among the words, whichever way it is written.
    private static func value(of option: String, in words: [String]) -> String? {
        if let joined = words.last(where: { $0.hasPrefix(option + "=") }) { return String(joined.dropFirst(option.count + 1)) }
        guard let place = words.lastIndex(of: option), words.indices.contains(place + 1) else { return nil }
        return words[place + 1]
    }
}
