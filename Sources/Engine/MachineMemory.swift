import Glibc

/// Memory that this process may use, as the system says.
package enum MachineMemory {
    /// Bytes of the machine; nil where the system does not say.
    package static var total: Int? { line("MemTotal") }

    /// Bytes that are free or easily freed; nil where the system does not say.
    package static var available: Int? { line("MemAvailable") }

    /// Bytes that the control groups this process is in may use, at least one of them; nil if none has a limit.
    package static var groupLimit: Int? {
        var files = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
        // `0::/system.slice/fund.service`: each folder on the way down may have a limit.
        if let own = text("/proc/self/cgroup").split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) {
            var folder = "/sys/fs/cgroup"
            for name in own.dropFirst(4).split(separator: "/") {
                folder += "/" + name
                files.append(folder + "/memory.max")
            }
        }
        let limits = files.compactMap { Int(text($0).prefix { !$0.isWhitespace }) }
        return limits.filter { $0 < 1 << 60 }.min()
    }

    /// What a statement may hold where nobody says: three quarters of what there is.
    ///
    /// The rest is for what is not counted, and for others.
    package static let usualLimit: Int? = [total, groupLimit].compactMap { $0 }.min().map { $0 / 4 * 3 }

    private static func line(_ name: String) -> Int? {
        text("/proc/meminfo").split(separator: "\n").first { $0.hasPrefix(name + ":") }?
            .split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
    }

    /// A short file of the system; nothing if it cannot be read.
    private static func text(_ path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0 { return "" }
        defer { _ = close(descriptor) }
        // Bytes that were read are the ones the count says are there.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
            guard let base = buffer.baseAddress else { return }
            while count < buffer.count {
                let got = unsafe read(descriptor, base + count, buffer.count - count)
                if got <= 0 { return }
                count += got
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
