private import CPgQuery

/// The door to libpg_query: PostgreSQL's own parser.
enum Grammar {
    /// The parse tree of one text as JSON.
    ///
    /// Must run on a large stack: libpg_query writes the tree recursively.
    /// - Throws: What PostgreSQL says, with the byte offset in `bytes`.
    static func parse(_ bytes: [UInt8]) throws(SQLError) -> [UInt8] {
        var terminated = bytes.map { CChar(bitPattern: $0) }
        terminated.append(0)
        // libpg_query reads up to the terminating zero just added and keeps no reference to the text.
        let result = unsafe terminated.withUnsafeBufferPointer { unsafe pg_query_parse($0.baseAddress) }
        defer { unsafe pg_query_free_parse_result(result) }
        if let error = unsafe result.error {
            let message = unsafe error.pointee.message.map { unsafe String(cString: $0) } ?? "syntax error"
            throw SQLError(
                message, position: byteOffset(ofCharacter: Int(unsafe error.pointee.cursorpos), in: bytes),
                hint: hint(for: message))
        }
        guard let tree = unsafe result.parse_tree else {
            throw SQLError("the grammar returned no tree", position: 0)
        }
        return Array(unsafe String(cString: tree).utf8)
    }

    /// PostgreSQL counts characters of an error's place from 1; 0 is unknown.
    private static func byteOffset(ofCharacter number: Int, in bytes: [UInt8]) -> Int {
        guard number > 0 else { return -1 }
        var characters = 0
        for (offset, byte) in bytes.enumerated() where byte & 0xC0 != 0x80 {
            characters += 1
            if characters == number { return offset }
        }
        return bytes.count
    }

    private static func hint(for message: String) -> String? {
        if message.hasPrefix("memory exhausted") {
            return "the statement is nested too deeply; split it with `with`"
        }
        return nil
    }
}
