/// PostgreSQL 15 text → syntax trees.
package enum PostgresParser {
    /// Parses all statements of a text; an empty one gives none.
    ///
    /// Positions in the result and in errors are UTF-8 byte offsets into `text`. Deep statements are safe: the work is
    /// done on a large stack, and trees deeper than ``ParseLimits/treeDepth`` are refused.
    /// - Throws: Syntax errors in PostgreSQL's words; what is not supported, by name; sizes beyond ``ParseLimits``.
    package static func parse(_ text: String) throws(SQLError) -> [ParsedStatement] {
        let bytes = Array(text.utf8)
        try ParseLimits.check(bytes)
        let outcome = ParserThread.run { () -> Result<[ParsedStatement], SQLError> in
            do throws(SQLError) {
                return .success(try parseAll(bytes))
            } catch {
                return .failure(error)
            }
        }
        guard let outcome else {
            throw SQLError("no memory for the parser's stack", hint: "free some memory, or raise its limit")
        }
        return try outcome.get()
    }

    /// Parses a text that must hold exactly one statement.
    package static func parseOne(_ text: String) throws(SQLError) -> Statement {
        let statements = try parse(text)
        guard let first = statements.first else {
            throw SQLError("no statement found", position: 0, hint: "write one, such as `select 1`")
        }
        if statements.count > 1 {
            throw SQLError(
                "found \(statements.count) statements, expected one", position: statements[1].range.lowerBound,
                hint: "remove what follows the first `;`")
        }
        return first.statement
    }

    private static func parseAll(_ bytes: [UInt8]) throws(SQLError) -> [ParsedStatement] {
        var statements: [ParsedStatement] = []
        for piece in StatementSplitter.split(bytes) {
            let text = Array(bytes[piece.range])
            let base = piece.range.lowerBound
            let statement: Statement
            if let shellStatement = try ShellStatement.read(text, base: base) {
                statement = shellStatement
            } else {
                statement = try readStatement(text, base: base)
            }
            statements.append(ParsedStatement(statement: statement, range: piece.range))
        }
        return statements
    }

    /// Parses one statement with the grammar; `base` is added to every position.
    static func readStatement(_ bytes: [UInt8], base: Int) throws(SQLError) -> Statement {
        var text = GrammarStandIns(ContinuedStrings.withoutComments(bytes))
        var parsed: [UInt8]?
        while parsed == nil {
            do throws(SQLError) {
                parsed = try Grammar.parse(text.bytes)
            } catch {
                if text.replace(at: error.position) { continue }
                throw SQLError(
                    error.message, position: error.position < 0 ? max(base, 0) : base + error.position,
                    hint: error.hint ?? GrammarHabits.hint(text.bytes, at: error.position < 0 ? text.bytes.count : error.position))
            }
        }
        guard let json = parsed else { throw SQLError("no statement found", position: base) }
        var reader = TreeReader(bytes: bytes, base: base, meanings: text.meanings)
        return try reader.readRoot(try readTree(json, start: reader.start))
    }

    private static func readTree(_ json: [UInt8], start: Int) throws(SQLError) -> JSONValue {
        do throws(JSONReader.Failure) {
            return try JSONReader.read(json)
        } catch {
            switch error {
            case .tooDeep: throw .tooDeeplyNested(at: start)
            case .malformed(let offset):
                throw SQLError("the grammar's tree cannot be read at byte \(offset)", position: start)
            }
        }
    }
}
