import Crypto
import Foundation
import Synchronization

/// One salt, and what secrets become with it: the many rounds of hashing are done once for each secret, not at each login.
///
/// A server has one salt for as long as it runs. That every user has the same one costs nothing: the file with the secrets
/// themselves lies beside it.
package final class ScramSalt: Sendable {
    /// What the server needs of a secret.
    struct Keys: Sendable {
        let stored: [UInt8]
        let server: [UInt8]
    }

    let bytes: [UInt8]
    let iterations: Int
    private let known = Mutex<[String: Keys]>([:])

    package init(_ bytes: [UInt8], iterations: Int = ScramExchange.iterations) {
        self.bytes = bytes
        self.iterations = iterations
    }

    /// A random one.
    package convenience init() { self.init(RandomBytes.make(16)) }

    /// What is tried where there is no secret, so that it takes as long.
    static let nobody = ""
    /// Of more secrets each is worked on when it is first asked for: thousands would keep a server from starting.
    private static let preparedCount = 500

    /// Does the work for secrets before somebody waits for it, so that no login takes longer than another; those of files read
    /// before are forgotten.
    func prepare(_ secrets: [String]) {
        guard secrets.count <= ScramSalt.preparedCount else { return }
        let current = Set(secrets + [ScramSalt.nobody])
        for secret in current { _ = keys(of: secret) }
        known.withLock { known in
            if known.count > current.count { known = known.filter { current.contains($0.key) } }
        }
    }

    func keys(of secret: String) -> Keys {
        if let keys = known.withLock({ $0[secret] }) { return keys }
        let salted = ScramExchange.saltedPassword(secret, salt: bytes, iterations: iterations)
        let clientKey = ScramExchange.authenticationCode(salted, "Client Key")
        let keys = Keys(stored: Array(SHA256.hash(data: clientKey)), server: ScramExchange.authenticationCode(salted, "Server Key"))
        known.withLock { $0[secret] = keys }
        return keys
    }
}

/// Bytes that nobody can foretell.
enum RandomBytes {
    static func make(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }
}
