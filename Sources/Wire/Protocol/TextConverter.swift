import Glibc

/// How a client writes texts; the server has UTF-8.
package enum ClientEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF8"
    case gbk = "GBK"
    case gb18030 = "GB18030"

    /// The encoding of a name, whatever its case and its dashes; those that are said to be no encoding at all are UTF-8.
    package init?(named name: String) {
        switch name.lowercased().filter({ $0 != "-" && $0 != "_" && $0 != "'" && $0 != " " }) {
        case "utf8", "unicode", "sqlascii", "auto": self = .utf8
        case "gbk", "cp936", "win936", "windows936": self = .gbk
        case "gb18030": self = .gb18030
        default: return nil
        }
    }

    /// Its number in `pg_encoding_to_char`. Source: `src/include/mb/pg_wchar.h` of PostgreSQL 15.
    var number: Int64 {
        switch self {
        case .utf8: 6
        case .gbk: 37
        case .gb18030: 39
        }
    }

    /// Its name for iconv.
    fileprivate var systemName: String { self == .utf8 ? "UTF-8" : rawValue }
}

/// Turns whole texts of one encoding into another. Belongs to one event loop.
@safe
package final class TextConverter {
    private let descriptor: iconv_t
    package let source: ClientEncoding
    package let target: ClientEncoding

    /// nil if the system does not know the encodings.
    package init?(from source: ClientEncoding, to target: ClientEncoding) {
        (self.source, self.target) = (source, target)
        let opened = unsafe iconv_open(target.systemName, source.systemName)
        guard Int(bitPattern: opened) != -1, let opened = unsafe opened else { return nil }
        unsafe descriptor = opened
    }

    deinit { unsafe _ = iconv_close(descriptor) }

    /// The text in the other encoding; nil if it is none in its own, or has a character that the other has not.
    package func convert(_ bytes: [UInt8]) -> [UInt8]? {
        // All of these encodings write ASCII as it is.
        if bytes.allSatisfy({ $0 < 0x80 }) { return bytes }
        unsafe _ = iconv(descriptor, nil, nil, nil, nil)
        var isWhole = false
        // No character grows to more than four bytes, and each has at least one.
        let result = unsafe [UInt8](unsafeUninitializedCapacity: bytes.count * 4 + 8) { room, count in
            unsafe bytes.withUnsafeBytes { all in
                // iconv advances both pointers within the counts given to it, and writes to the second alone.
                var input: UnsafeMutablePointer<CChar>? = unsafe UnsafeMutablePointer(
                    mutating: all.baseAddress!.assumingMemoryBound(to: CChar.self))
                var inputLeft = all.count
                let start = unsafe UnsafeMutableRawPointer(room.baseAddress!).assumingMemoryBound(to: CChar.self)
                var output: UnsafeMutablePointer<CChar>? = unsafe start
                var outputLeft = room.count
                let outcome = unsafe iconv(descriptor, &input, &inputLeft, &output, &outputLeft)
                isWhole = outcome != -1 && inputLeft == 0
                count = room.count - outputLeft
            }
        }
        return isWhole ? result : nil
    }

    /// What a client is told whose text cannot be read.
    package var unreadable: WireError {
        WireError(.characterNotInRepertoire, "invalid byte sequence for encoding \"\(source.rawValue)\"")
    }

    /// What a client is told that asks for a text it cannot be given.
    package var unwritable: WireError {
        WireError(
            .untranslatable, "a character of encoding \"\(source.rawValue)\" has no equivalent in encoding \"\(target.rawValue)\"",
            hint: "set client_encoding to UTF8 or GB18030")
    }
}

/// How the texts of one session are read: told by the session, asked by what cuts its messages.
package final class SessionText {
    /// nil for UTF-8.
    package var incoming: TextConverter?

    package init() {}
}
