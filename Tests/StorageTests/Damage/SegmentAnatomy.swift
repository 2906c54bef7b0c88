import Storage

/// What lies where in a segment file, read from its directory by docs/file-format.md alone: a second reader, which shares
/// nothing with the first but the checksum.
struct SegmentAnatomy {
    struct Block {
        var offset: Int
        var size: Int
        /// Where its checksum lies in the file, eight bytes.
        var checksumPlace: Int
        /// The column whose values it holds; nil for the run lengths.
        var column: String?

        var range: Range<Int> { offset..<(offset + size) }
    }

    /// A number of the directory, and the bytes it takes in the file.
    struct Number {
        var value: UInt64
        var range: Range<Int>
    }

    let directory: Range<Int>
    private(set) var blocks: [Block] = []
    private(set) var columns: [String] = []
    /// Every varint of the directory: counts, sizes, places.
    private(set) var numbers: [Number] = []

    private let bytes: [UInt8]
    private var position: Int

    /// - Precondition: the file is sound.
    init(_ file: [UInt8]) {
        bytes = file
        let trailer = file.count - 64
        position = SegmentAnatomy.word(file, trailer)
        directory = position..<(position + SegmentAnatomy.word(file, trailer + 8))
        readDirectory()
    }

    static func word(_ file: [UInt8], _ offset: Int) -> Int {
        (0..<8).reduce(0) { $0 | Int(file[offset + $1]) << ($1 * 8) }
    }

    static func setWord(_ file: inout [UInt8], _ offset: Int, _ value: UInt64) {
        for byte in 0..<8 { file[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(byte * 8)) }
    }

    private mutating func readDirectory() {
        for _ in 0..<3 { _ = varint() }
        for _ in 0..<varint() {
            let offset = varint() * 64
            let size = varint() * 64
            blocks.append(Block(offset: offset, size: size, checksumPlace: position, column: nil))
            position += 8
        }
        for _ in 0..<varint() { readColumn() }
    }

    private mutating func readColumn() {
        let name = text()
        columns.append(name)
        let type = byte()
        if type == 4 { _ = (varint(), varint()) }
        let storage = byte()
        _ = byte()
        let block = varint()
        if block > 0 { blocks[block - 1].column = name }
        _ = (varint(), varint())
        readBounds(type: type, storage: storage)
        _ = varint()
        _ = text()
    }

    private mutating func readBounds(type: UInt8, storage: UInt8) {
        let kind = byte()
        if kind == 2 { _ = (varint(), varint()) }
        guard kind == 1 || kind == 4 else { return }
        for _ in 0..<(kind == 4 ? 1 : 2) {
            switch type {
            case 4: position += 16
            case 5: position += 8
            case 6: _ = text()
            default: _ = varint()
            }
        }
    }

    private mutating func byte() -> UInt8 {
        position += 1
        return bytes[position - 1]
    }

    @discardableResult
    private mutating func varint() -> Int {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = byte()
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 { break }
            shift += 7
        }
        numbers.append(Number(value: value, range: start..<position))
        return Int(truncatingIfNeeded: value)
    }

    private mutating func text() -> String {
        let count = varint()
        position += count
        return String(decoding: bytes[(position - count)..<position], as: UTF8.self)
    }
}

extension SegmentAnatomy {
    /// The file with all checksums made to hold again, for whatever its bytes say now; the directory's place is this one's.
    func resealed(_ file: [UInt8], directorySize: Int? = nil) -> [UInt8] {
        var file = file
        for block in blocks {
            SegmentAnatomy.setWord(&file, block.checksumPlace, Checksum.block(Array(file[block.range])))
        }
        let size = directorySize ?? directory.count
        let found = Checksum.block(Array(file[directory.lowerBound..<(directory.lowerBound + size)]))
        SegmentAnatomy.setWord(&file, file.count - 64 + 16, found)
        for frame in [0, file.count - 64] {
            SegmentAnatomy.setWord(&file, frame + 56, Checksum.block(Array(file[frame..<(frame + 56)])))
        }
        return file
    }

    /// The file with a number of the directory replaced, everything behind it moved, and all checksums holding.
    func replacing(_ number: Number, by value: UInt64, in file: [UInt8]) -> [UInt8] {
        var digits: [UInt8] = []
        var rest = value
        while rest >= 0x80 {
            digits.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        digits.append(UInt8(truncatingIfNeeded: rest))
        var content = Array(file[directory])
        let start = number.range.lowerBound - directory.lowerBound
        content.replaceSubrange(start..<(start + number.range.count), with: digits)
        while content.count % 64 != 0 { content.append(0) }
        var result = Array(file[..<directory.lowerBound]) + content + Array(file[(file.count - 64)...])
        let trailer = result.count - 64
        SegmentAnatomy.setWord(&result, trailer + 8, UInt64(content.count))
        SegmentAnatomy.setWord(&result, trailer + 16, Checksum.block(content))
        SegmentAnatomy.setWord(&result, trailer + 24, UInt64(result.count))
        SegmentAnatomy.setWord(&result, trailer + 56, Checksum.block(Array(result[trailer..<(trailer + 56)])))
        return result
    }
}
