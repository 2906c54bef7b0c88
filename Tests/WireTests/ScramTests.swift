import Testing
import Wire

@Suite("SCRAM-SHA-256")
struct ScramTests {
    /// The exchange of RFC 7677, section 3.
    private static let salt: [UInt8] = [
        0x5B, 0x6D, 0x99, 0x68, 0x9D, 0x12, 0x35, 0x8E, 0xEC, 0xA0, 0x4B, 0x14, 0x12, 0x36, 0xFA, 0x81,
    ]
    private static let clientFirst = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"
    private static let serverFirst =
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"
    private static let clientFinal =
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="

    private func exchange(secret: String?) -> ScramExchange {
        ScramExchange(secrets: secret.map { [$0] } ?? [], salt: ScramSalt(Self.salt), nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
    }

    @Test("gives the answers of RFC 7677") func vector() throws {
        var exchange = exchange(secret: "pencil")
        #expect(try exchange.first(Self.clientFirst) == Self.serverFirst)
        #expect(try exchange.final(Self.clientFinal) == "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=")
    }

    @Test("refuses another secret, and a user there is none of, in the same way", arguments: ["Pencil", "", nil] as [String?])
    func wrongSecret(secret: String?) throws {
        var exchange = exchange(secret: secret)
        #expect(try exchange.first(Self.clientFirst) == Self.serverFirst, "nobody learns who exists")
        #expect(throws: WireError(.invalidPassword, "password authentication failed", isFatal: true)) {
            try exchange.final(Self.clientFinal)
        }
    }

    @Test("refuses a first message that is none", arguments: [
        "", "n", "n,,", "p=tls-unique,,n=user,r=abc", "n,,n=user", "n,,r=abc", "n,,n=user,r=", "x,,n=user,r=abc", "n,,m=1,n=user,r=abc",
    ])
    func malformedFirst(message: String) {
        var exchange = exchange(secret: "pencil")
        #expect(throws: WireError.self) { try exchange.first(message) }
    }

    @Test("refuses a last message that does not belong to the first", arguments: [
        "", "c=biws", "c=biws,r=other,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=eSws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=AAAA",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=!",
    ])
    func malformedFinal(message: String) throws {
        var exchange = exchange(secret: "pencil")
        _ = try exchange.first(Self.clientFirst)
        #expect(throws: WireError.self) { try exchange.final(message) }
    }

    @Test("secrets are read a user a line, or one for everybody") func credentials() throws {
        let named = try Credentials(text: "# who\nada:s3cret:with colon\nbob:x\n")
        #expect(named.secrets(of: "ada") == ["s3cret:with colon"] && named.secrets(of: "bob") == ["x"] && named.secrets(of: "eve").isEmpty)
        #expect(try Credentials(text: "token\n").secrets(of: "anyone") == ["token"])
        #expect(try Credentials(text: "shared\nada:own\n").secrets(of: "ada") == ["own"], "a password of one's own is the only one")
    }

    @Test("of several tokens any is taken, and no other") func tokens() throws {
        let credentials = try Credentials(text: "# desks\nada:x\nada:pencil\nbob:y\nfor all\n", kind: .tokens)
        #expect(credentials.secrets(of: "ada") == ["x", "pencil", "for all"] && credentials.secrets(of: "eve") == ["for all"])
        let salt = ScramSalt(Self.salt)
        for (user, isTaken) in [("ada", true), ("bob", false), ("eve", false)] {
            var exchange = ScramExchange(secrets: credentials.secrets(of: user), salt: salt, nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
            _ = try exchange.first(Self.clientFirst)
            // The client's proof is that of `pencil`, and the server's answer must be, too.
            let answer = try? exchange.final(Self.clientFinal)
            #expect(answer == (isTaken ? "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=" : nil), "\(user)")
        }
    }

    @Test("files of tokens that cannot be used are refused", arguments: [
        "", "ada:", ":x", "ada:x\nada:x", "x\nx", (0...Credentials.tokenLimit).map { "ada:\($0)" }.joined(separator: "\n"),
    ])
    func unusableTokens(text: String) {
        #expect(throws: WireError.self) { try Credentials(text: text, kind: .tokens) }
    }

    @Test("files without a usable secret are refused", arguments: ["", "# nothing", "ada:", "a\nb", "ada:x\nada:y", "ada:密码"])
    func unusableCredentials(text: String) {
        #expect(throws: WireError.self) { try Credentials(text: text) }
    }
}
