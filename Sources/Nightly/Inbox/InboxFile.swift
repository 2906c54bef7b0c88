/// A regular file of the inbox as it was seen.
package struct InboxFile: Hashable, Sendable {
    package var name: String
    /// Bytes.
    package var size: Int
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    package var modified: Int64
    /// The file's number in its file system: a file of the same name in its place has another.
    package var serial: UInt64

    package init(name: String, size: Int, modified: Int64, serial: UInt64 = 0) {
        self.name = name
        self.size = size
        self.modified = modified
        self.serial = serial
    }
}

/// What a look into the inbox found, each list by the bytes of the names.
package struct InboxScan: Hashable, Sendable {
    /// Files nobody is writing to any more.
    package var complete: [InboxFile] = []
    /// Files that grow or were changed too lately: they are left for the next run.
    package var waiting: [InboxFile] = []
    /// Names that are no deliveries: unfinished transfers, what is no regular file. Hidden files and folders are not listed.
    package var ignored: [String] = []

    package init() {}
}

/// Which names are deliveries.
package enum InboxName {
    /// How programs call what they have not finished yet.
    private static let unfinishedEndings = [
        ".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download", ".upload", ".uploading", ".swp",
        ".lock", "~",
    ]

    package static func isDelivery(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return !name.hasPrefix(".") && !unfinishedEndings.contains { lowered.hasSuffix($0) }
    }

    /// The `number`-th name for a file whose name is taken: `claims.csv.gz`, `claims.2.csv.gz`, `claims.3.csv.gz`.
    package static func numbered(_ name: String, _ number: Int) -> String {
        if number == 1 { return name }
        guard let dot = name.dropFirst().firstIndex(of: ".") else { return "\(name).\(number)" }
        return "\(name[..<dot]).\(number)\(name[dot...])"
    }

    /// A name in UTF-8 for one in bytes: those that are no UTF-8, as of a name in GBK, become `%B2`.
    package static func readable(_ bytes: [UInt8]) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let digits = Array("0123456789ABCDEF".utf8)
        var name: [UInt8] = []
        for byte in bytes {
            if byte < 0x80 { name.append(byte) } else { name += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: name, as: UTF8.self)
    }
}
