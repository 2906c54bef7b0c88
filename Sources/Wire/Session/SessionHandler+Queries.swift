import NIOCore

/// Messages of a session that has begun.
extension SessionHandler {
    func handle(_ message: FrontendMessage) {
        guard let core else { return }
        // What came before is over; what a client cancels is what follows.
        switch message {
        case .query(let text):
            // As in PostgreSQL: only Sync ends what an error began.
            if skipsToSync { return }
            core.cancellation.clear()
            query(text, core)
        case .sync:
            skipsToSync = false
            if core.transaction == .idle { portals = [:] }
            ready()
        case .flush: flush()
        case .terminate, .authentication, .copyRemainder: break
        default: if !skipsToSync { extended(message, core) }
        }
    }

    func handle(failure error: WireError, type: UInt8) {
        if error.isFatal { return fatal(error) }
        if skipsToSync { return }
        if type == UInt8(ascii: "Q") {
            core?.noteFailure()
            writer.error(error)
            ready()
        } else {
            fail(error)
        }
    }

    func ready() {
        writer.readyForQuery(core?.transaction ?? .idle)
        flush()
        if isEnding { endNow() }
    }

    /// An error in the extended protocol: what follows is passed over up to Sync.
    func fail(_ error: any Error) {
        let error = WireError(describing: error)
        if error.isFatal { return fatal(error) }
        core?.noteFailure()
        writer.error(error)
        server.note(error, of: label)
        skipsToSync = true
        flush()
    }

    // MARK: - The simple protocol

    private func query(_ text: String, _ core: SessionCore) {
        run(on: server.lightPool, { try core.parse(text) }) { [self] outcome in
            switch outcome {
            case .success(let pieces):
                if pieces.isEmpty { writer.message("I") }
                simpleStatements = pieces[...]
                nextSimple(core)
            case .failure(let error): failSimple(error)
            }
        }
    }

    private func nextSimple(_ core: SessionCore) {
        guard let piece = simpleStatements.popFirst() else {
            if core.transaction == .idle { portals = [:] }
            return ready()
        }
        let pool = server.pool(for: piece.statement)
        run(on: pool, { try core.run(piece.statement, offset: piece.offset) }) { [self] outcome in
            switch outcome {
            case .success(let result):
                apply(result)
                var cursor: RowCursor?
                if case .rows(let source, _) = result.content {
                    writer.rowDescription(source.columns, formats: source.columns.map { _ in .text })
                    cursor = RowCursor(source)
                }
                isBusy = true
                send(result, cursor: cursor, formats: []) { [self] _ in
                    isBusy = false
                    whenClientTakesMore { [self] in nextSimple(core) }
                    drain()
                } onError: { [self] error in
                    isBusy = false
                    failSimple(error)
                    drain()
                }
            case .failure(let error): failSimple(error)
            }
        }
    }

    private func failSimple(_ error: any Error) {
        let error = WireError(describing: error)
        if error.isFatal { return fatal(error) }
        simpleStatements = []
        core?.noteFailure()
        writer.error(error)
        server.note(error, of: label)
        ready()
    }

    // MARK: - What a result does to the session

    /// Texts are read and written in the client's encoding from now on.
    func useEncoding(_ name: String) {
        let encoding = ClientEncoding(named: name) ?? .utf8
        text.incoming = encoding == .utf8 ? nil : TextConverter(from: encoding, to: .utf8)
        writer.converter = encoding == .utf8 ? nil : TextConverter(from: .utf8, to: encoding)
    }

    func apply(_ result: StatementResult) {
        for notice in result.notices { writer.notice(notice) }
        for entry in result.changedSettings {
            if entry.name == "client_encoding" { useEncoding(entry.value) }
            writer.parameterStatus(entry.name, entry.value)
        }
        switch result.forgets {
        case .everything:
            statements = [:]
            portals = [:]
        case .statement(let name?): statements[name] = nil
        case .statement(nil): statements = [:]
        case .portal(let name?): portals[name] = nil
        case .portal(nil): portals = [:]
        case nil: break
        }
    }
}
