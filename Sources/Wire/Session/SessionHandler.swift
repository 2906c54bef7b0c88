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
    /// Bytes of messages that wait; one message may be as large.
    static let queueByteLimit = FrontendDecoder.messageSize
    static let statementLimit = 10_000
    /// Bytes of the texts and the values of all statements and portals of a session.
    static let heldByteLimit = 64 << 20

    let server: ServerState
    let processID: Int32
    let secret: Int32
    let trust: SharedFlag
    /// How the client's texts are read.
    let text: SessionText
    var stage = Stage.starting
    var core: SessionCore?
    var context: ChannelHandlerContext?
    private var queue = CircularBuffer<FrontendEvent>()
    private var queuedByteCount = 0
    var isBusy = false
    /// What is about to be written.
    var writer = BackendWriter(ByteBuffer())
    /// After an error in the extended protocol, up to the next Sync.
    var skipsToSync = false
    var statements: [String: PreparedStatement] = [:]
    var portals: [String: Portal] = [:]
    /// Goes on with rows, or with statements, that wait for the client to take more.
    var resume: (() -> Void)?
    /// Bytes that waited for the client when it was last looked at.
    var untakenByteCount = 0
    /// Who it is and from where, as the log tells it.
    var label: String
    var simpleStatements: ArraySlice<StatementPiece> = []
    /// When something last happened: bytes came in or went out, a statement ended.
    var lastActivity = NIODeadline.now()
    /// Seconds it has been looked at without knowing who it is.
    var lookCount = 0
    var usesTLS = false
    var isEnding = false
    private var isDraining = false
    private var holdsReads = false
    private var ticker: RepeatedTask?

    init(server: ServerState, trust: SharedFlag, text: SessionText) {
        self.server = server
        self.text = text
        self.trust = trust
        (processID, secret) = server.nextIdentity()
        label = "session \(processID)"
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticker = context.eventLoop.scheduleRepeatedTask(initialDelay: .seconds(1), delay: .seconds(1)) { _ in
            bound.value.tick()
        }
    }

    func channelActive(context: ChannelHandlerContext) {
        label += " from \(SessionHandler.peer(context.channel))"
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastActivity = .now()
        let event = unwrapInboundIn(data)
        queuedByteCount += event.byteCount
        queue.append(event)
        drain()
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.fireChannelReadComplete() }

    func read(context: ChannelHandlerContext) {
        // A client that sends faster than its statements run, or than it takes what they give, waits in its own socket.
        if isFull || !context.channel.isWritable {
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
            drain()
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A broken connection or handshake is the client's affair.
        context.close(promise: nil)
    }

    private var isClosed: Bool { if case .closed = stage { true } else { false } }

    private var isFull: Bool {
        queue.count >= SessionHandler.queueLimit || queuedByteCount >= SessionHandler.queueByteLimit
    }

    /// Takes messages as long as none is being worked on and the client takes the answers: those of many small statements
    /// fill memory as one large result does.
    func drain() {
        // What ends while the loop below is at work is followed by that loop.
        if isDraining { return }
        isDraining = true
        defer { isDraining = false }
        // What is flushed at the end may be taken at once: nobody else would tell that messages can go on.
        repeat {
            while !isBusy, !isClosed, clientTakesMore(), case let event? = queue.popFirst() {
                queuedByteCount -= event.byteCount
                handle(event)
            }
            if !isBusy { flush() }
        } while !isBusy && !isClosed && !queue.isEmpty && clientTakesMore()
        if holdsReads, !isFull, let context, context.channel.isWritable {
            holdsReads = false
            context.read()
        }
    }

    /// Gives the channel what is written, once it is a piece, and tells whether it takes more.
    func clientTakesMore() -> Bool {
        if writer.byteCount >= SessionHandler.chunkSize { flush() }
        return context?.channel.isWritable ?? true
    }

    /// Goes on at once, or when the client has taken what there is.
    func whenClientTakesMore(_ next: @escaping () -> Void) {
        if clientTakesMore() { return next() }
        isBusy = true
        resume = { [self] in
            isBusy = false
            next()
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
        let converter = writer.converter
        writer = BackendWriter(context.channel.allocator.buffer(capacity: 1024))
        writer.converter = converter
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Says a last word and ends the session.
    func fatal(_ error: WireError) {
        var error = error
        error.isFatal = true
        writer.error(error)
        server.note(error, of: label)
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
        queuedByteCount = 0
        portals = [:]
        statements = [:]
        simpleStatements = []
        resume = nil
        server.forget(processID)
        context = nil
    }
}
