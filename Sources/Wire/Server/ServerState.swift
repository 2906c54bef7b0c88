import Engine
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// What all sessions of a server share.
final class ServerState: Sendable {
    let options: ServerOptions
    let database: Database
    /// Statements that read data: few at a time, each on all cores.
    let heavyPool: NIOThreadPool
    /// Parsing, catalogs and settings: never behind a long query.
    let lightPool: NIOThreadPool
    let tls: NIOSSLContext?
    private let registry = Mutex(Registry())
    private let ending = Atomic<Bool>(false)

    private struct Session {
        var secret: Int32
        var cancellation: SharedFlag
    }

    private struct Registry {
        var lastProcessID: Int32 = 0
        /// All connections, those that have not said who they are among them.
        var connected: Set<Int32> = []
        var admitted: Set<Int32> = []
        var sessions: [Int32: Session] = [:]
    }

    init(options: ServerOptions, database: Database, tls: NIOSSLContext?) {
        self.options = options
        self.database = database
        self.tls = tls
        heavyPool = NIOThreadPool(numberOfThreads: options.statementLimit)
        lightPool = NIOThreadPool(numberOfThreads: 2)
        heavyPool.start()
        lightPool.start()
    }

    var isEnding: Bool { ending.load(ordering: .relaxed) }
    func beginEnding() { ending.store(true, ordering: .relaxed) }
    var clientCount: Int { registry.withLock { $0.admitted.count } }

    func pool(for statement: SessionStatement) -> NIOThreadPool {
        switch statement {
        case .data, .cursor: heavyPool
        case .empty, .command, .catalog: lightPool
        }
    }

    /// A number for a session, and what only its client knows.
    func nextIdentity() -> (processID: Int32, secret: Int32) {
        var generator = SystemRandomNumberGenerator()
        let secret = Int32.random(in: .min ... .max, using: &generator)
        let processID = registry.withLock { registry in
            registry.lastProcessID = registry.lastProcessID == .max ? 1 : registry.lastProcessID + 1
            registry.connected.insert(registry.lastProcessID)
            return registry.lastProcessID
        }
        return (processID, secret)
    }

    /// Whether one more connection may say who it is: somewhat more than there may be clients, for cancelling and for being
    /// told that there are too many.
    var takesConnections: Bool { registry.withLock { $0.connected.count < options.clientLimit + 64 } }

    /// Whether there is room for one more client.
    func admit(_ processID: Int32) -> Bool {
        registry.withLock { registry in
            guard registry.admitted.count < options.clientLimit else { return false }
            registry.admitted.insert(processID)
            return true
        }
    }

    func register(_ processID: Int32, secret: Int32, cancellation: SharedFlag) {
        registry.withLock { $0.sessions[processID] = Session(secret: secret, cancellation: cancellation) }
    }

    func forget(_ processID: Int32) {
        registry.withLock { registry in
            registry.connected.remove(processID)
            registry.admitted.remove(processID)
            registry.sessions[processID] = nil
        }
    }

    /// Stops the statement of the session whose number and secret these are; nobody is told if there is none.
    func cancel(processID: Int32, secret: Int32) {
        registry.withLock { $0.sessions[processID] }.map { session in
            if session.secret == secret { session.cancellation.set() }
        }
    }

    func cancelAll() {
        for session in registry.withLock({ Array($0.sessions.values) }) { session.cancellation.set() }
    }

    /// Tells the log of a failure that is more than a client's mistake, by its code: a message may have values in it.
    func note(_ error: WireError, _ processID: Int32) {
        let isOurs = ["XX", "58", "53", "54"].contains(error.state.rawValue.prefix(2))
        guard error.isFatal || isOurs else { return }
        options.log("session \(processID): error \(error.state.rawValue)")
    }
}
