import Glibc

/// What the system grants this process.
enum MachineLimits {
    static var openFiles: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    /// Bytes; nil where the system does not say.
    static var memory: (total: Int?, available: Int?) {
        let lines = text("/proc/meminfo").split(separator: "\n")
        func value(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + ":") }?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return (value("MemTotal"), value("MemAvailable"))
    }

    /// The memory limit of the control group, in bytes; nil if there is none.
    static var groupMemory: Int? {
        for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
            if let size = Int(text(path).trimmedBlanks), size < 1 << 60 { return size }
        }
        return nil
    }

    /// Bytes free for this user where a path is, or would be.
    static func diskFree(near path: String) -> Int? {
        var place = path
        var status = statvfs()
        while unsafe statvfs(place, &status) != 0 {
            guard let slash = place.lastIndex(of: "/") else { return place == "." ? nil : diskFree(near: ".") }
            place = slash == place.startIndex ? "/" : String(place[..<slash])
        }
        return Int(status.f_bavail) * Int(status.f_frsize)
    }

    private static func text(_ path: String) -> String {
        String(decoding: FileBytes.read(path, limit: 1 << 20) ?? [], as: UTF8.self)
    }
}
