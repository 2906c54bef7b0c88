package import Columns
import Diagnostics
import Encodings

/// Files of dictionary entries: a 64-byte header, then the strings as one block. Source: docs/file-format.md, "Dictionaries".
enum DictionaryFile {
    static let magic: [UInt8] = Array("FWDICT\r\n".utf8)
    static let version: UInt64 = 1
    static let headerSize = 64
    static let maximumSize = 1 << 32
    /// Bytes of text of a column's dictionary, over all its files: what 32-bit offsets reach.
    static let maximumTextSize = Int(UInt32.max)
    static let maximumEntryCount = 1 << 31

    /// Entries a file of so many bytes may have. Different strings take some bits each, however well they are packed; a
    /// count beyond that is a lie, and would have memory allocated for it.
    static func maximumEntryCount(fileSize: Int) -> Int { min(maximumEntryCount, 65536 + 64 * fileSize) }

    /// The file of `entries`, which are those from `firstEntry` on.
    static func bytes(_ entries: StringColumn, firstEntry: Int) -> [UInt8] {
        var block = ByteWriter()
        StringEncoding.encode(entries, into: &block)
        block.align(to: 8)
        var file = ByteWriter()
        file.append(contentsOf: magic)
        file.append(littleEndian: version)
        file.append(littleEndian: UInt64(firstEntry))
        file.append(littleEndian: UInt64(entries.count))
        file.append(littleEndian: UInt64(block.bytes.count))
        file.append(littleEndian: Checksum.block(block.bytes))
        file.append(littleEndian: UInt64(0))
        file.append(littleEndian: Checksum.block(file.bytes))
        file.append(contentsOf: block.bytes)
        return file.bytes
    }

    /// The last word of a dictionary's header: its checksum, and so, over the entries' checksum, that of all bytes.
    static func checksum(of bytes: [UInt8]) -> UInt64 { BlockReader(bytes: Array(bytes[(headerSize - 8)..<headerSize])).words[0] }

    /// The entries of a file, checked against its record.
    static func read(_ bytes: [UInt8], _ record: DictionaryRecord) throws(StorageError) -> StringColumn {
        let name = "dictionaries/" + record.fileName
        guard bytes.count == record.size, bytes.count >= headerSize else {
            throw .damaged("the file has \(bytes.count) bytes, \(record.size) expected", file: name)
        }
        guard record.entryCount <= maximumEntryCount(fileSize: bytes.count) else {
            throw .damaged("\(record.entryCount) entries do not fit \(bytes.count) bytes", file: name)
        }
        let header = BlockReader(bytes: Array(bytes[0..<headerSize])).words
        var expectedMagic: UInt64 = 0
        for (index, byte) in magic.enumerated() { expectedMagic |= UInt64(byte) << UInt64(index * 8) }
        guard header[0] == expectedMagic, header[1] == version, Checksum.block(bytes, 0..<56) == header[7] else {
            throw .damaged("the header is not that of a dictionary, or damaged", file: name)
        }
        guard header[2] == UInt64(record.firstEntry), header[3] == UInt64(record.entryCount), header[6] == 0,
            header[4] == UInt64(bytes.count - headerSize), Checksum.block(bytes, headerSize..<bytes.count) == header[5]
        else { throw .damaged("the entries' checksum does not hold", file: name, block: 0) }
        guard record.checksum == nil || record.checksum == header[7] else {
            throw .damaged("the file is another one than its manifest names", file: name)
        }
        do throws(EncodingError) {
            var reader = BlockReader(bytes: Array(bytes[headerSize...]))
            return try StringEncoding.decode(&reader, count: record.entryCount)
        } catch {
            throw .damaged(error.message, file: name, block: 0)
        }
    }

    /// The entries of all files of a column.
    static func loadEntries(_ text: TextRecord, folder: StoreFolder) throws(StorageError) -> StringColumn {
        var entries = StringColumn()
        for record in text.dictionaries {
            let name = "dictionaries/" + record.fileName
            guard let bytes = try folder.read(name, limit: record.size) else {
                if !folder.fileSystem.exists(folder.absolute(name)) { throw .missing(name, in: folder) }
                throw .damaged("the file is missing or has more than \(record.size) bytes", file: name)
            }
            guard record.firstEntry == entries.count else {
                throw .damaged("entries from \(record.firstEntry) on, \(entries.count) expected", file: name)
            }
            let more = try read(bytes, record)
            guard entries.bytes.count + more.bytes.count <= maximumTextSize else {
                throw .damaged("more than \(maximumTextSize) bytes of text with this file", file: name)
            }
            if entries.count == 0 { entries = more } else { entries.append(contentsOf: more) }
        }
        return entries
    }

    static func loadDomain(
        _ text: TextRecord, storePath: String, fileSystem: any FileSystem
    ) throws(StorageError) -> TextDomain {
        if text.kind == .plain { return .plain }
        let folder = StoreFolder(path: storePath, fileSystem: fileSystem)
        let dictionary = TextDictionary(entries: try loadEntries(text, folder: folder))
        if text.kind == .dictionary { return .dictionary(dictionary) }
        return .identifier(IdentifierDomain(formats: text.formats, exceptions: dictionary))
    }
}

extension StringColumn {
    mutating func append(contentsOf other: StringColumn) {
        let base = UInt32(bytes.count)
        bytes.append(contentsOf: other.bytes)
        offsets.append(contentsOf: other.offsets.dropFirst().map { $0 + base })
    }

    /// The strings from `first` on.
    package func suffix(from first: Int) -> StringColumn {
        let base = offsets[first]
        return StringColumn(offsets: offsets[first...].map { $0 - base }, bytes: Array(bytes[Int(base)...]))
    }
}
