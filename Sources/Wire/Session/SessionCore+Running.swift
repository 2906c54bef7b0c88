import Columns
import Diagnostics
import Engine
import SQL

/// Statements → results.
extension SessionCore {
    /// Runs one statement.
    ///
    /// - Parameter offset: Characters of the client's text before it.
    func run(_ statement: SessionStatement, values: [BoundValue] = [], offset: Int = 0) throws -> StatementResult {
        try requireUsable(statement)
        guard !cancellation.isSet else { throw WireError(.queryCanceled, "canceling statement due to user request") }
        switch statement {
        case .empty: return StatementResult(content: .empty)
        case .command(let command): return try run(command)
        case .cursor(let name, let inner, let isHeld):
            return try declare(name, isHeld: isHeld) { try run(inner, values: values, offset: offset) }
        case .catalog(let query, _):
            refresh()
            let relation = try runCatalog(query, parameters: try values.map { try BoundText.catalogValue($0) })
            try checkCount(relation.rows.count)
            return StatementResult(content: .rows(RowSource(relation), tag: statement.tag))
        case .data(let parsed, let text):
            refresh()
            return try diagnosed(offset: offset) {
                let zone = zone
                let parameters = try values.map { try ParameterDecoder.value($0, zone: zone) }
                switch try database.run(parsed, text: text, parameters: parameters) {
                case .rows(let result): return StatementResult(content: .rows(RowSource(result), tag: statement.tag))
                case .done(let tag): return StatementResult(content: .done(tag: tag))
                case .file(let target, let result): return StatementResult(content: .copy(RowSource(result), target))
                }
            }
        }
    }

    private func checkCount(_ count: Int) throws {
        guard let limit = database.options.rowLimit, count > limit else { return }
        throw WireError(.limitExceeded, "the query gives more than \(limit) rows, the limit", hint: "write `limit`, or ask for less")
    }

    func runCatalog(_ query: Query, parameters: [CatalogValue]) throws -> CatalogRelation {
        let contents = try diagnosed(offset: 0) {
            try CatalogContents(
                database: database,
                identity: CatalogContents.Identity(
                    database: databaseName, user: user, processID: processID, settings: settingEntries,
                    now: database.options.clock.flatMap { ResultText.string(.timestamp($0.now)) },
                    cursors: openCursors))
        }
        return try CatalogAnswer.run(query, contents, parameters, options: database.options)
    }

    private func run(_ command: SessionCommand) throws -> StatementResult {
        switch command {
        case .begin, .commit, .rollback, .savepoint, .release, .rollbackTo:
            let wasOpen = transaction != .idle
            let result = try transact(command)
            // What a transaction sees is what was committed when it began.
            if !wasOpen { database.refreshIfChanged() }
            return result
        case .set(let name, let value, let isLocal):
            var result = StatementResult(content: .done(tag: value == nil ? "RESET" : "SET"))
            if isLocal, transaction == .idle {
                result.notices = [WireError(.noActiveTransaction, "SET LOCAL can only be used in transaction blocks")]
                return result
            }
            if let changed = try change(name, value, isLocal: isLocal) { result.changedSettings = [changed] }
            return result
        case .resetAll: return StatementResult(content: .done(tag: "RESET"), changedSettings: resetSettings())
        case .show(let name): return try show(name)
        case .fetch(let name, let count, let isMove): return try fetch(name, count: count, isMove: isMove)
        case .declare: return StatementResult(content: .empty)
        case .discard(let what):
            guard what == "all" else { return StatementResult(content: .done(tag: "DISCARD " + what.uppercased())) }
            guard transaction == .idle else {
                throw WireError(.activeTransaction, "DISCARD ALL cannot run inside a transaction block")
            }
            closeCursor(nil)
            return StatementResult(content: .done(tag: "DISCARD ALL"), changedSettings: resetSettings(), forgets: .everything)
        case .deallocate(let name):
            return StatementResult(content: .done(tag: name == nil ? "DEALLOCATE ALL" : "DEALLOCATE"), forgets: .statement(name))
        case .close(let name):
            closeCursor(name)
            return StatementResult(content: .done(tag: name == nil ? "CLOSE CURSOR ALL" : "CLOSE CURSOR"), forgets: .portal(name))
        case .nothing(let tag): return StatementResult(content: .done(tag: tag))
        }
    }

    private func show(_ name: String) throws -> StatementResult {
        var relation: CatalogRelation
        if name == "all" {
            relation = CatalogRelation(columns: SessionCore.allColumns)
            relation.rows = settingEntries.map { [.text($0.name), .text($0.value), .text("")] }
        } else {
            guard let value = value(ofSetting: name) else {
                throw WireError(.unknownObject, "unrecognized configuration parameter \"\(name)\"")
            }
            relation = CatalogRelation(columns: [WireColumn(name: name, type: .text)], rows: [[.text(value)]])
        }
        return StatementResult(content: .rows(RowSource(relation), tag: "SHOW"))
    }
}
