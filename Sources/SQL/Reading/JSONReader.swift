/// Reads the JSON that libpg_query writes: no fractions, no surrounding blanks needed, any nesting up to a limit.
struct JSONReader {
    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    /// Why a text could not be read.
    enum Failure: Error {
        case malformed(offset: Int)
        case tooDeep
    }

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the whole text as one value.
    static func read(_ bytes: [UInt8]) throws(Failure) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.readValue()
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw .malformed(offset: reader.position) }
        return value
    }

    private mutating func readValue() throws(Failure) -> JSONValue {
        skipBlanks()
        guard position < bytes.count else { throw .malformed(offset: position) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", as: .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", as: .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", as: .null)
        default: return .integer(try readInteger())
        }
    }

    private mutating func readObject() throws(Failure) -> JSONValue {
        try enter()
        var members: [JSONValue.Member] = []
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipBlanks()
                let name = try readString()
                try expect(UInt8(ascii: ":"))
                members.append(JSONValue.Member(name: name, value: try readValue()))
            } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "}"))
        }
        depth -= 1
        return .object(members)
    }

    private mutating func readArray() throws(Failure) -> JSONValue {
        try enter()
        var values: [JSONValue] = []
        if !take(UInt8(ascii: "]")) {
            repeat { values.append(try readValue()) } while take(UInt8(ascii: ","))
            try expect(UInt8(ascii: "]"))
        }
        depth -= 1
        return .array(values)
    }

    private mutating func enter() throws(Failure) {
        position += 1
        depth += 1
        guard depth <= ParseLimits.jsonDepth else { throw .tooDeep }
    }

    private mutating func skipBlanks() {
        while position < bytes.count, LexicalScanner.isSpace(bytes[position]) { position += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(Failure) {
        guard take(byte) else { throw .malformed(offset: position) }
    }

    private mutating func readWord(_ word: StaticString, as value: JSONValue) throws(Failure) -> JSONValue {
        let letters = Array(word.description.utf8)
        guard bytes[position...].starts(with: letters) else { throw .malformed(offset: position) }
        position += letters.count
        return value
    }

    private mutating func readInteger() throws(Failure) -> Int {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        guard let value = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            throw .malformed(offset: start)
        }
        return value
    }
}

// MARK: - Strings

extension JSONReader {
    private mutating func readString() throws(Failure) -> String {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw .malformed(offset: position) }
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\""), bytes[position] != UInt8(ascii: "\\") {
            position += 1
        }
        guard position < bytes.count else { throw .malformed(offset: position) }
        if bytes[position] == UInt8(ascii: "\"") {
            position += 1
            return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
        }
        return try readEscapedString(Array(bytes[start..<position]))
    }

    private mutating func readEscapedString(_ prefix: [UInt8]) throws(Failure) -> String {
        var content = prefix
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: content, as: UTF8.self) }
            if byte == UInt8(ascii: "\\") {
                try readEscape(into: &content)
            } else {
                content.append(byte)
            }
        }
        throw .malformed(offset: position)
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(Failure) {
        guard position < bytes.count else { throw .malformed(offset: position) }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "u"):
            // libpg_query escapes control characters only, never a surrogate pair.
            guard position + 4 <= bytes.count,
                let code = UInt32(String(decoding: bytes[position..<(position + 4)], as: UTF8.self), radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw .malformed(offset: position) }
            position += 4
            content.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw .malformed(offset: position)
        }
    }
}
