import Crypto
import Foundation

/// The server's side of SCRAM-SHA-256.
///
/// Source: RFC 5802 and RFC 7677; PostgreSQL 15, section 55.3, "SASL Authentication". Channel binding is not offered.
package struct ScramExchange {
    package static let mechanism = "SCRAM-SHA-256"
    package static let iterations = 4096

    /// Secrets of which any will do. None for a user there is none of: the exchange goes on and fails at its end, so that
    /// nobody learns who exists.
    private let secrets: [String]
    private let salt: ScramSalt
    private let nonce: String
    private var clientFirstBare = ""
    private var serverFirst = ""
    private var combinedNonce = ""
    /// `n,,` or `y,,`, as the client said it.
    private var header = ""

    /// - Parameters:
    ///   - salt: What the client is told to salt its secret with.
    ///   - nonce: Printable ASCII without a comma.
    package init(secrets: [String], salt: ScramSalt, nonce: String) {
        self.secrets = secrets
        self.salt = salt
        self.nonce = nonce
    }

    /// An exchange with a random nonce.
    package init(secrets: [String], salt: ScramSalt) {
        self.init(secrets: secrets, salt: salt, nonce: Data(RandomBytes.make(18)).base64EncodedString())
    }

    /// Whether the first message has come.
    var hasBegun: Bool { !serverFirst.isEmpty }

    /// Answers client-first with server-first.
    package mutating func first(_ message: String) throws -> String {
        let parts = message.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "n" || parts[0] == "y", parts[1].isEmpty || parts[1].hasPrefix("a=") else {
            if message.hasPrefix("p=") { throw Self.malformed("channel binding is not offered") }
            throw Self.malformed("malformed SCRAM message")
        }
        header = "\(parts[0]),\(parts[1]),"
        clientFirstBare = String(parts[2])
        let attributes = Self.attributes(clientFirstBare)
        guard attributes["m"] == nil, attributes["n"] != nil, let clientNonce = attributes["r"], !clientNonce.isEmpty,
            clientNonce.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != 0x2C })
        else { throw Self.malformed("malformed SCRAM message") }
        combinedNonce = clientNonce + nonce
        serverFirst = "r=\(combinedNonce),s=\(Data(salt.bytes).base64EncodedString()),i=\(salt.iterations)"
        return serverFirst
    }

    /// Answers client-final with server-final.
    ///
    /// - Throws: `28P01` if the proof is not that of a secret.
    package func final(_ message: String) throws -> String {
        guard let cut = message.range(of: ",p=", options: .backwards) else { throw Self.malformed("malformed SCRAM message") }
        let withoutProof = String(message[..<cut.lowerBound])
        let attributes = Self.attributes(withoutProof)
        guard attributes["r"] == combinedNonce, let binding = attributes["c"].flatMap({ Data(base64Encoded: $0) }),
            binding == Data(header.utf8), let proof = Data(base64Encoded: String(message[cut.upperBound...])), proof.count == 32
        else { throw Self.malformed("malformed SCRAM message") }
        let authMessage = clientFirstBare + "," + serverFirst + "," + withoutProof
        var proven: ScramSalt.Keys?
        // All secrets are tried, whichever is right, and one where there is none.
        for secret in secrets.isEmpty ? [ScramSalt.nobody] : secrets {
            let keys = salt.keys(of: secret)
            if Self.isProof(proof, of: keys, authMessage), !secrets.isEmpty { proven = keys }
        }
        guard let proven else { throw WireError(.invalidPassword, "password authentication failed", isFatal: true) }
        return "v=" + Data(Self.authenticationCode(proven.server, authMessage)).base64EncodedString()
    }

    private static func isProof(_ proof: Data, of keys: ScramSalt.Keys, _ authMessage: String) -> Bool {
        let signature = authenticationCode(keys.stored, authMessage)
        let candidate = Array(SHA256.hash(data: zip(proof, signature).map { $0 ^ $1 }))
        // All bytes are looked at, whatever the first ones are.
        return zip(candidate, keys.stored).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// `Hi` of RFC 5802: PBKDF2 with one block.
    package static func saltedPassword(_ password: String, salt: [UInt8], iterations: Int) -> [UInt8] {
        let key = SymmetricKey(data: Array(password.utf8))
        var block = Array(HMAC<SHA256>.authenticationCode(for: salt + [0, 0, 0, 1], using: key))
        var result = block
        for _ in 1..<iterations {
            block = Array(HMAC<SHA256>.authenticationCode(for: block, using: key))
            for index in result.indices { result[index] ^= block[index] }
        }
        return result
    }

    static func authenticationCode(_ key: [UInt8], _ text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func attributes(_ text: String) -> [Character: String] {
        var attributes: [Character: String] = [:]
        for part in text.split(separator: ",") where part.count >= 2 && part.dropFirst().first == "=" {
            attributes[part[part.startIndex]] = String(part.dropFirst(2))
        }
        return attributes
    }

    private static func malformed(_ message: String) -> WireError { WireError(.protocolViolation, message, isFatal: true) }
}
