import Glibc

/// What the system grants this process.
enum MachineLimits {
    static var openFiles: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
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
}
