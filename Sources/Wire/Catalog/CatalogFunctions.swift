import Engine
import SQL

/// Functions that clients call in queries of the catalogs.
enum CatalogFunctions {
    static func call(
        _ name: String, _ arguments: [CatalogValue], _ contents: CatalogContents, _ budget: CatalogBudget
    ) throws -> CatalogValue {
        for argument in arguments { try budget.look(argument) }
        return try budget.made(result(name, arguments, contents, budget))
    }

    /// What is larger than its arguments by more than a few times is bounded before it is made, all else behind.
    private static func result(
        _ name: String, _ arguments: [CatalogValue], _ contents: CatalogContents, _ budget: CatalogBudget
    ) throws -> CatalogValue {
        func argument(_ index: Int) -> CatalogValue { arguments.indices.contains(index) ? arguments[index] : .null }
        if let answer = about(name, arguments, contents) { return answer }
        switch name {
        case "format_type":
            guard let oid = argument(0).integer else { return .null }
            let modifier = argument(1).integer.map { Int32(truncatingIfNeeded: $0) } ?? -1
            return .text(TypeNaming.name(WireType(oid: UInt32(truncatingIfNeeded: oid), size: -1, modifier: modifier)))
        case "pg_get_userbyid": return .text(contents.identity.user)
        case "pg_encoding_to_char": return .text(ClientEncoding.allCases.first { $0.number == argument(0).integer }?.rawValue ?? "SQL_ASCII")
        case "pg_get_viewdef":
            guard let oid = argument(0).integer ?? relationOID(argument(0).text ?? "", contents) else { return .null }
            return contents.relation(oid: oid)?.summary.viewText.map { .text(" " + $0) } ?? .null
        case "to_regclass": return relationOID(argument(0).text ?? "", contents).map { .integer($0) } ?? .null
        case "to_regtype": return TypeNaming.oid(of: argument(0).text ?? "").map { .integer($0) } ?? .null
        case "pg_size_pretty": return argument(0).integer.map { .text(prettySize($0)) } ?? .null
        case "format": return try formatted(arguments, budget)
        case "array_to_string":
            guard let items = items(argument(0)) else { return .null }
            return try joined(items, separator: argument(1).text ?? "", absent: argument(2).text, budget)
        case "string_to_array":
            guard let text = argument(0).text, let separator = argument(1).text else { return .null }
            try find(separator, in: text, budget)
            return .array(text.isEmpty ? [] : text.components(between: separator).map { .text($0) })
        case "array_upper", "array_length", "cardinality":
            guard let items = items(argument(0)), !items.isEmpty else { return .null }
            return .integer(Int64(items.count))
        case "array_lower": return items(argument(0)).map { $0.isEmpty ? .null : .integer(1) } ?? .null
        case "array_position":
            guard let items = items(argument(0)), let index = try items.firstIndex(where: { try budget.order($0, argument(1)) == 0 })
            else { return .null }
            return .integer(Int64(index + 1))
        case "array_remove":
            guard let items = items(argument(0)) else { return .null }
            return .array(try items.filter { try !($0.isNull && argument(1).isNull || budget.order($0, argument(1)) == 0) })
        case "pg_char_to_encoding": return .integer(ClientEncoding(named: argument(0).text ?? "")?.number ?? -1)
        case "getdatabaseencoding": return .text("UTF8")
        case "unnest": return items(argument(0))?.first ?? .null
        case "quote_ident": return argument(0).text.map { .text(Identifier.quoted($0)) } ?? .null
        case "quote_literal": return argument(0).text.map { .text("'" + $0.replacing("'", with: "''") + "'") } ?? .null
        case "lower": return argument(0).text.map { .text($0.lowercased()) } ?? .null
        case "upper": return argument(0).text.map { .text($0.uppercased()) } ?? .null
        case "length", "char_length": return argument(0).text.map { .integer(Int64($0.unicodeScalars.count)) } ?? .null
        case "btrim", "trim", "ltrim", "rtrim": return trimmed(name, arguments)
        case "substring", "substr": return substring(arguments)
        case "replace":
            guard let text = argument(0).text, let old = argument(1).text, let new = argument(2).text else { return .null }
            if old.isEmpty { return .text(text) }
            try find(old, in: text, budget)
            try budget.admit(valueOfBytes: text.utf8.count + text.utf8.count / old.utf8.count * new.utf8.count)
            return .text(text.replacing(old, with: new))
        case "concat": return try joined(arguments, separator: "", budget)
        case "concat_ws": return try argument(0).text.map { try joined(Array(arguments.dropFirst()), separator: $0, budget) } ?? .null
        case "left": return substring([argument(0), .integer(1), argument(1)])
        case "split_part":
            guard let text = argument(0).text, let separator = argument(1).text, let number = argument(2).integer else { return .null }
            try find(separator, in: text, budget)
            let parts = text.components(between: separator)
            return .text(item(number, of: parts) ?? "")
        default: throw unknown(name)
        }
    }

    /// A size as PostgreSQL rounds it: from ten of a unit on in the next one.
    private static func prettySize(_ size: Int64) -> String {
        if size.magnitude < 10 * 1024 { return "\(size) bytes" }
        var value = size
        // Half units, so that the last step rounds.
        value = value >> 9
        var unit = "kB"
        for next in ["MB", "GB", "TB", "PB"] where value.magnitude >= 2 * 10 * 1024 - 1 {
            value = value >> 10
            unit = next
        }
        return "\((value < 0 ? value - 1 : value + 1) / 2) \(unit)"
    }

    /// `format('%I.%I', schema, name)`: `%s` a text, `%I` a name, `%L` a literal, `%%` a percent sign; `%2$s` takes the second argument.
    private static func formatted(_ arguments: [CatalogValue], _ budget: CatalogBudget) throws -> CatalogValue {
        guard let template = arguments.first?.text else { return .null }
        let values = arguments.dropFirst()
        var result = ""
        var next = 0
        var rest = template[...]
        while let mark = rest.firstIndex(of: "%") {
            result += rest[..<mark]
            rest = rest[rest.index(after: mark)...]
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            if let place = Int(digits), rest.dropFirst(digits.count).first == "$" {
                next = place - 1
                rest = rest.dropFirst(digits.count + 1)
            }
            let form = rest.popFirst()
            if form == "%" {
                result += "%"
                continue
            }
            guard let form, ["s", "I", "L"].contains(form) else {
                throw WireError(.invalidParameterValue, "unrecognized format() type specifier \"\(form.map { String($0) } ?? "")\"")
            }
            guard values.indices.contains(values.startIndex + next) else {
                throw WireError(.invalidParameterValue, "too few arguments for format()")
            }
            let value = values[values.startIndex + next].text
            next += 1
            switch form {
            case "I":
                guard let value else {
                    throw WireError(.invalidParameterValue, "null values cannot be formatted as an SQL identifier")
                }
                result += Identifier.quoted(value)
            case "L": result += value.map { "'" + $0.replacing("'", with: "''") + "'" } ?? "NULL"
            default: result += value ?? ""
            }
            try budget.admit(valueOfBytes: result.utf8.count)
        }
        return .text(result + rest)
    }

    /// Counts a search: at worst each byte of one is held against each of the other.
    private static func find(_ part: String, in text: String, _ budget: CatalogBudget) throws {
        try budget.step(1 + (1 + text.utf8.count / 16) * (1 + part.utf8.count / 16))
        // A part of it may be an item of its own.
        try budget.make(bytes: 24 * (text.utf8.count / max(1, part.utf8.count)))
    }

    /// The item with a number that counts from 1, whatever number was asked for; nil if there is none.
    static func item<Item>(_ number: Int64, of items: [Item]) -> Item? {
        number >= 1 && number <= Int64(items.count) ? items[Int(number) - 1] : nil
    }

    static func unknown(_ name: String) -> WireError {
        WireError(.unknownFunction, "function \(name) does not exist", hint: "it is not known in a query of the catalogs")
    }

    /// The items of an array; those of `int2vector` and `oidvector` are separated by blanks.
    static func items(_ value: CatalogValue) -> [CatalogValue]? {
        if let items = value.items { return items }
        guard case .text(let text) = value, !text.contains("{") else { return nil }
        return text.split(separator: " ").map { .text(String($0)) }
    }

    private static func trimmed(_ name: String, _ arguments: [CatalogValue]) -> CatalogValue {
        guard let text = arguments.first?.text else { return .null }
        let marks = arguments.count > 1 ? arguments[1].text ?? "" : " "
        let set = Set(marks)
        var rest = Substring(text)
        if name != "rtrim" { while let first = rest.first, set.contains(first) { rest.removeFirst() } }
        if name != "ltrim" { while let last = rest.last, set.contains(last) { rest.removeLast() } }
        return .text(String(rest))
    }

    private static func substring(_ arguments: [CatalogValue]) -> CatalogValue {
        guard arguments.count >= 2, let text = arguments[0].text, let start = arguments[1].integer else { return .null }
        let scalars = Array(text.unicodeScalars)
        let count = Int64(scalars.count)
        // Beyond both ends nothing changes: clamped, so that sums stay numbers.
        let begin = max(-count - 1, min(count + 1, start == .min ? start : start - 1))
        let first = max(0, min(count, begin))
        var end = count
        if arguments.count > 2, let length = arguments[2].integer {
            end = max(first, min(end, begin + max(0, min(length, 2 * count + 2))))
        }
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[Int(first)..<Int(end)])
        return .text(String(part))
    }

    /// A relation's number by its name, quoted and qualified or not.
    static func relationOID(_ name: String, _ contents: CatalogContents) -> Int64? {
        var parts: [String] = []
        var part = ""
        var isQuoted = false
        for character in name {
            switch character {
            case "\"": isQuoted.toggle()
            case "." where !isQuoted:
                parts.append(part)
                part = ""
            default: part += isQuoted ? String(character) : character.lowercased()
            }
        }
        parts.append(part)
        if let system = systemOID(parts) { return system }
        guard parts.count == 1 || parts[parts.count - 2] == "public" else { return nil }
        return contents.relations.first { $0.summary.name == parts[parts.count - 1] }?.oid
    }

    /// The numbers PostgreSQL gives its own catalogs. They stand in no list here: 1 says no more than that there is one.
    private static func systemOID(_ parts: [String]) -> Int64? {
        guard parts.count == 1 || parts[parts.count - 2] == "pg_catalog", CatalogShape.system[parts[parts.count - 1]] != nil else {
            return nil
        }
        let known: [String: Int64] = [
            "pg_type": 1247, "pg_attribute": 1249, "pg_proc": 1255, "pg_class": 1259, "pg_database": 1262, "pg_constraint": 2606,
            "pg_namespace": 2615, "pg_extension": 3079,
        ]
        return known[parts[parts.count - 1]] ?? 1
    }

    /// `x::regclass` and its kin: a name becomes the number, a number the name.
    static func registered(_ value: CatalogValue, _ type: String, _ contents: CatalogContents) throws -> CatalogValue {
        let name = value.text ?? ""
        switch (type, value.integer) {
        case ("regclass", let oid?):
            if let relation = contents.relation(oid: oid) { return .named(oid, Identifier.quoted(relation.summary.name)) }
            return oid == 0 ? .named(0, "-") : value
        case ("regclass", nil):
            guard let oid = relationOID(name, contents) else { throw WireError(.unknownRelation, "relation \"\(name)\" does not exist") }
            return .named(oid, contents.relation(oid: oid).map { Identifier.quoted($0.summary.name) } ?? name)
        case ("regtype", let oid?): return .text(TypeNaming.name(WireType(oid: UInt32(truncatingIfNeeded: oid), size: -1)))
        case ("regtype", nil):
            guard let oid = TypeNaming.oid(of: name) else { throw WireError(.unknownObject, "type \"\(name)\" does not exist") }
            return .integer(oid)
        case ("regnamespace", let oid?):
            let known = [CatalogContents.systemNamespace: "pg_catalog", CatalogContents.publicNamespace: "public"]
            return .text(known[oid] ?? (oid == CatalogContents.standardNamespace ? "information_schema" : String(oid)))
        case ("regnamespace", nil):
            switch name {
            case "public": return .integer(CatalogContents.publicNamespace)
            case "pg_catalog": return .integer(CatalogContents.systemNamespace)
            case "information_schema": return .integer(CatalogContents.standardNamespace)
            default: throw WireError(.unknownObject, "schema \"\(name)\" does not exist")
            }
        case ("regrole", .some): return .text(contents.identity.user)
        default: return value
        }
    }
}

extension String {
    /// The parts between separators; the whole for an empty one.
    func components(between separator: String) -> [String] {
        guard !separator.isEmpty else { return [self] }
        return split(separator: separator, omittingEmptySubsequences: false).map(String.init)
    }
}
