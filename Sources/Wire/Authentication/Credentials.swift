/// Who may connect, and with which secret.
package struct Credentials: Sendable {
    /// A secret for any user; nil if only named ones may connect.
    package var shared: String?
    package var byUser: [String: String] = [:]

    package init(shared: String? = nil, byUser: [String: String] = [:]) {
        self.shared = shared
        self.byUser = byUser
    }

    /// Reads a password file: one line with a secret for everybody, or a `user:secret` a line. `#` begins a comment line.
    /// Lines end with LF or CRLF, the last one as it likes; empty ones do not count. Blanks belong to a secret.
    ///
    /// - Throws: `WireError` that says which line cannot be used.
    package init(text: String) throws {
        self.init()
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let secret = String(parts[parts.count - 1])
            // SASLprep changes other characters; until then what is typed is what is compared.
            guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw WireError(
                    .configuration, "line \(index + 1): a secret must be printable ASCII, and not empty",
                    hint: "write user:secret, or the secret alone")
            }
            if parts.count == 2 {
                guard !parts[0].isEmpty else {
                    throw WireError(.configuration, "line \(index + 1): there is no user before the colon", hint: "write user:secret")
                }
                guard byUser.updateValue(secret, forKey: String(parts[0])) == nil else {
                    throw WireError(.configuration, "line \(index + 1): this user has a line already")
                }
            } else if shared == nil {
                shared = secret
            } else {
                throw WireError(.configuration, "line \(index + 1): there is a secret for everybody already")
            }
        }
        guard shared != nil || !byUser.isEmpty else {
            throw WireError(.configuration, "there is no secret in the file", hint: "write user:secret, or the secret alone")
        }
    }

    /// nil for a user who may not connect.
    package func secret(of user: String) -> String? { byUser[user] ?? shared }
}
