/// Numbers of seven bits a byte.
enum VariableNumber {
    static func read(_ bytes: [UInt8], _ position: inout Int, end: Int) throws(Damage) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while shift < 64 {
            guard position < end else { throw Damage("a number beyond the page's end") }
            let next = bytes[position]
            position += 1
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
        throw Damage("a number of more than ten bytes")
    }

    static func readSigned(_ bytes: [UInt8], _ position: inout Int, end: Int) throws(Damage) -> Int64 {
        let value = try read(bytes, &position, end: end)
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    static func append(_ value: UInt64, to output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(rest))
    }

    static func append(signed value: Int64, to output: inout [UInt8]) {
        append(UInt64(bitPattern: (value << 1) ^ (value >> 63)), to: &output)
    }
}
