import Glibc

/// Names of files that begin as typed.
enum FileCompletion {
    /// - Parameter closing: What follows a file's name; folders get a slash instead.
    static func complete(_ typed: String, closing: String) -> Completion {
        let cut = typed.lastIndex(of: "/").map { typed.index(after: $0) } ?? typed.startIndex
        var folder = String(typed[..<cut])
        let begun = typed[cut...]
        if folder.hasPrefix("~/"), let home = Environment.value("HOME") { folder = home + folder.dropFirst() }
        var candidates: [Completion.Candidate] = []
        for (name, isFolder) in entries(of: folder.isEmpty ? "." : folder)
        where name.hasPrefix(begun) && (begun.hasPrefix(".") || !name.hasPrefix(".")) {
            candidates.append(Completion.Candidate(text: typed[..<cut] + name + (isFolder ? "/" : ""), suffix: isFolder ? "" : closing))
        }
        return Completion(typed: typed, candidates: candidates)
    }

    private static func entries(of folder: String) -> [(name: String, isFolder: Bool)] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe _ = closedir(stream) }
        var found: [(name: String, isFolder: Bool)] = []
        while let entry = unsafe readdir(stream), found.count < 10_000 {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            var status = stat()
            let isFolder = unsafe stat(folder + "/" + name, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
            found.append((name, isFolder))
        }
        return found.sorted { $0.name < $1.name }
    }
}
