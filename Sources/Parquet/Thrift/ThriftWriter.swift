/// Writes Thrift's compact protocol.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    /// Number of the last field of each open structure.
    private var last: [Int] = [0]

    mutating func field(_ id: Int, _ value: Int32) {
        head(id, .int32)
        integer(Int64(value))
    }

    mutating func field(_ id: Int, long value: Int) {
        head(id, .int64)
        integer(Int64(value))
    }

    mutating func field(_ id: Int, byte value: Int8) {
        head(id, .int8)
        bytes.append(UInt8(bitPattern: value))
    }

    mutating func field(_ id: Int, _ value: Bool) { head(id, value ? .yes : .no) }

    mutating func field(_ id: Int, _ value: [UInt8]) {
        head(id, .binary)
        binary(value)
    }

    mutating func field(_ id: Int, _ text: String) { field(id, Array(text.utf8)) }

    mutating func structure(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
        head(id, .structure)
        element(body)
    }

    /// A list of structures.
    mutating func list<Element>(_ id: Int, _ elements: [Element], _ body: (inout ThriftWriter, Element) -> Void) {
        listHead(id, .structure, elements.count)
        for value in elements { element { body(&$0, value) } }
    }

    mutating func list(_ id: Int, _ values: [Int32]) {
        listHead(id, .int32, values.count)
        for value in values { integer(Int64(value)) }
    }

    mutating func list(_ id: Int, texts: [String]) {
        listHead(id, .binary, texts.count)
        for text in texts { binary(Array(text.utf8)) }
    }

    /// A structure that is no field: the whole message.
    mutating func element(_ body: (inout ThriftWriter) -> Void) {
        last.append(0)
        body(&self)
        last.removeLast()
        bytes.append(0)
    }

    private mutating func listHead(_ id: Int, _ type: ThriftType, _ count: Int) {
        head(id, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            variable(UInt64(count))
        }
    }

    private mutating func head(_ id: Int, _ type: ThriftType) {
        let step = id - last[last.count - 1]
        last[last.count - 1] = id
        if (1...15).contains(step) {
            bytes.append(UInt8(step) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            integer(Int64(id))
        }
    }

    private mutating func binary(_ value: [UInt8]) {
        variable(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    private mutating func integer(_ value: Int64) { variable(UInt64(bitPattern: (value << 1) ^ (value >> 63))) }

    private mutating func variable(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
