import ArgumentParser

/// One of the options that every command takes.
enum CommonOption: CaseIterable {
    case store, threads, memory, temporaryDirectory, quiet, format, output, excel, timing, lang, color
}

/// A command that takes the common options.
protocol CommonOptionsCommand: ParsableCommand {
    /// Those that do nothing here: they are taken, and its help leaves them out.
    static var ignoredOptions: Set<CommonOption> { get }
}

extension CommonOptionsCommand {
    /// Few commands measure a time.
    static var ignoredOptions: Set<CommonOption> { [.timing] }
}

extension Set<CommonOption> {
    /// Of a command that says in a few lines of text what it did.
    static let ofSummaries: Set = [.format, .excel, .timing, .color]

    /// Of a command that reads the files of a store itself, without a query.
    static let ofQueries: Set = [.threads, .memory, .temporaryDirectory]
}
