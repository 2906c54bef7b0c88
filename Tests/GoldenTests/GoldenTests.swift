import Foundation
import Planning
import Testing

/// Scripts of statements, their rows, plans and errors; what each query gives must not depend on the number of workers or
/// segments, nor on any rewrite rule.
@Suite("Golden scripts")
struct GoldenTests {
    @Test("every statement gives what its script says", arguments: GoldenScript.names)
    func script(name: String) throws {
        let script = try GoldenScript(text: String(contentsOf: GoldenScript.url(name), encoding: .utf8))
        let store = GoldenStore()
        let pieces = GoldenStore(segmentRowCount: 3)
        var results: [[String]] = []
        for block in script.blocks {
            if block.statement.isEmpty {
                results.append([])
                continue
            }
            var result: [String] = []
            if block.showsPlan { result += store.run("explain " + block.statement) + ["--"] }
            let place = "\(name).golden:\(block.line)"
            let rows = store.run(block.statement)
            result += rows
            results.append(result)
            let others = pieces.run(block.statement)
            if isQuery(block.statement) {
                #expect(store.run(block.statement, workers: 1) == rows, "one worker: \(place)")
                if rows.first?.hasPrefix("error") != true { check(block.statement, rows, store, others, place) }
            }
            if !GoldenScript.isRewriting {
                #expect(result == block.expected, "\(place): \(block.statement)")
            }
        }
        if GoldenScript.isRewriting {
            try script.text(giving: results).write(to: GoldenScript.url(name), atomically: true, encoding: .utf8)
        }
    }

    /// The same rows from many small segments and without each rule; in the same order if the statement ends with one.
    private func check(_ statement: String, _ rows: [String], _ store: GoldenStore, _ pieces: [String], _ place: String) {
        let isOrdered = GoldenTests.isOrdered(statement)
        func arranged(_ rows: [String]) -> [String] { isOrdered ? rows : rows.sorted() }
        #expect(arranged(pieces) == arranged(rows), "many segments: \(place)")
        for rule in Optimizer.ruleNames {
            let other = store.run(statement, disabledRules: [rule])
            #expect(arranged(other) == arranged(rows), "without \(rule): \(place)")
        }
    }

    /// Whether `order by` stands outside all parentheses.
    static func isOrdered(_ statement: String) -> Bool {
        var depth = 0
        var outside = ""
        for character in statement.lowercased() {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth == 0 { outside.append(character.isWhitespace ? " " : character) }
        }
        return outside.contains("order by")
    }

    @Test("scripts are found, and an order outside parentheses is seen") func scripts() {
        #expect(!GoldenScript.names.isEmpty)
        #expect(GoldenTests.isOrdered("select a from t\norder by (a)") && !GoldenTests.isOrdered("select (select 1 order by 1)"))
    }

    private func isQuery(_ statement: String) -> Bool {
        let word = statement.lowercased().prefix { $0.isLetter }
        return ["select", "with", "values", "table", "summarize"].contains(word) || statement.hasPrefix("(")
    }
}
