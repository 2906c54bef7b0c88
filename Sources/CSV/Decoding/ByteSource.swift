/// Bytes of an input in order, unpacked if it was compressed.
///
/// Not for several threads at once. Reading is always sequential, so that a pipe works as a file does.
package protocol ByteSource: AnyObject {
    /// Fills the front of `destination` and returns how many bytes; 0 only at the end of the input.
    func read(into destination: UnsafeMutableRawBufferPointer) throws(CSVError) -> Int

    /// Bytes taken from disk or standard input so far.
    var diskByteCount: Int { get }
}

/// Sees every byte of the input as it is on disk, in order; for checksums.
package typealias ByteObserver = (RawSpan) -> Void

/// The kinds of file that are told apart by their first bytes.
enum FileKind {
    case plain
    case gzip
    case zstd

    /// - Parameter magic: The first bytes of the file, at least 4 where it has them.
    static func of(path: String, magic: ArraySlice<UInt8>) throws(CSVError) -> FileKind {
        let first = Array(magic.prefix(4))
        if first.starts(with: [0x1F, 0x8B]) { return .gzip }
        if first == [0x28, 0xB5, 0x2F, 0xFD] { return .zstd }
        if first.count == 4, first[0] & 0xF0 == 0x50, Array(first[1...]) == [0x2A, 0x4D, 0x18] { return .zstd }
        if first == [0x50, 0x4B, 0x03, 0x04] {
            throw .unsupportedFormat(
                path: path, format: "a zip archive or an Excel workbook", mend: "unpack it, or save the sheet as CSV")
        }
        if first == Array("PAR1".utf8) {
            let isPiped = path == "-" || path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
            throw .unsupportedFormat(
                path: path, format: "a Parquet file",
                mend: isPiped ? "write it into a file first: Parquet is read from its end" : "read it with read_parquet('…') in SQL, or load it with `fundwatch ingest`")
        }
        if first.starts(with: Array("BZh".utf8)) {
            throw .unsupportedFormat(path: path, format: "bzip2 data", mend: "unpack it first")
        }
        if first == [0xFD, 0x37, 0x7A, 0x58] {
            throw .unsupportedFormat(path: path, format: "xz data", mend: "unpack it first")
        }
        let lowered = path.lowercased()
        if lowered.hasSuffix(".gz") {
            throw .damagedCompression(
                path: path, format: "gzip", byteOffset: 0, detail: "the file does not start as gzip data does")
        }
        if lowered.hasSuffix(".zst") {
            throw .damagedCompression(
                path: path, format: "zstd", byteOffset: 0, detail: "the file does not start as zstd data does")
        }
        return .plain
    }
}

/// Opens an input: a path, or `-` for standard input; `name` is what messages call it.
///
/// - Parameters:
///   - head: Its first bytes, which somebody has read already.
///   - leavesNoPages: Whether a file that lies on disk alone is read past the system's page cache.
func openByteSource(
    path: String, name: String, head: [UInt8] = [], leavesNoPages: Bool = false, observer: ByteObserver?
) throws(CSVError) -> any ByteSource {
    let file = try DescriptorSource(path: path, name: name, head: head, leavesNoPages: leavesNoPages, observer: observer)
    let magic = try file.peek(count: 4)
    switch try FileKind.of(path: name, magic: magic) {
    case .plain: return file
    case .gzip: return try GzipSource(path: name, input: file)
    case .zstd: return try ZstdSource(path: name, input: file)
    }
}
