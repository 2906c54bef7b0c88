/// Reads Thrift's compact protocol from bytes nobody vouches for: never beyond their end, never deeper than a few levels.
///
/// Source: Apache Thrift, thrift-compact-protocol.md
struct ThriftReader {
    private static let depthLimit = 24

    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int
    private var depth = 0

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = min(range.upperBound, bytes.count)
    }

    /// Hands every field of a structure to `body`, which reads its value or skips it.
    mutating func fields(
        _ body: (inout ThriftReader, Int, ThriftType) throws(Damage) -> Void
    ) throws(Damage) {
        depth += 1
        guard depth <= ThriftReader.depthLimit else { throw Damage("metadata nested too deeply") }
        defer { depth -= 1 }
        var last = 0
        while true {
            let head = try byte()
            if head == 0 { return }
            guard let type = ThriftType(rawValue: head & 0x0F) else { throw Damage("metadata of an unknown type") }
            let step = Int(head >> 4)
            last = step == 0 ? Int(Int16(truncatingIfNeeded: try integer())) : last + step
            try body(&self, last, type)
        }
    }

    /// The elements of a list, each read by `body`.
    mutating func list<Element>(
        _ body: (inout ThriftReader, ThriftType) throws(Damage) -> Element
    ) throws(Damage) -> [Element] {
        let (type, count) = try listHead()
        var elements: [Element] = []
        elements.reserveCapacity(min(count, 1 << 16))
        for _ in 0..<count { elements.append(try body(&self, type)) }
        return elements
    }

    private mutating func listHead() throws(Damage) -> (ThriftType, Int) {
        let head = try byte()
        guard let type = ThriftType(rawValue: head & 0x0F) else { throw Damage("a list of an unknown type") }
        let short = Int(head >> 4)
        let count = short == 15 ? try size() : short
        // An element takes a byte at least.
        guard count <= end - position else { throw Damage("a list of \(count) elements in \(end - position) bytes") }
        return (type, count)
    }

    /// A signed number of any width.
    mutating func integer() throws(Damage) -> Int64 {
        let value = try variable()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    /// A number that counts or places something.
    mutating func count() throws(Damage) -> Int {
        let value = try integer()
        guard value >= 0 else { throw Damage("a negative count in the metadata") }
        return Int(value)
    }

    /// A number of a page, which is less than 2 GiB.
    mutating func smallCount() throws(Damage) -> Int {
        let value = try integer()
        guard (0...Int64(Int32.max)).contains(value) else { throw Damage("a count of \(value) in a page's head") }
        return Int(value)
    }

    mutating func signedByte() throws(Damage) -> Int { Int(Int8(bitPattern: try byte())) }

    mutating func binary() throws(Damage) -> [UInt8] {
        let count = try size()
        guard count <= end - position else { throw Damage("\(count) bytes of text in \(end - position)") }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func text() throws(Damage) -> String {
        guard let text = String(validating: try binary(), as: UTF8.self) else { throw Damage("a name that is not UTF-8") }
        return text
    }

    /// Passes over a value.
    mutating func skip(_ type: ThriftType) throws(Damage) {
        switch type {
        case .yes, .no: break
        case .int8: _ = try byte()
        case .int16, .int32, .int64: _ = try variable()
        case .double: try advance(8)
        case .uuid: try advance(16)
        case .binary: try advance(try size())
        case .list, .set:
            depth += 1
            guard depth <= ThriftReader.depthLimit else { throw Damage("metadata nested too deeply") }
            let (element, count) = try listHead()
            for _ in 0..<count { try skipElement(element) }
            depth -= 1
        case .map:
            depth += 1
            guard depth <= ThriftReader.depthLimit else { throw Damage("metadata nested too deeply") }
            let count = try size()
            guard count <= end - position else { throw Damage("a map beyond the metadata's end") }
            if count > 0 {
                let types = try byte()
                guard let key = ThriftType(rawValue: types >> 4), let value = ThriftType(rawValue: types & 0x0F) else {
                    throw Damage("a map of an unknown type")
                }
                for _ in 0..<count {
                    try skipElement(key)
                    try skipElement(value)
                }
            }
            depth -= 1
        case .structure: try fields { (reader, _, type) throws(Damage) in try reader.skip(type) }
        }
    }

    /// In lists and maps a truth value takes a byte.
    private mutating func skipElement(_ type: ThriftType) throws(Damage) {
        if type == .yes || type == .no { try advance(1) } else { try skip(type) }
    }

    private mutating func advance(_ count: Int) throws(Damage) {
        guard count <= end - position else { throw Damage("the metadata ends too early") }
        position += count
    }

    private mutating func byte() throws(Damage) -> UInt8 {
        guard position < end else { throw Damage("the metadata ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func size() throws(Damage) -> Int {
        let value = try variable()
        guard value <= UInt64(Int32.max) else { throw Damage("a size of \(value) in the metadata") }
        return Int(value)
    }

    private mutating func variable() throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw Damage("a number of more than ten bytes in the metadata")
    }
}
