import Diagnostics
import Foundation
import Glibc

/// A new folder of our own below `$TMPDIR` (else `/tmp`).
struct TemporaryFolder {
    let path: String

    /// - Throws: `cannotCreate`.
    init(prefix: String) throws {
        let parent = FileManager.default.temporaryDirectory.path
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        // mkdtemp writes over the six letters at the end of the terminated text, which the array owns.
        guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) != nil }) else {
            // strerror returns a C string that lives until this thread's next call.
            let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
            throw Diagnostic(
                .cannotCreate, "no folder can be made here: \(reason)",
                at: SourceLocation(file: parent), mend: "name another place with TMPDIR")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes it with all that is in it.
    func remove() { try? FileManager.default.removeItem(atPath: path) }
}
