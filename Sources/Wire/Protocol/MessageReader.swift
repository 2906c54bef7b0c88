/// Reads the fields of one message, never past its end.
struct MessageReader {
    private let bytes: [UInt8]
    /// Turns the client's texts into UTF-8; nil where they are.
    let converter: TextConverter?
    private var position = 0

    init(_ bytes: [UInt8], converter: TextConverter? = nil) {
        self.bytes = bytes
        self.converter = converter
    }

    var remaining: Int { bytes.count - position }

    mutating func byte() throws -> UInt8 {
        guard remaining >= 1 else { throw MessageReader.truncated }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func int16() throws -> Int16 {
        let (high, low) = (try byte(), try byte())
        return Int16(bitPattern: UInt16(high) << 8 | UInt16(low))
    }

    mutating func int32() throws -> Int32 {
        var value: UInt32 = 0
        for _ in 0..<4 { value = value << 8 | UInt32(try byte()) }
        return Int32(bitPattern: value)
    }

    /// A text that ends in a zero byte.
    ///
    /// - Throws: `22021` if it is not UTF-8.
    mutating func string() throws -> String {
        guard let end = bytes[position...].firstIndex(of: 0) else { throw MessageReader.truncated }
        defer { position = end + 1 }
        guard let text = String(validating: try unified(Array(bytes[position..<end])), as: UTF8.self) else {
            throw WireError(.characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"")
        }
        return text
    }

    /// A text of the client in UTF-8.
    func unified(_ text: [UInt8]) throws -> [UInt8] {
        guard let converter else { return text }
        guard let converted = converter.convert(text) else { throw converter.unreadable }
        return converted
    }

    mutating func bytes(count: Int) throws -> [UInt8] {
        guard count >= 0, count <= remaining else { throw MessageReader.truncated }
        defer { position += count }
        return Array(bytes[position..<(position + count)])
    }

    /// A count of items that take at least `size` bytes each: a count that lies is found before anything is allocated.
    mutating func count(ofItemsOfSize size: Int) throws -> Int {
        // PostgreSQL reads these counts as unsigned.
        let count = Int(UInt16(bitPattern: try int16()))
        guard count * size <= remaining else { throw MessageReader.truncated }
        return count
    }

    func finish() throws {
        guard remaining == 0 else { throw WireError(.protocolViolation, "invalid message format", isFatal: true) }
    }

    static var truncated: WireError {
        WireError(.protocolViolation, "insufficient data left in message", isFatal: true)
    }
}
