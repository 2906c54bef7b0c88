import Diagnostics
package import Engine
import Glibc
import NIOCore
import NIOPosix
import NIOSSL

/// A server that speaks PostgreSQL's protocol over one store.
package final class WireServer: Sendable {
    private let state: ServerState
    private let group: MultiThreadedEventLoopGroup
    private let channel: any Channel

    /// The port it listens at: of use where 0 was asked for.
    package var port: Int { channel.localAddress?.port ?? 0 }

    /// Opens the port.
    ///
    /// - Throws: `usage` for an address beyond this machine without credentials; `configuration` for TLS files that cannot
    ///   be used; `cannotCreate` for a port that is taken.
    package static func start(_ database: Database, options: ServerOptions) throws -> WireServer {
        if options.credentials == nil, !LoopbackAddress.isLoopback(options.host) {
            throw Diagnostic(
                .usage, "\(options.host) can be reached from other machines, and nobody is asked for a password",
                mend: "name a file of passwords with --password-file, or of tokens with --token-file, or serve 127.0.0.1")
        }
        var options = options
        // Rows are sent from memory, as a client takes them; files of this machine are not a client's affair.
        options.engine.holdsResults = true
        options.engine.readsFiles = false
        let tls = try options.tlsFiles.map { try ServerCertificate.context(certificate: $0.certificate, key: $0.key) }
        let salt = ScramSalt()
        if let credentials = options.credentials { salt.prepare(try credentials().all) }
        let state = ServerState(options: options, database: database, tls: tls, salt: salt)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 128)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: .init(low: 64 << 10, high: 256 << 10))
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let trust = SharedFlag()
                    let text = SessionText()
                    let decoder = ByteToMessageHandler(FrontendDecoder(isTrusted: { trust.isSet }, text: text))
                    let session = SessionHandler(server: state, trust: trust, text: text)
                    try channel.pipeline.syncOperations.addHandlers([decoder, session])
                    state.meet(session.processID, channel)
                }
            }
        do {
            let channel = try bootstrap.bind(host: LoopbackAddress.resolved(options.host), port: options.port).wait()
            return WireServer(state: state, group: group, channel: channel)
        } catch {
            state.endThreads { false }
            try? group.syncShutdownGracefully()
            let (reason, mend) = WireServer.explained(error)
            throw Diagnostic(.cannotCreate, "cannot listen at \(options.host):\(options.port): \(reason)", mend: mend)
        }
    }

    /// Why a port cannot be had, and what to do about it.
    private static func explained(_ error: any Error) -> (reason: String, mend: String) {
        guard let error = error as? IOError else {
            return ("no address is known of that name", "name an address of this machine, such as 127.0.0.1")
        }
        let reason = unsafe String(cString: strerror(error.errnoCode))
        switch error.errnoCode {
        case EACCES, EPERM: return (reason, "choose a port above 1023")
        case EADDRNOTAVAIL: return (reason, "name an address of this machine, such as 127.0.0.1")
        default: return (reason, "choose another port, or end what uses it")
        }
    }

    private init(state: ServerState, group: MultiThreadedEventLoopGroup, channel: any Channel) {
        self.state = state
        self.group = group
        self.channel = channel
    }

    package var clientCount: Int { state.clientCount }

    /// Ends: no new clients; running statements have their time, then they are cancelled.
    ///
    /// - Parameter sleep: Waits a little; true to end at once.
    package func stop(_ sleep: () -> Bool) {
        state.beginEnding()
        try? channel.close().wait()
        var waited = 0.0
        while state.clientCount > 0, waited < state.options.graceSeconds {
            if sleep() { break }
            waited += 0.1
        }
        state.cancelAll()
        for _ in 0..<30 where state.clientCount > 0 { if sleep() { break } }
        // Threads first: what they end with is told to the loops.
        state.endThreads(sleep)
        try? group.syncShutdownGracefully()
    }
}

/// Addresses that only this machine reaches.
package enum LoopbackAddress {
    /// A name is whatever a resolver says, `localhost` too: it stands for the address here, and nobody is asked.
    package static func resolved(_ host: String) -> String { host.lowercased() == "localhost" ? "127.0.0.1" : host }

    package static func isLoopback(_ host: String) -> Bool {
        let host = resolved(host)
        if host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
