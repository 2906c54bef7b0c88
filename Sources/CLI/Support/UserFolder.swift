import Glibc

/// Where a user's own files lie, after the XDG base directory specification.
enum UserFolder {
    /// The folder a variable names, else one below the home folder; nil without either. Relative paths do not count.
    static func path(_ variable: String, else below: String) -> String? {
        if let named = Environment.value(variable), named.hasPrefix("/") { return named }
        return Environment.value("HOME").map { $0 + "/" + below }
    }

    /// Who runs this process: the name of its user, else the number.
    static var userName: String {
        guard let entry = unsafe getpwuid(geteuid()) else { return "\(geteuid())" }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// Makes a folder and those above it, for the owner only.
    ///
    /// - Returns: Why a folder that is missing could not be made, nil if the folder is there.
    static func make(_ folder: String) -> Int32? {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            var status = stat()
            // Folders above it may be others', who let nobody make one there.
            if unsafe stat(path, &status) == 0 || mkdir(path, 0o700) == 0 || errno == EEXIST { continue }
            return errno
        }
        return nil
    }
}

/// Variables of the process's environment.
enum Environment {
    /// nil if the variable is not set or empty.
    static func value(_ name: String) -> String? {
        guard let pointer = unsafe getenv(name), unsafe pointer.pointee != 0 else { return nil }
        return unsafe String(cString: pointer)
    }
}

/// Small files as bytes.
enum FileBytes {
    /// nil if the file cannot be read or has more than `limit` bytes.
    static func read(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return read(descriptor, limit: limit)
    }

    /// What an open file holds from where it stands; nil if it cannot be read or has more than `limit` bytes.
    static func read(_ descriptor: Int32, limit: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: piece[..<count])
            if bytes.count > limit { return nil }
        }
    }
}
