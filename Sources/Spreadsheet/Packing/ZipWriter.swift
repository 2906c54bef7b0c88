/// Writes a ZIP package: each part is packed in memory and given to the sink with its sizes in front, so that every reader
/// takes it. All time stamps are 1980-01-01, so that the same parts are the same bytes.
final class ZipWriter {
    /// Sizes of 32 bits; the extension for more is not written.
    private static let sizeLimit = Int(UInt32.max) - 1
    private static let deflated: UInt16 = 8
    private static let date1980: UInt16 = 0x21

    private let sink: ([UInt8]) throws -> Void
    private var directory: [UInt8] = []
    private var partCount = 0
    private var offset = 0

    init(sink: @escaping ([UInt8]) throws -> Void) { self.sink = sink }

    /// - Throws: `SpreadsheetError.tooLarge`, or what the sink throws.
    func add(_ name: String, _ part: PackedPart) throws {
        let path = Array(name.utf8)
        guard part.bytes.count <= ZipWriter.sizeLimit, part.sourceSize <= ZipWriter.sizeLimit, offset <= ZipWriter.sizeLimit else {
            throw SpreadsheetError.tooLarge(part: name)
        }
        var facts: [UInt8] = []
        // Version 2.0, flag for names in UTF-8, method, time, date, CRC, sizes, length of the name, no extra field.
        for value in [20, 0x0800, ZipWriter.deflated, 0, ZipWriter.date1980] as [UInt16] { ZipWriter.append(value, to: &facts) }
        for value in [part.checksum, UInt32(part.bytes.count), UInt32(part.sourceSize)] { ZipWriter.append(value, to: &facts) }
        for value in [UInt16(path.count), 0] { ZipWriter.append(value, to: &facts) }

        directory += [0x50, 0x4B, 0x01, 0x02, 20, 0] + facts
        // No comment, disk 0, attributes, offset of the part.
        for value in [0, 0, 0] as [UInt16] { ZipWriter.append(value, to: &directory) }
        for value in [0, UInt32(offset)] { ZipWriter.append(value, to: &directory) }
        directory += path
        partCount += 1

        let head = [0x50, 0x4B, 0x03, 0x04] + facts + path
        try sink(head)
        try sink(part.bytes)
        offset += head.count + part.bytes.count
    }

    func add(_ name: String, text: String) throws {
        var part = PackedPart()
        part.append(Array(text.utf8))
        part.finish()
        try add(name, part)
    }

    /// Writes the directory.
    func finish() throws {
        guard offset <= ZipWriter.sizeLimit else { throw SpreadsheetError.tooLarge(part: "the workbook") }
        var end: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
        for value in [0, 0, UInt16(partCount), UInt16(partCount)] { ZipWriter.append(value, to: &end) }
        for value in [UInt32(directory.count), UInt32(offset)] { ZipWriter.append(value, to: &end) }
        ZipWriter.append(UInt16(0), to: &end)
        try sink(directory + end)
    }

    private static func append(_ value: some FixedWidthInteger & UnsignedInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// A part of a package on its way: packed as it comes.
struct PackedPart {
    private static let pieceSize = 256 << 10
    private let packer = DeflatePacker()
    private var waiting: [UInt8] = []
    private(set) var bytes: [UInt8] = []

    var checksum: UInt32 { packer.checksum }
    var sourceSize: Int { packer.sourceSize }

    mutating func append(_ piece: [UInt8]) {
        waiting += piece
        if waiting.count >= PackedPart.pieceSize { pack(isLast: false) }
    }

    mutating func append(_ text: String) {
        waiting += text.utf8
        if waiting.count >= PackedPart.pieceSize { pack(isLast: false) }
    }

    mutating func finish() { pack(isLast: true) }

    private mutating func pack(isLast: Bool) {
        packer.pack(waiting, isLast: isLast, onto: &bytes)
        waiting.removeAll(keepingCapacity: true)
    }
}
