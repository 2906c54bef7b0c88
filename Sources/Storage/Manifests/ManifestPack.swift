import Encodings

/// Manifests of neighbouring commits in one file, each as it was to the byte. Source: docs/decisions/030-packed-manifests.md.
///
/// Each repeats nearly all of the one before it, so that together they take little more than one of them.
struct ManifestPack {
    static let magic: [UInt8] = Array("FWPACK\r\n".utf8)
    static let version: UInt64 = 1
    static let headerSize = 64
    /// Manifests a pack may have.
    static let maximumCount = 1 << 12
    /// Bytes they may have together.
    static let maximumSize = 1 << 29
    /// What a manifest repeats of the one before is found if that one begins within so many bits of offset.
    private static let windowLog: Int32 = 26

    let firstNumber: Int
    let manifests: [[UInt8]]

    var numbers: Range<Int> { firstNumber..<(firstNumber + manifests.count) }

    static func fileName(_ numbers: Range<Int>) -> String {
        Manifest.padded(numbers.lowerBound) + "-" + Manifest.padded(numbers.upperBound - 1) + ".pack"
    }

    /// The commits of a pack by its name; nil for any other file.
    static func numbers(ofFile name: String) -> Range<Int>? {
        guard name.hasSuffix(".pack") else { return nil }
        let ends = name.dropLast(5).split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2, ends[0] > 0, ends[1] >= ends[0], ends[1] <= Manifest.maximumCommitNumber, ends[1] - ends[0] < maximumCount
        else { return nil }
        let numbers = ends[0]..<(ends[1] + 1)
        return fileName(numbers) == name ? numbers : nil
    }

    func fileBytes() -> [UInt8] {
        var content = ByteWriter()
        content.reserve(manifests.reduce(8 * manifests.count) { $0 + $1.count })
        for manifest in manifests { content.append(littleEndian: UInt64(manifest.count)) }
        for manifest in manifests { content.append(contentsOf: manifest) }
        let block = Zstandard.compressLong(content.bytes, windowLog: ManifestPack.windowLog)
        var file = ByteWriter()
        file.append(contentsOf: ManifestPack.magic)
        file.append(littleEndian: ManifestPack.version)
        file.append(littleEndian: UInt64(firstNumber))
        file.append(littleEndian: UInt64(manifests.count))
        file.append(littleEndian: UInt64(content.bytes.count))
        file.append(littleEndian: UInt64(block.count))
        file.append(littleEndian: Checksum.block(block))
        file.append(littleEndian: Checksum.block(file.bytes))
        file.append(contentsOf: block)
        return file.bytes
    }

    init(firstNumber: Int, manifests: [[UInt8]]) {
        self.firstNumber = firstNumber
        self.manifests = manifests
    }

    /// Reads a pack; `file` is its path in the store, and `numbers` what its name says.
    init(_ bytes: [UInt8], numbers: Range<Int>, file: String) throws(StorageError) {
        guard bytes.count >= ManifestPack.headerSize else { throw .damaged("the file has \(bytes.count) bytes, \(ManifestPack.headerSize) at least expected", file: file) }
        let header = BlockReader(bytes: Array(bytes[0..<ManifestPack.headerSize])).words
        var magic: UInt64 = 0
        for (index, byte) in ManifestPack.magic.enumerated() { magic |= UInt64(byte) << UInt64(index * 8) }
        guard header[0] == magic, header[1] == ManifestPack.version, Checksum.block(bytes, 0..<56) == header[7] else {
            throw .damaged("the header is not that of packed manifests, or damaged", file: file)
        }
        guard header[2] == UInt64(numbers.lowerBound), header[3] == UInt64(numbers.count), header[4] <= UInt64(ManifestPack.maximumSize),
            header[5] == UInt64(bytes.count - ManifestPack.headerSize),
            Checksum.block(bytes, ManifestPack.headerSize..<bytes.count) == header[6]
        else { throw .damaged("the checksum of the packed manifests does not hold", file: file) }
        firstNumber = numbers.lowerBound
        do throws(EncodingError) {
            let content = try Zstandard.decompress(Array(bytes[ManifestPack.headerSize...]), size: Int(header[4]))
            manifests = try ManifestPack.split(content, count: numbers.count)
        } catch {
            throw .damaged(error.message, file: file)
        }
    }

    private static func split(_ content: [UInt8], count: Int) throws(EncodingError) -> [[UInt8]] {
        guard content.count >= 8 * count else { throw EncodingError("\(count) manifests do not fit \(content.count) bytes") }
        let lengths = BlockReader(bytes: Array(content[0..<(8 * count)])).words
        var manifests: [[UInt8]] = []
        var position = 8 * count
        for length in lengths {
            guard length <= UInt64(content.count - position) else { throw EncodingError("a manifest ends behind the packed bytes") }
            manifests.append(Array(content[position..<(position + Int(length))]))
            position += Int(length)
        }
        guard position == content.count else { throw EncodingError("\(content.count - position) bytes behind the last manifest") }
        return manifests
    }
}
