import Columns
import Diagnostics
import Encodings

/// A segment file open for reading; closed when it goes out of scope.
final class SegmentFile {
    private let segment: SegmentSnapshot
    private let descriptor: Int32

    init(_ segment: SegmentSnapshot) throws(StorageError) {
        self.segment = segment
        do throws(FileError) {
            descriptor = try segment.fileSystem.openForReading(segment.storePath + "/" + segment.relativePath)
        } catch {
            if error.code == FileError.noEntry {
                throw .missing(segment.relativePath, in: StoreFolder(path: segment.storePath, fileSystem: segment.fileSystem))
            }
            throw StorageError(error, file: segment.relativePath)
        }
    }

    deinit { segment.fileSystem.close(descriptor) }

    /// `size` bytes from `offset` as words.
    func read(offset: Int, size: Int) throws(StorageError) -> [UInt64] {
        guard size <= SegmentFormat.maximumBlockSize, offset >= 0, offset + size <= segment.size else {
            throw segment.damaged(
                "a block of \(size) bytes at byte \(offset) does not fit the file's \(segment.size) bytes")
        }
        if size == 0 { return [] }
        let wordCount = (size + 7) / 8
        var count = 0
        var failure: FileError?
        // The last word is cleared, as bytes may not fill it; of what a short read leaves out nothing is used.
        let words = unsafe [UInt64](unsafeUninitializedCapacity: wordCount) { memory, filledCount in
            unsafe memory[wordCount - 1] = 0
            var bytes = unsafe MutableRawSpan(_unsafeStart: memory.baseAddress!, byteCount: wordCount * 8)
            do throws(FileError) {
                count = try segment.fileSystem.read(descriptor, into: &bytes, at: offset)
            } catch {
                failure = error
            }
            filledCount = failure == nil && count >= size ? wordCount : 0
        }
        if let failure { throw StorageError(failure, file: segment.relativePath) }
        guard count >= size else {
            throw segment.damaged("the file ends at byte \(offset + count), \(segment.size) bytes expected")
        }
        return words
    }

    /// Checks header and trailer and reads the directory.
    func readDirectory() throws(StorageError) -> SegmentDirectory {
        let size = segment.size
        let found: Int
        do throws(FileError) { found = try segment.fileSystem.size(of: descriptor) } catch {
            throw StorageError(error, file: segment.relativePath)
        }
        guard found == size, size >= SegmentFormat.headerSize + SegmentFormat.trailerSize, size % 64 == 0 else {
            throw segment.damaged("the file has \(found) bytes, \(size) expected")
        }
        let header = try checkedFrame(offset: 0, magicWord: 0)
        guard (UInt64(SegmentFormat.oldestVersion)...UInt64(SegmentFormat.version)).contains(header[1]) else {
            throw segment.damaged(
                "format version \(header[1]); this program reads versions \(SegmentFormat.oldestVersion) to \(SegmentFormat.version)")
        }
        let trailer = try checkedFrame(offset: size - SegmentFormat.trailerSize, magicWord: 6)
        guard segment.checksum == nil || segment.checksum == trailer[7] else {
            throw segment.damaged("the file is another one than its manifest names")
        }
        guard trailer[3] == UInt64(size), trailer[0] <= UInt64(size), trailer[1] <= UInt64(size),
            trailer[0] + trailer[1] + UInt64(SegmentFormat.trailerSize) == UInt64(size)
        else { throw segment.damaged("the trailer places the directory outside the file") }
        let directorySize = Int(trailer[1])
        let words = try read(offset: Int(trailer[0]), size: directorySize)
        guard Checksum.block(words: words, byteCount: directorySize) == trailer[2] else {
            throw segment.damaged("the directory's checksum does not hold")
        }
        return try parse(BlockReader(words: words, byteCount: directorySize))
    }

    private func parse(_ directoryReader: BlockReader) throws(StorageError) -> SegmentDirectory {
        var reader = directoryReader
        let directory: SegmentDirectory
        do throws(EncodingError) {
            directory = try SegmentDirectory(&reader, fileSize: segment.size)
        } catch {
            throw segment.damaged("directory: " + error.message)
        }
        guard directory.rowCount == segment.rowCount else {
            throw segment.damaged("the file has \(directory.rowCount) rows, its manifest says \(segment.rowCount)")
        }
        return directory
    }

    /// Eight words whose last is the checksum of the others, with the magic at a known place.
    private func checkedFrame(offset: Int, magicWord: Int) throws(StorageError) -> [UInt64] {
        let words = try read(offset: offset, size: 64)
        var magic: UInt64 = 0
        for (index, byte) in SegmentFormat.magic.enumerated() { magic |= UInt64(byte) << UInt64(index * 8) }
        guard words[magicWord] == magic, Checksum.block(words: words, byteCount: 56) == words[7] else {
            throw segment.damaged("\(offset == 0 ? "header" : "trailer") is not that of a segment, or damaged")
        }
        return words
    }
}

extension StorageError {
    /// A failed call of the operating system.
    init(_ error: FileError, file: String) {
        let reason = "\(error.call) failed: \(FileError.text(error.code))"
        switch error.code {
        case FileError.accessDenied, FileError.notPermitted, FileError.readOnly:
            self.init(.permission, reason, file: file, mend: "give this user access to the file")
        case FileError.noEntry:
            self.init(.badData, "the file is missing", file: file, mend: "restore it from a copy")
        default: self.init(.inputOutput, reason, file: file)
        }
    }
}
