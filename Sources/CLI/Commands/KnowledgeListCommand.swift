import ArgumentParser
import Engine
import Knowledge

struct KnowledgeListCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "The lists of the table knowledge: points and codes of each batch, rule and attribute, and when they apply.",
        discussion: """
            Examples:
              fundwatch knowledge list
              fundwatch knowledge list --format csv -o lists.csv
            """)

    @OptionGroup var common: CommonOptions<KnowledgeListCommand>

    func run() throws {
        let result = try common.soundDatabase().query(KnowledgeQueries.list)
        let writer = try common.writer()
        try writer.write(result)
        try writer.sink.finish()
    }
}
