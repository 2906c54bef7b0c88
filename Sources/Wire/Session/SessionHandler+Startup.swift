import NIOCore
import NIOSSL

/// The beginning of a session: TLS, who it is, what it wants set.
extension SessionHandler {
    func handle(startup message: StartupMessage) {
        switch message {
        case .cancel(let processID, let secret):
            server.cancel(processID: processID, secret: secret)
            close()
        case .requestGSS: refuseEncryption()
        case .requestTLS:
            guard let tls = server.tls, !usesTLS else { return refuseEncryption() }
            startTLS(tls)
        case .start(let version, let parameters): start(version, parameters)
        }
    }

    private func refuseEncryption() {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 1)
        buffer.writeInteger(UInt8(ascii: "N"))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func startTLS(_ tls: NIOSSLContext) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: 1)
        buffer.writeInteger(UInt8(ascii: "S"))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
        usesTLS = true
        do {
            try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        } catch {
            close()
        }
    }

    private func start(_ version: UInt32, _ parameters: [String: String]) {
        guard !server.isEnding else { return fatal(WireError(.adminShutdown, "the server is ending")) }
        guard let user = parameters["user"], !user.isEmpty else {
            return fatal(WireError(.invalidAuthorization, "no PostgreSQL user name specified in startup packet"))
        }
        label += ", " + SessionHandler.shown(user)
        guard (parameters["replication"] ?? "false") == "false" else {
            return fatal(WireError(.notSupported, "replication is not supported"))
        }
        if server.options.requiresTLS, !usesTLS {
            return fatal(WireError(.invalidAuthorization, "the server takes encrypted connections only", hint: "use sslmode=require"))
        }
        let unknown = parameters.keys.filter { $0.hasPrefix("_pq_.") }.sorted()
        if version & 0xFFFF > 0 || !unknown.isEmpty { writer.negotiateVersion(minor: 0, unknownOptions: unknown) }
        let database = parameters["database"].flatMap { $0.isEmpty ? nil : $0 } ?? user
        guard let current = server.options.credentials else {
            return begin(user: user, database: database, parameters)
        }
        let exchange: ScramExchange
        do {
            let credentials = try current()
            server.salt.prepare(credentials.all)
            exchange = ScramExchange(secrets: credentials.secrets(of: user), salt: server.salt)
        } catch {
            // Why is for whoever runs the server: the file may have changed since it began.
            server.options.log("\(label): the file of secrets cannot be used")
            return fatal(WireError(.invalidAuthorization, "nobody can log in at the moment"))
        }
        writer.authentication(code: 10, Array(ScramExchange.mechanism.utf8) + [0, 0])
        stage = .authenticating(exchange, user: user, database: database, parameters: parameters)
    }

    /// A step of SASL.
    func authenticate(_ bytes: [UInt8]) {
        guard case .authenticating(let known, let user, let database, let parameters) = stage, var exchange = known else { return }
        do {
            if !exchange.hasBegun {
                let answer = try exchange.first(try SASLMessage.initialResponse(bytes))
                writer.authentication(code: 11, Array(answer.utf8))
                stage = .authenticating(exchange, user: user, database: database, parameters: parameters)
                return
            }
            let message = String(decoding: bytes, as: UTF8.self)
            let finished = exchange
            stage = .authenticating(nil, user: user, database: database, parameters: parameters)
            // The many rounds of hashing are work for another thread.
            run(on: server.strangerPool, { try finished.final(message) }) { [self] outcome in
                switch outcome {
                case .success(let answer):
                    writer.authentication(code: 12, Array(answer.utf8))
                    begin(user: user, database: database, parameters)
                case .failure(let error): fatal(WireError(describing: error))
                }
            }
        } catch {
            fatal(WireError(describing: error))
        }
    }

    private func begin(user: String, database: String, _ parameters: [String: String]) {
        guard server.admit(processID) else {
            return fatal(WireError(.tooManyConnections, "sorry, too many clients already"))
        }
        let core = SessionCore(
            sharing: server.database, options: server.options, user: user, databaseName: database, processID: processID)
        do {
            try core.begin(parameters)
        } catch {
            return fatal(WireError(describing: error))
        }
        self.core = core
        server.register(processID, secret: secret, cancellation: core.cancellation)
        trust.set()
        stage = .ready
        writer.authenticationOK()
        useEncoding(core.value(ofSetting: "client_encoding") ?? "UTF8")
        for entry in core.reportedSettings { writer.parameterStatus(entry.name, entry.value) }
        writer.backendKey(processID: processID, secret: secret)
        writer.readyForQuery(.idle)
    }
}

extension SessionHandler {
    /// Where a client is, for the log.
    static func peer(_ channel: any Channel) -> String {
        guard let address = channel.remoteAddress, let ip = address.ipAddress, let port = address.port else { return "unknown" }
        return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
    }

    /// A client's own word for itself as one word of a line of the log, whatever it is made of.
    static func shown(_ user: String) -> String {
        let plain = user.unicodeScalars.prefix(64).map { scalar in
            let isPlain = scalar.properties.isAlphabetic || scalar.properties.numericType != nil || "_-.@".unicodeScalars.contains(scalar)
            return isPlain ? scalar : "?"
        }
        return String(String.UnicodeScalarView(plain))
    }
}

/// The first message of SASL.
enum SASLMessage {
    /// What a client says first with the mechanism that is offered.
    static func initialResponse(_ bytes: [UInt8]) throws -> String {
        var reader = MessageReader(bytes)
        let mechanism = try reader.string()
        guard mechanism == ScramExchange.mechanism else {
            throw WireError(.protocolViolation, "client selected an invalid SASL authentication mechanism", isFatal: true)
        }
        let response = try reader.bytes(count: Int(try reader.int32()))
        try reader.finish()
        return String(decoding: response, as: UTF8.self)
    }
}
