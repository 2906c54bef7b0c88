import ArgumentParser

struct KnowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge",
        abstract: "Published knowledge points: bring them into the table knowledge, list them, compare them with the claims.",
        discussion: """
            Examples:
              fundwatch knowledge import "batch-7 项目规则库(重复收费).xlsx" --valid-from 2025-12-12
              fundwatch knowledge list
              fundwatch knowledge check
              fundwatch knowledge check --overlaps -o overlaps.xlsx
            """,
        subcommands: [KnowledgeImportCommand.self, KnowledgeListCommand.self, KnowledgeCheckCommand.self])
}
