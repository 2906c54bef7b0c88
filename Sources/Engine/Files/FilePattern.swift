import Glibc

/// Names of files as `read_csv` takes them: one path, or a pattern with `*`, `?` and `[…]`.
enum FilePattern {
    /// The files in the order of their names; a path without a wildcard is itself, whether it is there or not.
    static func files(_ pattern: String) -> [String] {
        guard pattern.contains(where: { $0 == "*" || $0 == "?" || $0 == "[" }), FileVersion(path: pattern) == nil else {
            return [pattern]
        }
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        var paths: [String] = []
        for index in 0..<Int(unsafe found.gl_pathc) {
            // `gl_pathv` has `gl_pathc` strings.
            if let path = unsafe found.gl_pathv[index] { paths.append(unsafe String(cString: path)) }
        }
        return paths
    }
}

/// What tells that a file has changed.
struct FileVersion: Hashable {
    let path: String
    let size: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int

    /// nil if there is no such regular file.
    init?(path: String) {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        size = Int(status.st_size)
        modifiedSeconds = Int(status.st_mtim.tv_sec)
        modifiedNanoseconds = Int(status.st_mtim.tv_nsec)
    }
}
