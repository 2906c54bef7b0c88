import Engine
import Synchronization

extension SessionCore {
    /// Runs a command about transactions.
    func transact(_ command: SessionCommand) throws -> StatementResult {
        let values = SettingValues(own: state.withLock { $0.settings }, options: database.options)
        var restored: SettingValues?
        var result = try transact(command, values, &restored)
        if let restored {
            database.changeOptions { restored.restore(&$0) }
            result.changedSettings = restored.own.reported.filter { values.own.value($0.name) != $0.value }
        }
        return result
    }

    /// - Parameters:
    ///   - values: The settings in force.
    ///   - restored: Gets those that are in force again.
    private func transact(
        _ command: SessionCommand, _ values: SettingValues, _ restored: inout SettingValues?
    ) throws -> StatementResult {
        try state.withLock { state in
            func done(_ tag: String) -> StatementResult { StatementResult(content: .done(tag: tag)) }
            func require(_ what: String) throws {
                guard state.transaction != .idle else {
                    throw WireError(.noActiveTransaction, "\(what) can only be used in transaction blocks")
                }
            }
            switch command {
            case .begin(let tag):
                var result = done(tag)
                if state.transaction == .idle {
                    state.transaction = .open
                    state.block = SettingsBlock(values)
                } else {
                    result.notices = [WireError(.activeTransaction, "there is already a transaction in progress")]
                }
                return result
            case .commit, .rollback:
                var result = done(command == .commit && state.transaction != .failed ? "COMMIT" : "ROLLBACK")
                if state.transaction == .idle {
                    result.notices = [WireError(.noActiveTransaction, "there is no transaction in progress")]
                }
                if let block = state.block {
                    let left = command == .commit && state.transaction != .failed ? block.lasting : block.before
                    state.settings = left.own
                    restored = left
                }
                state.block = nil
                state.transaction = .idle
                state.savepoints = []
                state.cursors = state.cursors.filter { $0.value.isHeld }
                return result
            case .savepoint(let name):
                try require("SAVEPOINT")
                guard state.savepoints.count < 10_000 else { throw WireError(.limitExceeded, "too many savepoints") }
                var block = state.block ?? SettingsBlock(values)
                block.current = values
                state.savepoints.append((name, block))
                return done("SAVEPOINT")
            case .release(let name), .rollbackTo(let name):
                let isRelease = command == .release(name)
                try require(isRelease ? "RELEASE SAVEPOINT" : "ROLLBACK TO SAVEPOINT")
                guard let index = state.savepoints.lastIndex(where: { $0.name == name }) else {
                    throw WireError(.unknownSavepoint, "savepoint \"\(name)\" does not exist")
                }
                if !isRelease {
                    let block = state.savepoints[index].block
                    state.block?.lasting = block.lasting
                    state.settings = block.current.own
                    restored = block.current
                    state.transaction = .open
                }
                state.savepoints.removeSubrange((isRelease ? index : index + 1)...)
                return done(isRelease ? "RELEASE" : "ROLLBACK")
            default: return done("")
            }
        }
    }
}
