import NIOCore

/// Parse, Bind, Describe, Execute, Close.
extension SessionHandler {
    func extended(_ message: FrontendMessage, _ core: SessionCore) {
        do {
            switch message {
            case .parse(let name, let query, let types): try parse(name, query, types, core)
            case .bind(let portal, let statement, let formats, let values, let resultFormats):
                try bind(portal, statement, formats, values, resultFormats)
            case .describeStatement(let name):
                let statement = try self.statement(name)
                writer.parameterDescription(statement.parameterTypes.map(\.oid))
                describe(statement.columns, formats: [])
            case .describePortal(let name):
                // A cursor is a portal that a statement has opened.
                if portals[name] == nil, let columns = core.cursorColumns(name) { return describe(columns, formats: []) }
                let portal = try self.portal(name)
                describe(portal.statement.columns, formats: portal.formats)
            case .execute(let name, let limit): execute(try portal(name), name, limit, core)
            case .closeStatement(let name):
                statements[name] = nil
                writer.message("3")
            case .closePortal(let name):
                portals[name] = nil
                if !name.isEmpty { core.closeCursor(name) }
                writer.message("3")
            default: break
            }
        } catch {
            fail(error)
        }
    }

    private func statement(_ name: String) throws -> PreparedStatement {
        guard let known = statements[name] else {
            throw WireError(.unknownStatement, name.isEmpty ? "unnamed prepared statement does not exist" : "prepared statement \"\(name)\" does not exist")
        }
        return known
    }

    private func portal(_ name: String) throws -> Portal {
        guard let known = portals[name] else { throw WireError(.unknownPortal, "portal \"\(name)\" does not exist") }
        return known
    }

    private func parse(_ name: String, _ query: String, _ types: [UInt32], _ core: SessionCore) throws {
        guard name.isEmpty || statements[name] == nil else {
            throw WireError(.duplicateStatement, "prepared statement \"\(name)\" already exists")
        }
        guard statements.count < SessionHandler.statementLimit else {
            throw WireError(.limitExceeded, "a session has \(SessionHandler.statementLimit) prepared statements at most")
        }
        try requireRoom(for: query.utf8.count)
        core.cancellation.clear()
        run(on: server.lightPool, { try core.prepare(query, declared: types) }) { [self] outcome in
            switch outcome {
            case .success(let statement):
                statements[name] = statement
                statements[name]?.byteCount = query.utf8.count
                writer.message("1")
            case .failure(let error): fail(error)
            }
        }
    }

    private func bind(
        _ name: String, _ statementName: String, _ formats: [ValueFormat], _ values: [[UInt8]?], _ resultFormats: [ValueFormat]
    ) throws {
        let statement = try self.statement(statementName)
        guard values.count == statement.parameterTypes.count else {
            throw WireError(
                .protocolViolation,
                "bind message supplies \(values.count) parameters, but prepared statement \"\(statementName)\" requires \(statement.parameterTypes.count)")
        }
        guard portals.count < SessionHandler.statementLimit else {
            throw WireError(.limitExceeded, "a session has \(SessionHandler.statementLimit) portals at most")
        }
        if !name.isEmpty, portals[name] != nil { throw WireError(.unknownPortal, "portal \"\(name)\" already exists") }
        try requireRoom(for: values.reduce(0) { $0 + 32 + ($1?.count ?? 0) })
        let valueFormats = try ValueFormat.choose(formats, count: values.count)
        let bound = values.indices.map {
            BoundValue(type: statement.parameterTypes[$0], format: valueFormats[$0], bytes: values[$0])
        }
        let columnCount = statement.columns?.count ?? 0
        let chosen = columnCount == 0 ? [] : try ValueFormat.choose(resultFormats, count: columnCount)
        portals[name] = Portal(statement: statement, values: bound, formats: chosen)
        writer.message("2")
    }

    private func requireRoom(for byteCount: Int) throws {
        let held = statements.values.reduce(0) { $0 + $1.byteCount } + portals.values.reduce(0) { $0 + $1.byteCount }
        guard held + byteCount <= SessionHandler.heldByteLimit else {
            throw WireError(
                .limitExceeded, "the statements and values of a session have \(SessionHandler.heldByteLimit) bytes at most",
                hint: "close statements and portals that are not needed any more")
        }
    }

    private func describe(_ columns: [WireColumn]?, formats: [ValueFormat]) {
        guard let columns else { return writer.message("n") }
        writer.rowDescription(columns, formats: formats.isEmpty ? columns.map { _ in .text } : formats)
    }

    private func execute(_ portal: Portal, _ name: String, _ limit: Int, _ core: SessionCore) {
        if let result = portal.result { return go(on: portal, result, limit) }
        core.cancellation.clear()
        let (statement, values) = (portal.statement.statement, portal.values)
        run(on: server.pool(for: statement), { try core.run(statement, values: values) }) { [self] outcome in
            switch outcome {
            case .success(let result):
                if limit > 0, case .rows(let source, _) = result.content {
                    let kept = portals.values.reduce(0) { $0 + $1.keptByteCount }
                    do { portal.keptByteCount = try core.requireRoom(for: source, beside: kept) } catch { return fail(error) }
                }
                portal.result = result
                apply(result)
                if case .rows(let source, _) = result.content {
                    guard source.columns.map(\.type.oid) == (portal.statement.columns ?? []).map(\.type.oid) else {
                        return fail(WireError(.notSupported, "cached plan must not change result type", hint: "prepare the statement again"))
                    }
                    portal.cursor = RowCursor(source)
                }
                go(on: portal, result, limit)
            case .failure(let error): fail(error)
            }
        }
    }

    /// Sends the portal's next rows.
    private func go(on portal: Portal, _ result: StatementResult, _ limit: Int) {
        if portal.isComplete {
            // Asked again, a portal has no more rows.
            if case .rows(_, let tag) = result.content { return writer.commandComplete("\(tag) 0") }
            return fail(WireError(.unknownPortal, "the portal has been run"))
        }
        isBusy = true
        let formats = portal.formats
        send(result, cursor: portal.cursor, formats: formats, limit: limit) { [self] cursor in
            isBusy = false
            portal.cursor = cursor
            portal.isComplete = cursor.map(\.isFinished) ?? true
            if portal.isComplete { portal.forgetRows() }
            drain()
        } onError: { [self] error in
            isBusy = false
            fail(error)
            drain()
        }
    }
}
