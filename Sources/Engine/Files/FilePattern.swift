import Glibc
import Storage

/// Names of files as `read_csv` takes them: one path, or a pattern with `*`, `?`, `[…]`, and `**` for folders of any depth.
enum FilePattern {
    /// The files in the order of their names; a path without a wildcard is itself, whether it is there or not.
    static func files(_ written: String) -> [String] {
        let pattern = atHome(written)
        guard hasWildcard(pattern), FileVersion(path: pattern) == nil else { return [pattern] }
        let parts = pattern.split(separator: "/", omittingEmptySubsequences: false)
        guard let deep = parts.firstIndex(of: "**") else { return sorted(matches(pattern)) }
        let above = parts[..<deep].joined(separator: "/")
        let rest = deep + 1 < parts.count ? parts[(deep + 1)...].joined(separator: "/") : "*"
        let folders = deep == 0 ? ["."] : above.isEmpty ? ["/"] : hasWildcard(above) ? matches(above, folders: true) : [above]
        var found: Set<String> = []
        for folder in folders.flatMap({ foldersWithin($0) }) { found.formUnion(matches(join(escaped(folder), rest))) }
        return sorted(Array(found))
    }

    /// A path that begins with `~/`, below the user's own folder.
    private static func atHome(_ path: String) -> String {
        guard path.hasPrefix("~/"), let home = unsafe getenv("HOME").map({ unsafe String(cString: $0) }), !home.isEmpty else {
            return path
        }
        return home + path.dropFirst()
    }

    private static func hasWildcard(_ path: String) -> Bool { path.contains { $0 == "*" || $0 == "?" || $0 == "[" } }

    /// By their bytes, wherever the process runs.
    private static func sorted(_ paths: [String]) -> [String] {
        paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func join(_ folder: String, _ name: String) -> String {
        folder == "." ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// A path that matches nothing but itself.
    private static func escaped(_ path: String) -> String {
        String(path.flatMap { "*?[\\".contains($0) ? ["\\", $0] : [$0] })
    }

    /// What a pattern without `**` matches: files, or folders only.
    private static func matches(_ pattern: String, folders: Bool = false) -> [String] {
        var found = unsafe glob_t()
        defer { unsafe globfree(&found) }
        guard unsafe glob(pattern, 0, nil, &found) == 0 else { return [] }
        var paths: [String] = []
        for index in 0..<Int(unsafe found.gl_pathc) {
            // `gl_pathv` has `gl_pathc` strings.
            guard let path = unsafe found.gl_pathv[index] else { continue }
            let text = unsafe String(cString: path)
            if isFolder(text) == folders { paths.append(text) }
        }
        return paths
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// A folder and those within it; hidden ones and links are left out.
    private static func foldersWithin(_ top: String) -> [String] {
        var all = [top]
        var next = 0
        while next < all.count {
            let folder = all[next]
            next += 1
            for name in (try? PosixFileSystem().list(folder)) ?? [] where !name.hasPrefix(".") {
                let path = join(folder, name)
                var status = stat()
                if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { all.append(path) }
            }
        }
        return all
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
