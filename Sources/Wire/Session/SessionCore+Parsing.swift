import Columns
import Diagnostics
import Engine
import Planning
import SQL

/// Text → statements.
extension SessionCore {
    /// The statements of a simple query, all of them read before any is run, as PostgreSQL does.
    func parse(_ text: String) throws -> [StatementPiece] {
        let bytes = Array(text.utf8)
        do throws(SQLError) { try ParseLimits.check(bytes) } catch { throw DiagnosticStates.error(error.diagnostic(in: text), offset: 0) }
        var offset = 0
        var counted = 0
        return try StatementSplitter.split(text).map { piece in
            offset += bytes[counted..<piece.range.lowerBound].count { $0 & 0xC0 != 0x80 }
            counted = piece.range.lowerBound
            return StatementPiece(
                statement: try parseOne(String(decoding: bytes[piece.range], as: UTF8.self), offset: offset), offset: offset)
        }
    }

    private func parseOne(_ text: String, offset: Int) throws -> SessionStatement {
        do {
            switch try SessionCommandReader.read(text) {
            case .declare(let name, let query, let isHeld)?:
                // Looked at before it is read, so that cursors of cursors need no stack.
                if case .declare? = try SessionCommandReader.read(query) { throw WireError(.syntax, "a cursor stands for a query") }
                let before = text.unicodeScalars.count - query.unicodeScalars.count
                let inner = try parseOne(query, offset: offset + before)
                guard inner.isQuery else { throw WireError(.syntax, "a cursor stands for a query") }
                return .cursor(name, inner, isHeld: isHeld)
            case let command?: return .command(command)
            case nil: break
            }
            guard let parsed = try PostgresParser.parse(text).first else { return .empty }
            try refuseWriting(parsed.statement)
            if case .select(let query) = parsed.statement, CatalogRouting.isAboutCatalogs(text) {
                return .catalog(query, text: text)
            }
            return .data(parsed, text: text)
        } catch let error as SQLError {
            // What writes is refused for that, also where it is not supported at all.
            if let name = WritingStatement.name(in: error.message) { throw SessionCore.readOnly(name) }
            throw DiagnosticStates.error(error.diagnostic(in: text), offset: offset)
        }
    }

    private func refuseWriting(_ statement: Statement) throws {
        if let name = statement.writingName { throw SessionCore.readOnly(name) }
        switch statement {
        case .copyTo(let copy) where copy.path != nil:
            throw WireError(
                .insufficientPrivilege, "COPY to a file of the server is not offered", hint: "write `copy … to stdout`, or \\copy in psql")
        case .explain(let explain): try refuseWriting(explain.statement)
        default: break
        }
    }

    static func readOnly(_ name: String) -> WireError {
        WireError(
            .readOnlyTransaction, "cannot execute \(name) in a read-only transaction",
            hint: "the server only reads; use the command line to change a store")
    }

    /// Parses and describes one statement of the extended protocol.
    func prepare(_ text: String, declared: [UInt32]) throws -> PreparedStatement {
        refresh()
        let pieces = try parse(text)
        guard pieces.count <= 1 else {
            throw WireError(.syntax, "cannot insert multiple commands into a prepared statement")
        }
        guard let piece = pieces.first else { return PreparedStatement(statement: .empty, parameterTypes: [], columns: nil) }
        try requireUsable(piece.statement)
        return try describe(piece.statement, declared: declared, offset: piece.offset)
    }

    private func describe(_ statement: SessionStatement, declared: [UInt32], offset: Int) throws -> PreparedStatement {
        switch statement {
        case .empty: return PreparedStatement(statement: statement, parameterTypes: [], columns: nil)
        case .command(let command): return PreparedStatement(statement: statement, parameterTypes: [], columns: columns(of: command))
        case .cursor(_, let inner, _):
            let types = try describe(inner, declared: declared, offset: offset).parameterTypes
            return PreparedStatement(statement: statement, parameterTypes: types, columns: nil)
        case .catalog(let query, let text):
            var types = CatalogRouting.parameterTypes(in: text)
            for (index, oid) in declared.enumerated() where index < types.count && oid != 0 && oid != WireType.unknown.oid {
                types[index] = WireType(oid: oid, size: -1)
            }
            let shape = try runCatalog(query, parameters: types.map { _ in .null })
            return PreparedStatement(statement: statement, parameterTypes: types, columns: shape.columns)
        case .data(let parsed, let text):
            return try diagnosed(offset: offset) {
                let shape = try database.describe(
                    parsed, text: text, declared: try declared.map { try ParameterDecoder.type(declared: $0) })
                let types = shape.parameterTypes.enumerated().map { index, type in
                    ParameterDecoder.wireType(type, declared: index < declared.count ? declared[index] : 0)
                }
                let columns = shape.columns?.map { WireColumn(name: $0.name, type: WireType($0.type)) }
                return PreparedStatement(statement: statement, parameterTypes: types, columns: columns)
            }
        }
    }

    private func columns(of command: SessionCommand) -> [WireColumn]? {
        switch command {
        case .show("all"): return SessionCore.allColumns
        case .show(let name): return [WireColumn(name: name, type: .text)]
        case .fetch(let name, _, false): return cursorColumns(name)
        default: return nil
        }
    }

    static let allColumns = ["name", "setting", "description"].map { WireColumn(name: $0, type: .text) }

    /// In a failed transaction block only its end is taken.
    func requireUsable(_ statement: SessionStatement) throws {
        guard transaction == .failed else { return }
        switch statement {
        case .empty, .command(.commit), .command(.rollback), .command(.rollbackTo): return
        default:
            throw WireError(
                .failedTransaction, "current transaction is aborted, commands ignored until end of transaction block")
        }
    }

    /// The engine's messages as errors a client is told.
    func diagnosed<Value>(offset: Int, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as any DiagnosableError {
            throw DiagnosticStates.error(error.diagnostic, offset: offset)
        }
    }
}
