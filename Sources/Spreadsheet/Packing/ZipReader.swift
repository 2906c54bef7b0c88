/// Reads the parts of a ZIP package within limits: nothing is unpacked that promises too much, and nothing that does not
/// keep its promise is given out.
struct ZipReader {
    /// What is read at most.
    struct Limits {
        var fileSize = 128 << 20
        var partCount = 4096
        var partSize = 256 << 20
        var totalSize = 512 << 20

        init() {}
    }

    private struct Entry {
        var method: UInt16
        var checksum: UInt32
        var packedSize: Int
        var size: Int
        var offset: Int
    }

    private static let endSize = 22
    private static let longestComment = 65_535
    private let path: String
    private let bytes: [UInt8]
    private var entries: [String: Entry] = [:]
    private let limits: Limits
    private var unpackedSize = 0

    /// - Parameter path: What messages call the file.
    /// - Throws: `SpreadsheetError`.
    init(_ bytes: [UInt8], path: String, limits: Limits = Limits()) throws(SpreadsheetError) {
        self.bytes = bytes
        self.path = path
        self.limits = limits
        guard bytes.count <= limits.fileSize else { throw ZipReader.tooMuch(path, "a file of \(bytes.count) bytes", limits.fileSize) }
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw .notUnderstood(path: path, part: "", found: "an .xls workbook or one locked by a password", expected: "an .xlsx workbook")
        }
        guard bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) else {
            throw .notUnderstood(path: path, part: "", found: "no ZIP package", expected: "an .xlsx workbook")
        }
        try readDirectory()
    }

    /// Names are told apart without regard to case, as in Open Packaging.
    private static func key(_ name: String) -> String {
        (name.hasPrefix("/") ? String(name.dropFirst()) : name).lowercased()
    }

    func has(_ name: String) -> Bool { entries[ZipReader.key(name)] != nil }

    /// The unpacked part; nil if there is none of that name.
    mutating func part(_ name: String) throws(SpreadsheetError) -> [UInt8]? {
        guard let entry = entries[ZipReader.key(name)] else { return nil }
        guard entry.size <= limits.partSize else { throw ZipReader.tooMuch(path, "\(name) of \(entry.size) bytes", limits.partSize) }
        unpackedSize += entry.size
        guard unpackedSize <= limits.totalSize else { throw ZipReader.tooMuch(path, "parts of more than \(unpackedSize) bytes", limits.totalSize) }
        // The local header has its own lengths of name and extra field; what stands there beside is not trusted.
        guard entry.offset + 30 <= bytes.count, number(4, at: entry.offset) == 0x0403_4B50 else { throw damaged(name) }
        let start = entry.offset + 30 + number(2, at: entry.offset + 26) + number(2, at: entry.offset + 28)
        guard start <= bytes.count, entry.packedSize <= bytes.count - start else { throw damaged(name) }
        let packed = bytes[start..<(start + entry.packedSize)]
        let unpacked: [UInt8]
        switch entry.method {
        case 0:
            guard entry.size == entry.packedSize else { throw damaged(name) }
            unpacked = Array(packed)
        case 8:
            guard let result = DeflateUnpacker.unpack(packed, size: entry.size) else { throw damaged(name) }
            unpacked = result
        default:
            throw .notUnderstood(path: path, part: name, found: "packing method \(entry.method)", expected: "0 or 8 (deflate)")
        }
        guard DeflateUnpacker.checksum(unpacked) == entry.checksum else { throw damaged(name) }
        return unpacked
    }

    private mutating func readDirectory() throws(SpreadsheetError) {
        guard let end = endOfDirectory() else {
            throw .notUnderstood(path: path, part: "", found: "no end of a ZIP directory (is the file whole?)", expected: "an .xlsx workbook")
        }
        let count = number(2, at: end + 10)
        guard count <= limits.partCount else { throw ZipReader.tooMuch(path, "\(count) parts", limits.partCount) }
        var place = number(4, at: end + 16)
        for _ in 0..<count {
            guard place + 46 <= end, number(4, at: place) == 0x0201_4B50 else { throw damaged("the ZIP directory") }
            let nameLength = number(2, at: place + 28)
            let next = place + 46 + nameLength + number(2, at: place + 30) + number(2, at: place + 32)
            guard next <= end else { throw damaged("the ZIP directory") }
            let name = String(decoding: bytes[(place + 46)..<(place + 46 + nameLength)], as: UTF8.self)
            if number(2, at: place + 8) & 1 != 0 {
                throw .notUnderstood(path: path, part: name, found: "an encrypted part", expected: "a workbook without a password")
            }
            let entry = Entry(
                method: UInt16(number(2, at: place + 10)), checksum: UInt32(number(4, at: place + 16)),
                packedSize: number(4, at: place + 20), size: number(4, at: place + 24), offset: number(4, at: place + 42))
            guard entries.updateValue(entry, forKey: ZipReader.key(name)) == nil else {
                throw .notUnderstood(path: path, part: name, found: "two parts of this name", expected: "one")
            }
            place = next
        }
    }

    private func endOfDirectory() -> Int? {
        var place = bytes.count - ZipReader.endSize
        let first = max(0, place - ZipReader.longestComment)
        while place >= first {
            if bytes[place] == 0x50, number(4, at: place) == 0x0605_4B50 { return place }
            place -= 1
        }
        return nil
    }

    /// - Precondition: the bytes are there.
    private func number(_ count: Int, at place: Int) -> Int {
        var value = 0
        for index in (0..<count).reversed() { value = value << 8 | Int(bytes[place + index]) }
        return value
    }

    private func damaged(_ part: String) -> SpreadsheetError {
        .notUnderstood(path: path, part: part, found: "damaged data", expected: "a whole .xlsx workbook")
    }

    private static func tooMuch(_ path: String, _ what: String, _ limit: Int) -> SpreadsheetError {
        .beyondLimit(path: path, what: what, limit: String(limit))
    }
}
