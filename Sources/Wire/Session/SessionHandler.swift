import Engine
import NIOCore
import NIOPosix

/// One client's session: takes its messages in turn, has its statements run elsewhere, and sends what they give.
///
/// It lives on the event loop of its channel. While a statement runs or rows wait for a slow client, messages wait in a queue,
/// and once that is long, the socket is not read.
final class SessionHandler: ChannelDuplexHandler {
    typealias InboundIn = FrontendEvent
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Stage {
        case starting
        case authenticating(ScramExchange?, user: String, database: String, parameters: [String: String])
        case ready
        case closed
    }

    /// Bytes written before the channel gets them.
    static let chunkSize = 64 << 10
    static let queueLimit = 256
    static let statementLimit = 10_000

    let server: ServerState
    let processID: Int32
    let secret: Int32
    let trust: SharedFlag
    var stage = Stage.starting
    var core: SessionCore?
    var context: ChannelHandlerContext?
    var queue = CircularBuffer<FrontendEvent>()
    var isBusy = false
    /// What is about to be written.
    var writer = BackendWriter(ByteBuffer())
    /// After an error in the extended protocol, up to the next Sync.
    var skipsToSync = false
    var statements: [String: PreparedStatement] = [:]
    var portals: [String: Portal] = [:]
    /// Goes on with rows that wait for the client to take more.
    var resume: (() -> Void)?
    var simpleStatements: ArraySlice<StatementPiece> = []
    /// When something last happened: bytes came in or went out, a statement ended.
    var lastActivity = NIODeadline.now()
    let born = NIODeadline.now()
    var usesTLS = false
    var isEnding = false
    private var isDraining = false
    private var holdsReads = false
    private var ticker: RepeatedTask?

    init(server: ServerState, trust: SharedFlag) {
        self.server = server
        self.trust = trust
        (processID, secret) = server.nextIdentity()
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.tick()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = .now()
        queue.append(unwrapInboundIn(data))
        drain()
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.fireChannelReadComplete() }

    func read(context: ChannelHandlerContext) {
        // A client that sends faster than its statements run waits in its own socket.
        if queue.count >= SessionHandler.queueLimit {
            holdsReads = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            lastActivity = .now()
            let next = resume
            resume = nil
            next?()
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection or handshake is the client's affair.
        context.close(promise: nil)
    }

    /// Takes messages as long as none is being worked on.
    func drain() {
        // What ends while the loop below is at work is followed by that loop.
        if isDraining { return }
        isDraining = true
        defer { isDraining = false }
        while !isBusy, case let event? = queue.popFirst() {
            if case .closed = stage { break }
            handle(event)
        }
        if !isBusy { flush() }
        if holdsReads, queue.count < SessionHandler.queueLimit / 2 {
            holdsReads = false
            context?.read()
        }
    }

    private func handle(_ event: FrontendEvent) {
        switch (event, stage) {
        case (_, .closed): break
        case (.failure(let error, let type), _): handle(failure: error, type: type)
        case (.startup(let message), _): handle(startup: message)
        case (.message(.terminate), _): close()
        case (.message(.authentication(let bytes)), .authenticating): authenticate(bytes)
        case (.message(let message), .ready): handle(message)
        default: fatal(WireError(.protocolViolation, "unexpected message before the session has begun"))
        }
    }

    /// Works on something elsewhere; messages wait until `completion` has run.
    func run<Value: Sendable>(
        on pool: NIOThreadPool, _ work: @escaping @Sendable () throws -> Value, then completion: @escaping (Result<Value, any Error>) -> Void
    ) {
        guard let context else { return }
        isBusy = true
        let bound = NIOLoopBound((self, completion), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        pool.submit { state in
            let outcome: Result<Value, any Error>
            if case .cancelled = state {
                outcome = .failure(WireError(.adminShutdown, "terminating connection due to administrator command", isFatal: true))
            } else {
                outcome = Result { try work() }
            }
            loop.execute {
                let (handler, completion) = bound.value
                handler.isBusy = false
                handler.lastActivity = .now()
                if case .closed = handler.stage { return }
                completion(outcome)
                handler.drain()
            }
        }
    }

    func flush() {
        guard writer.byteCount > 0, let context else { return }
        let buffer = writer.buffer
        writer = BackendWriter(context.channel.allocator.buffer(capacity: 1024))
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Says a last word and ends the session.
    func fatal(_ error: WireError) {
        var error = error
        error.isFatal = true
        writer.error(error)
        server.note(error, processID)
        close()
    }

    func close() {
        guard let context else { return }
        flush()
        stage = .closed
        context.close(promise: nil)
    }

    /// The connection is gone: what still runs for it stops.
    private func end() {
        ticker?.cancel()
        ticker = nil
        stage = .closed
        core?.cancellation.set()
        queue.removeAll()
        portals = [:]
        statements = [:]
        simpleStatements = []
        resume = nil
        server.forget(processID)
        context = nil
    }
}
