/// Who may connect, and with which secrets.
package struct Credentials: Sendable {
    /// What a file of secrets holds.
    package enum Kind: String, Sendable {
        /// A user has one.
        case passwords
        /// A user has several, of which any will do, so that one can be taken back and the others stay.
        case tokens

        /// One of them.
        package var one: String { self == .passwords ? "secret" : "token" }
    }

    /// Tokens of a user, and as many of all: each is tried at a login.
    package static let tokenLimit = 100

    /// Secrets for any user; empty if only named ones may connect.
    private var shared: [String] = []
    private var byUser: [String: [String]] = [:]
    private let kind: Kind

    package init(byUser: [String: String]) {
        kind = .passwords
        self.byUser = byUser.mapValues { [$0] }
    }

    /// Reads a file of secrets: `user:secret` a line, or the secret alone for everybody. Of passwords there is one a user,
    /// and one for everybody who has none. `#` begins a comment line. Lines end with LF or CRLF, the last one as it likes;
    /// empty ones do not count. Blanks belong to a secret.
    ///
    /// - Throws: `WireError` that says which line cannot be used.
    package init(text: String, kind: Kind = .passwords) throws {
        self.kind = kind
        let form = "write user:\(kind.one), or the \(kind.one) alone"
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() where !line.isEmpty && !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let secret = String(parts[parts.count - 1])
            // SASLprep changes other characters; until then what is typed is what is compared.
            guard !secret.isEmpty, secret.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
                throw WireError(.configuration, "line \(index + 1): a secret must be printable ASCII, and not empty", hint: form)
            }
            if parts.count == 2 {
                guard !parts[0].isEmpty else {
                    throw WireError(
                        .configuration, "line \(index + 1): there is no user before the colon", hint: "write user:\(kind.one) a line")
                }
                try add(secret, to: &byUser[String(parts[0]), default: []], line: index + 1, "line \(index + 1): this user has a line already")
            } else {
                try add(secret, to: &shared, line: index + 1, "line \(index + 1): there is a secret for everybody already")
            }
        }
        guard !shared.isEmpty || !byUser.isEmpty else {
            throw WireError(.configuration, "there is no \(kind.one) in the file", hint: form)
        }
    }

    private func add(_ secret: String, to secrets: inout [String], line: Int, _ already: String) throws {
        switch kind {
        case .passwords:
            guard secrets.isEmpty else { throw WireError(.configuration, already) }
        case .tokens:
            guard !secrets.contains(secret) else { throw WireError(.configuration, "line \(line): this line stands in the file already") }
            guard secrets.count < Credentials.tokenLimit else {
                throw WireError(.configuration, "line \(line): one user may have \(Credentials.tokenLimit) tokens at most")
            }
        }
        secrets.append(secret)
    }

    /// Secrets of which any lets the user in; none for a user who may not connect.
    package func secrets(of user: String) -> [String] {
        switch kind {
        case .passwords: byUser[user] ?? shared
        case .tokens: (byUser[user] ?? []) + shared
        }
    }

    /// All of them, each once.
    var all: [String] { Array(Set(shared + byUser.values.flatMap(\.self))) }
}
