import Foundation
import Storage

/// Any text is a manifest whose own hash holds, over the files of a sound store.
enum ManifestFuzzing {
    static func run(_ bytes: [UInt8]) {
        var files = FrozenFiles.golden.filter { !$0.key.contains("/commits/") }
        let name = String(String(number(in: bytes) + 100_000_000).dropFirst())
        files["/store/commits/\(name).json"] = sealed(bytes)
        StoreUse.all(of: files)
    }

    /// The number the text gives its commit, so that the file can have it in its name; 1 if it gives none.
    private static func number(in bytes: [UInt8]) -> Int {
        let text = String(decoding: bytes.prefix(100), as: UTF8.self)
        guard let place = text.range(of: "\"commit\":") else { return 1 }
        let number = Int(text[place.upperBound...].prefix { $0.isNumber }) ?? 1
        return (1..<100_000_000).contains(number) ? number : 1
    }

    /// The text up to its last line, and the hash of that.
    static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        let body: [UInt8]
        if bytes.last == 0x0A, let end = bytes.dropLast().lastIndex(of: 0x0A) {
            body = Array(bytes[...end])
        } else {
            body = bytes
        }
        return body + Array("\"sha256\":\"\(Checksum.sha256(body))\"}\n".utf8)
    }
}
