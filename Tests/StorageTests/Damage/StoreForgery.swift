import Storage

/// Rewrites a store's files so that every hash and checksum holds for what they say now: as a clever forger, or a program
/// with a fault, would. What is read then is wrong, and must be found out without a trap or a huge allocation.
enum StoreForgery {
    /// A manifest with its own hash made to hold again.
    static func sealed(_ manifest: String) -> [UInt8] {
        // Its last line is the hash of all before it.
        let line = manifest.ranges(of: "\n\"sha256\":\"").last
        let body = line.map { String(manifest[...$0.lowerBound]) } ?? manifest
        let bytes = Array(body.utf8)
        return bytes + Array("\"sha256\":\"\(Checksum.sha256(bytes))\"}\n".utf8)
    }

    /// Puts a changed file in the place of one the newest manifest names, and has the manifest agree.
    static func replace(_ path: String, by bytes: [UInt8], in fileSystem: MemoryFileSystem, manifest: String) {
        let old = fileSystem.files[path] ?? []
        fileSystem.files[path] = bytes
        var text = String(decoding: fileSystem.files[manifest] ?? [], as: UTF8.self)
        let name = path.split(separator: "/").last.map { String($0) } ?? ""
        text = text.replacing(
            "\"file\":\"\(name)\",\"sha256\":\"\(Checksum.sha256(old))\",\"size\":\(old.count)",
            with: "\"file\":\"\(name)\",\"sha256\":\"\(Checksum.sha256(bytes))\",\"size\":\(bytes.count)")
        if let before = checksum(path, old), let now = checksum(path, bytes) {
            text = text.replacing("\"xxh3\":\"\(before)\"", with: "\"xxh3\":\"\(now)\"")
        }
        fileSystem.files[manifest] = sealed(text)
    }

    /// The checksum by which a manifest knows a file: a segment's last word, the last of a dictionary's header.
    private static func checksum(_ path: String, _ bytes: [UInt8]) -> String? {
        let place = path.hasSuffix(".dict") ? 56 : bytes.count - 8
        guard place >= 0, place + 8 <= bytes.count else { return nil }
        return String(UInt64(truncatingIfNeeded: SegmentAnatomy.word(bytes, place)), radix: 16)
    }
}
