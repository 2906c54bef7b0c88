import SQL

/// Reads the statements by which drivers and pools govern their session, which PostgreSQL's grammar has and the engine does not.
struct SessionCommandReader {
    private var tokens: [String] = []
    /// Where each token ends in the text.
    private var ends: [Int] = []
    private var position = 0

    /// The command, nil if the text is another statement.
    ///
    /// - Throws: `0A000` for a form that cannot be honoured, `42601` for one that cannot be read.
    static func read(_ text: String) throws -> SessionCommand? {
        let bytes = Array(text.utf8)
        var scanner = LexicalScanner(bytes)
        guard let first = scanner.next(), first.kind == .word else { return nil }
        let verb = String(decoding: bytes[first.range], as: UTF8.self).lowercased()
        guard verbs.contains(verb) else { return nil }
        var reader = SessionCommandReader()
        while let token = scanner.next() {
            reader.tokens.append(String(decoding: bytes[token.range], as: UTF8.self))
            reader.ends.append(token.range.upperBound)
        }
        if verb == "declare" { return try reader.readDeclare(bytes) }
        return try reader.read(verb)
    }

    private static let verbs: Set<String> = [
        "begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "set", "reset", "show", "discard",
        "deallocate", "close", "unlisten", "declare", "fetch", "move",
    ]

    private var word: String? { position < tokens.count ? tokens[position].lowercased() : nil }

    private mutating func skip(_ words: String...) {
        while let word, words.contains(word) { position += 1 }
    }

    private mutating func accept(_ wanted: String) -> Bool {
        guard word == wanted else { return false }
        position += 1
        return true
    }

    /// A name or a value without its quotes.
    private mutating func name() throws -> String {
        guard position < tokens.count else { throw WireError(.syntax, "syntax error at end of input") }
        defer { position += 1 }
        let token = tokens[position]
        if token.hasPrefix("\""), token.count > 1 { return String(token.dropFirst().dropLast()).replacing("\"\"", with: "\"") }
        if token.hasPrefix("'"), token.count > 1 { return String(token.dropFirst().dropLast()).replacing("''", with: "'") }
        return token.lowercased()
    }

    /// The command, if nothing follows it. Mutating, so that it looks at `self` only once its argument has been read.
    private mutating func finish(_ command: SessionCommand) throws -> SessionCommand {
        guard position >= tokens.count else { throw WireError(.syntax, "syntax error at or near \"\(tokens[position])\"") }
        return command
    }

    private mutating func read(_ verb: String) throws -> SessionCommand? {
        switch verb {
        case "begin":
            skip("work", "transaction")
            try readModes()
            return try finish(.begin(tag: "BEGIN"))
        case "start":
            guard accept("transaction") else { return nil }
            try readModes()
            return try finish(.begin(tag: "START TRANSACTION"))
        case "commit", "end":
            if word == "prepared" { return nil }
            skip("work", "transaction")
            try readChain()
            return try finish(.commit)
        case "rollback", "abort": return try readRollback()
        case "savepoint": return try finish(.savepoint(try name()))
        case "release":
            skip("savepoint")
            return try finish(.release(try name()))
        case "set": return try readSet()
        case "reset": return try readReset()
        case "show": return try readShow()
        case "discard":
            let what = try name()
            guard ["all", "plans", "temp", "temporary", "sequences"].contains(what) else { return nil }
            return try finish(.discard(what))
        case "deallocate":
            skip("prepare")
            let what = try name()
            return try finish(.deallocate(what == "all" ? nil : what))
        case "close":
            let what = try name()
            return try finish(.close(what == "all" ? nil : what))
        case "fetch", "move": return try readFetch(isMove: verb == "move")
        case "unlisten": return .nothing(tag: "UNLISTEN")
        default: return nil
        }
    }

    private mutating func readRollback() throws -> SessionCommand? {
        if word == "prepared" { return nil }
        skip("work", "transaction")
        if accept("to") {
            skip("savepoint")
            return try finish(.rollbackTo(try name()))
        }
        try readChain()
        return try finish(.rollback)
    }

    private mutating func readChain() throws {
        guard accept("and") else { return }
        let isNone = accept("no")
        guard accept("chain") else { throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"") }
        if !isNone { throw WireError(.notSupported, "AND CHAIN is not supported", hint: "begin the next transaction by itself") }
    }

    /// Isolation levels are all one here: a transaction reads one commit of the store.
    private mutating func readModes() throws {
        while let mode = word {
            position += 1
            switch mode {
            case ",", "deferrable": continue
            case "not" where accept("deferrable"): continue
            case "isolation" where accept("level"): try readLevel()
            case "read" where accept("only"): continue
            case "read" where accept("write"):
                throw WireError(.readOnlyTransaction, "cannot set transaction read-write mode: the server is read-only")
            default: throw WireError(.syntax, "syntax error at or near \"\(mode)\"")
            }
        }
    }

    private mutating func readLevel() throws {
        if accept("serializable") || accept("repeatable") && accept("read") { return }
        if tokens[max(0, position - 1)].lowercased() != "repeatable", accept("read"), accept("committed") || accept("uncommitted") { return }
        throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"")
    }

    private mutating func readSet() throws -> SessionCommand? {
        let isLocal = accept("local")
        if !isLocal { skip("session") }
        if word == "characteristics" {
            skip("characteristics", "as", "transaction")
            try readModes()
            return try finish(.nothing(tag: "SET"))
        }
        if word == "transaction" {
            position += 1
            if word == "snapshot" { throw WireError(.notSupported, "SET TRANSACTION SNAPSHOT is not supported") }
            try readModes()
            return try finish(.nothing(tag: "SET"))
        }
        if word == "role" || word == "authorization" {
            throw WireError(.notSupported, "SET \(word == "role" ? "ROLE" : "SESSION AUTHORIZATION") is not supported")
        }
        if word == "names" {
            position += 1
            return try finish(.set(name: "client_encoding", value: try name(), isLocal: isLocal))
        }
        if word == "time", position + 1 < tokens.count, tokens[position + 1].lowercased() == "zone" {
            position += 2
            return try finish(.set(name: "timezone", value: try value(), isLocal: isLocal))
        }
        var setting = try name()
        while accept(".") { setting += "." + (try name()) }
        guard accept("=") || accept("to") else { throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"") }
        return try finish(.set(name: setting, value: try value(), isLocal: isLocal))
    }

    /// One value or a list; nil for the default.
    private mutating func value() throws -> String? {
        if word == "default" {
            position += 1
            return nil
        }
        var parts: [String] = []
        repeat {
            var sign = ""
            if accept("-") { sign = "-" }
            parts.append(sign + (try name()))
        } while accept(",")
        return parts.joined(separator: ", ")
    }

    private mutating func readDeclare(_ bytes: [UInt8]) throws -> SessionCommand? {
        let cursor = try name()
        while word == "binary" || word == "insensitive" || word == "asensitive" || word == "no" || word == "scroll" {
            if word == "binary" { throw WireError(.notSupported, "a binary cursor is not supported") }
            if word == "no" { position += 1 } else if word == "scroll" {
                throw WireError(.notSupported, "a scrolling cursor is not supported", hint: "leave SCROLL out")
            }
            position += 1
        }
        guard accept("cursor") else { throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"") }
        var isHeld = false
        if word == "with" || word == "without" {
            isHeld = word == "with"
            position += 1
            guard accept("hold") else { throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"") }
        }
        guard accept("for"), position < tokens.count else {
            throw WireError(.syntax, "syntax error at or near \"\(word ?? "end of input")\"")
        }
        return .declare(cursor, query: String(decoding: bytes[ends[position - 1]...], as: UTF8.self), isHeld: isHeld)
    }

    /// Only forward: rows behind are gone.
    private mutating func readFetch(isMove: Bool) throws -> SessionCommand? {
        var count: Int? = 1
        switch word {
        case "next": position += 1
        case "all":
            position += 1
            count = nil
        case "forward":
            position += 1
            if accept("all") {
                count = nil
            } else if let given = word.flatMap({ Int($0) }) {
                position += 1
                count = given
            }
        case "prior", "first", "last", "absolute", "relative", "backward", "-":
            throw WireError(.notSupported, "FETCH \(word?.uppercased() ?? "") is not supported", hint: "a cursor goes forward only")
        default:
            if let given = word.flatMap({ Int($0) }) {
                position += 1
                count = given
            }
        }
        skip("from", "in")
        return try finish(.fetch(try name(), count: count, isMove: isMove))
    }

    private mutating func readReset() throws -> SessionCommand? {
        if accept("all") { return try finish(.resetAll) }
        if accept("time"), accept("zone") { return try finish(.set(name: "timezone", value: nil)) }
        var setting = try name()
        while accept(".") { setting += "." + (try name()) }
        return try finish(.set(name: setting, value: nil))
    }

    private mutating func readShow() throws -> SessionCommand? {
        // A list of tables is the engine's.
        if word == "tables" { return nil }
        if accept("time"), accept("zone") { return try finish(.show("timezone")) }
        if word == "transaction" {
            skip("transaction", "isolation", "level")
            return try finish(.show("transaction_isolation"))
        }
        var setting = try name()
        while accept(".") { setting += "." + (try name()) }
        return try finish(.show(setting))
    }
}
