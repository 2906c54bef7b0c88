extension TreeReader {
    mutating func readConstant(_ fields: inout NodeFields) throws(SQLError) -> Expression {
        let position = location(&fields)
        return Expression(.literal(try readLiteral(&fields, at: position)), position: position)
    }

    /// Reads the value of an `A_Const` whose location was taken.
    func readLiteral(_ fields: inout NodeFields, at position: Int) throws(SQLError) -> Literal {
        if fields.flag("isnull") { return .null }
        if var value = fields.fields("ival", as: "Integer") {
            let number = value.integer("ival")
            try finish(value, at: position)
            if let number { return .integer(Int64(number)) }
            return .integer(try integerFromText(at: position))
        }
        if var value = fields.fields("fval", as: "Float") {
            let text = try requiredString(&value, "fval")
            try finish(value, at: position)
            return number(text)
        }
        if var value = fields.fields("sval", as: "String") {
            let text = value.string("sval") ?? ""
            try finish(value, at: position)
            return .string(text)
        }
        if var value = fields.fields("boolval", as: "Boolean") {
            let isTrue = value.flag("boolval")
            try finish(value, at: position)
            return .boolean(isTrue)
        }
        if fields.has("bsval") { throw unsupported("a bit string constant", at: position) }
        throw malformed("a constant")
    }

    /// A number too long for the grammar's integers, or one with a point or an exponent.
    func number(_ text: String) -> Literal {
        if let value = Int64(text) { return .integer(value) }
        return .decimal(text)
    }

    /// Reads a number whose value the grammar's JSON left out.
    ///
    /// libpg_query 15-4.0.0 writes an integer only if it is greater than 0, so 0 and every negative number look alike.
    /// A constant is negative only through the minus signs before it, among blanks, comments and parentheses.
    private func integerFromText(at position: Int) throws(SQLError) -> Int64 {
        let offset = position - base
        guard position >= 0, offset >= 0, offset < bytes.count else { throw malformed("a number without a place") }
        var scanner = LexicalScanner(bytes, from: offset)
        var isNegative = false
        while let token = scanner.next() {
            switch (token.kind, bytes[token.range.lowerBound]) {
            case (.symbol, UInt8(ascii: "-")): isNegative.toggle()
            case (.symbol, UInt8(ascii: "+")), (.opening, UInt8(ascii: "(")): break
            case (.number, _):
                guard let value = Int64(String(decoding: bytes[token.range], as: UTF8.self)), value == 0 || isNegative
                else { throw malformed("a number at byte \(position)") }
                return -value
            default: throw malformed("a number at byte \(position)")
            }
        }
        throw malformed("a number at byte \(position)")
    }
}
