import Diagnostics

/// The engine's messages as PostgreSQL's clients know them.
enum DiagnosticStates {
    /// What a client is told of a failure.
    ///
    /// - Parameters:
    ///   - offset: Characters of the client's text before the statement the message points into.
    static func error(_ diagnostic: Diagnostic, offset: Int) -> WireError {
        var error = WireError(state(of: diagnostic), message(diagnostic), hint: diagnostic.mend)
        if let place = diagnostic.location.byteOffset, let text = diagnostic.statement {
            error.position = offset + text.utf8.prefix(max(0, place)).count { $0 & 0xC0 != 0x80 } + 1
        }
        return error
    }

    /// Files of the server are its own affair, unless a store is damaged: then an operator must know where.
    private static func message(_ diagnostic: Diagnostic) -> String {
        if diagnostic.kind == .interrupted { return "canceling statement due to user request" }
        guard diagnostic.statement == nil, let file = diagnostic.location.file, diagnostic.kind == .badData else {
            return diagnostic.message
        }
        return (file.split(separator: "/").last.map(String.init) ?? file) + ": " + diagnostic.message
    }

    static func state(of diagnostic: Diagnostic) -> SQLState {
        switch diagnostic.kind {
        case .query: return state(ofMessage: diagnostic.message)
        case .busy: return stateOfLimit(diagnostic.message)
        case .interrupted: return .queryCanceled
        case .usage: return .invalidParameterValue
        case .badData: return .dataCorrupted
        case .noInput: return .undefinedFile
        case .cannotCreate, .inputOutput: return .inputOutput
        case .permission: return .insufficientPrivilege
        case .configuration: return .configuration
        case .internalError: return .internalError
        }
    }

    private static func stateOfLimit(_ message: String) -> SQLState {
        if message.contains("time") { return .queryCanceled }
        if message.contains("rows") { return .limitExceeded }
        return message.contains("memory") ? .outOfMemory : .limitExceeded
    }

    /// Messages are PostgreSQL's own, so they tell what happened: the first pair that fits decides.
    private static let phrases: [(phrase: String, state: SQLState)] = [
        ("is not supported", .notSupported), ("cross-database references are not implemented", .notSupported),
        ("syntax error", .syntax), ("unterminated", .syntax),
        ("column reference", .ambiguousColumn), ("missing FROM-clause entry", .unknownRelation),
        ("there is no parameter", .unknownParameter), ("could not determine", .undeterminedType),
        ("operator is not unique", .ambiguousFunction), ("is not unique", .ambiguousFunction),
        ("unrecognized configuration parameter", .unknownObject), ("specified more than once", .duplicateAlias),
        ("already exists", .duplicateRelation), ("division by zero", .divisionByZero),
        ("invalid input syntax", .invalidText), ("date/time field value out of range", .dateOutOfRange),
        ("timestamp out of range", .dateOutOfRange), ("date out of range", .dateOutOfRange),
        ("interval out of range", .dateOutOfRange), ("out of range", .outOfRange), ("overflow", .outOfRange),
        ("more than one row returned by a subquery", .cardinality), ("must appear in the GROUP BY", .grouping),
        ("aggregate function", .grouping), ("window function", .windowing), ("cannot cast", .cannotCoerce),
        ("cannot be matched", .datatypeMismatch), ("must be type", .datatypeMismatch),
        ("LIMIT must not be negative", .rowCountInLimit), ("cannot take", .numericArgument),
        ("nested too deeply", .statementTooComplex),
    ]

    private static func state(ofMessage message: String) -> SQLState {
        if let known = phrases.first(where: { message.contains($0.phrase) }) { return known.state }
        guard message.hasSuffix("does not exist") else { return .syntaxOrAccess }
        if message.hasPrefix("column") { return .unknownColumn }
        if message.hasPrefix("relation") || message.hasPrefix("schema") { return .unknownRelation }
        if message.hasPrefix("function") || message.hasPrefix("operator") || message.hasPrefix("aggregate") { return .unknownFunction }
        return .unknownObject
    }
}
