import Glibc

/// What a name stands for as a place to write to.
enum OutputPlace {
    /// A descriptor of this process that a name stands for: `-`, `/dev/stdout`, `/dev/stderr`, `/dev/fd/3`, `/proc/self/fd/3`.
    ///
    /// Such a name is no file to be put in another's place: the shell has opened what is behind it, and others may write there.
    static func descriptor(_ path: String) -> Int32? {
        switch path {
        case "-", "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default: break
        }
        for prefix in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(prefix) {
            let digits = path.dropFirst(prefix.count)
            if !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }) { return Int32(digits) }
        }
        return nil
    }

    /// Whether a name stands for standard output; so does none.
    static func isStandardOutput(_ path: String?) -> Bool { path.map { descriptor($0) == 1 } ?? true }

    /// A device or a pipe.
    static func isSpecial(_ path: String) -> Bool {
        guard let mode = mode(path) else { return false }
        return ![S_IFREG, S_IFDIR].contains(mode & S_IFMT)
    }

    /// To find that out when the rows are there already would lose them.
    static func isFolder(_ path: String) -> Bool { mode(path).map { $0 & S_IFMT == S_IFDIR } ?? false }

    private static func mode(_ path: String) -> mode_t? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status.st_mode : nil
    }

    /// What links lead to, also where nothing is there yet: it is replaced, not the link.
    static func resolved(_ path: String) -> String {
        if let real = unsafe realpath(path, nil) {
            defer { unsafe free(real) }
            return unsafe String(cString: real)
        }
        var path = path
        // As many links as Linux follows.
        for _ in 0..<40 {
            var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = unsafe readlink(path, &bytes, bytes.count)
            guard count > 0 else { return path }
            let target = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
            path = target.hasPrefix("/") ? target : folder + target
        }
        return path
    }

    /// Gives a new file the mode of the one it is to replace, and its owner and group where the system lets that be done.
    ///
    /// Where the group cannot be kept, the new one gets no more than everybody has.
    static func takeOver(_ path: String, _ descriptor: Int32) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return }
        var mode = status.st_mode & 0o777
        if fchown(descriptor, status.st_uid, status.st_gid) != 0, fchown(descriptor, uid_t.max, status.st_gid) != 0 {
            mode &= 0o707 | (mode & 0o007) << 3
        }
        fchmod(descriptor, mode)
    }
}
