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
    /// The hashing of those who say who they are: however many come, no session waits for them.
    let strangerPool: NIOThreadPool
    let tls: NIOSSLContext?
    /// Of the secrets of those who log in.
    let salt: ScramSalt
    private let registry = Mutex(Registry())
    private let ending = Atomic<Bool>(false)

    private struct Session {
        var secret: Int32
        var cancellation: SharedFlag
    }

    private struct Registry {
        var lastProcessID: Int32 = 0
        /// Connections that have not said who they are, the oldest first.
        var strangers: [(processID: Int32, channel: any Channel)] = []
        var admitted: Set<Int32> = []
        var sessions: [Int32: Session] = [:]
    }

    init(options: ServerOptions, database: Database, tls: NIOSSLContext?, salt: ScramSalt) {
        self.options = options
        self.database = database
        self.tls = tls
        self.salt = salt
        heavyPool = NIOThreadPool(numberOfThreads: options.statementLimit)
        lightPool = NIOThreadPool(numberOfThreads: 2)
        strangerPool = NIOThreadPool(numberOfThreads: 1)
        for pool in pools { pool.start() }
    }

    var pools: [NIOThreadPool] { [heavyPool, lightPool, strangerPool] }

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
            return registry.lastProcessID
        }
        return (processID, secret)
    }

    /// Counts a connection that has not said who it is. With one too many the oldest goes: who means to log in is quick,
    /// so those who hold places without a word lose them first.
    func meet(_ processID: Int32, _ channel: any Channel) {
        let oldest = registry.withLock { registry -> (any Channel)? in
            registry.strangers.append((processID, channel))
            return registry.strangers.count > options.strangerLimit ? registry.strangers.removeFirst().channel : nil
        }
        oldest?.close(promise: nil)
    }

    /// Makes a connection that has said who it is a client, if there is room for one more.
    func admit(_ processID: Int32) -> Bool {
        registry.withLock { registry in
            registry.strangers.removeAll { $0.processID == processID }
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
            registry.strangers.removeAll { $0.processID == processID }
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
    func note(_ error: WireError, of session: String) {
        let isOurs = ["XX", "58", "53", "54"].contains(error.state.rawValue.prefix(2))
        guard error.isFatal || isOurs else { return }
        options.log("\(session): error \(error.state.rawValue)")
    }

    /// Ends the threads; what waits for one is told that the server ends.
    ///
    /// - Parameter sleep: Waits a little; true to wait no longer.
    func endThreads(_ sleep: () -> Bool) {
        let ends = pools.map { pool in
            let ended = SharedFlag()
            pool.shutdownGracefully { _ in ended.set() }
            return ended
        }
        // A statement that does not look whether it is cancelled holds its thread; the process does not wait for ever.
        for _ in 0..<50 where !ends.allSatisfy(\.isSet) { if sleep() { break } }
    }
}
