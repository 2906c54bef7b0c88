import Engine
import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Wire

/// One message of a server.
struct ServerMessage: Equatable, CustomStringConvertible {
    var type: Character
    var body: [UInt8]

    var description: String { "\(type) \(String(decoding: body.map { $0 < 32 ? 46 : $0 }, as: UTF8.self))" }

    /// The fields of an error by their letters.
    var fields: [Character: String] {
        var fields: [Character: String] = [:]
        for part in body.split(separator: 0) where !part.isEmpty {
            fields[Character(Unicode.Scalar(part[part.startIndex]))] = String(decoding: part.dropFirst(), as: UTF8.self)
        }
        return fields
    }

    /// The values of a row, nil for NULL.
    var values: [[UInt8]?] {
        var buffer = ByteBuffer(bytes: body)
        var values: [[UInt8]?] = []
        for _ in 0..<(buffer.readInteger(as: Int16.self) ?? 0) {
            let length = buffer.readInteger(as: Int32.self) ?? -1
            values.append(length < 0 ? nil : buffer.readBytes(length: Int(length)))
        }
        return values
    }

    var texts: [String?] { values.map { $0.map { String(decoding: $0, as: UTF8.self) } } }
}

/// A server in this process, over no store, and what a test needs to talk to it byte by byte.
final class TestServer {
    let server: WireServer

    init(_ change: (inout ServerOptions) -> Void = { _ in }) throws {
        var options = ServerOptions()
        options.port = 0
        options.graceSeconds = 1
        change(&options)
        server = try WireServer.start(Database(path: "/nothing/here", options: options.engine), options: options)
    }

    deinit {
        server.stop {
            Thread.sleep(forTimeInterval: 0.02)
            return false
        }
    }
}

/// A client that sends bytes and looks at messages.
final class TestClient {
    struct Silence: Error {}

    private final class Received: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let bytes = Mutex<[UInt8]>([])
        let isClosed = Mutex<Bool>(false)

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let piece = Array(unwrapInboundIn(data).readableBytesView)
            bytes.withLock { $0 += piece }
        }

        func channelInactive(context: ChannelHandlerContext) { isClosed.withLock { $0 = true } }
    }

    private let server: TestServer
    private let received = Received()
    private let channel: any Channel
    /// The number and the secret of the session.
    private(set) var key: [UInt8] = []

    /// - Parameters:
    ///   - starts: Whether it says who it is.
    ///   - receiveSize: Bytes the system keeps for it while it does not read; nil for as many as it likes.
    init(_ server: TestServer, starts: Bool = true, receiveSize: Int? = nil) throws {
        self.server = server
        let received = received
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        if let receiveSize { bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: receiveSize) }
        channel = try bootstrap
            .channelInitializer { channel in channel.pipeline.addHandler(received) }
            .connect(host: "127.0.0.1", port: server.server.port).wait()
        guard starts else { return }
        send(ClientBytes.startup([("user", "ada"), ("database", "fund")]))
        key = try untilReady().first { $0.type == "K" }?.body ?? []
    }

    deinit { channel.close(promise: nil) }

    func send(_ bytes: [UInt8]) { try? channel.writeAndFlush(ByteBuffer(bytes: bytes)).wait() }

    /// Sends without waiting for the server to take it.
    func post(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Whether it takes what the server sends.
    func setReading(_ reads: Bool) throws { try channel.setOption(.autoRead, value: reads).wait() }

    /// Waits until the server hangs up.
    ///
    /// - Throws: `Silence` if it does not in a long time.
    func untilClosed() throws {
        for _ in 0..<6000 {
            if isClosed { return }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw Silence()
    }

    var isClosed: Bool { received.isClosed.withLock { $0 } }

    /// The next message.
    ///
    /// - Throws: `Silence` if none comes in a long time, or the server has hung up.
    func next() throws -> ServerMessage {
        for _ in 0..<6000 {
            let message = received.bytes.withLock { bytes -> ServerMessage? in
                guard bytes.count >= 5 else { return nil }
                let length = bytes[1..<5].reduce(0) { $0 << 8 | Int($1) }
                guard bytes.count > length else { return nil }
                let message = ServerMessage(type: Character(Unicode.Scalar(bytes[0])), body: Array(bytes[5..<(length + 1)]))
                bytes.removeFirst(length + 1)
                return message
            }
            if let message { return message }
            if isClosed, received.bytes.withLock({ $0.isEmpty }) { throw Silence() }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw Silence()
    }

    /// Takes a byte that is no message.
    ///
    /// - Throws: `Silence` if another one comes, or none.
    func skip(byte: UInt8) throws {
        for _ in 0..<1000 {
            let first = received.bytes.withLock { $0.isEmpty ? nil : Optional($0.removeFirst()) }
            if let first {
                if first == byte { return }
                throw Silence()
            }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw Silence()
    }

    /// All messages up to `ReadyForQuery`.
    func untilReady() throws -> [ServerMessage] {
        var messages: [ServerMessage] = []
        repeat { messages.append(try next()) } while messages.last?.type != "Z"
        return messages
    }

    /// Sends messages and Sync, and gives what comes back.
    func exchange(_ messages: [UInt8]...) throws -> [ServerMessage] {
        send(messages.flatMap { $0 } + ClientBytes.message("S", []))
        return try untilReady()
    }

    func query(_ text: String) throws -> [ServerMessage] {
        send(ClientBytes.message("Q", ClientBytes.text(text)))
        return try untilReady()
    }
}

extension ClientBytes {
    static func parse(_ query: String, name: String = "", types: [Int] = []) -> [UInt8] {
        message("P", text(name) + text(query) + int16(types.count) + types.flatMap { int32($0) })
    }

    /// Texts, nil for NULL.
    static func bind(_ values: [String?] = [], portal: String = "", statement: String = "") -> [UInt8] {
        bind(bytes: values.map { $0.map { Array($0.utf8) } }, portal: portal, statement: statement, formats: [], results: [])
    }

    static func bind(
        bytes values: [[UInt8]?], portal: String = "", statement: String = "", formats: [Int], results: [Int]
    ) -> [UInt8] {
        let body = values.flatMap { value in value.map { int32($0.count) + $0 } ?? int32(0xFFFF_FFFF) }
        return message(
            "B",
            text(portal) + text(statement) + int16(formats.count) + formats.flatMap { int16($0) } + int16(values.count) + body
                + int16(results.count) + results.flatMap { int16($0) })
    }

    static func describe(statement name: String = "") -> [UInt8] { message("D", [UInt8(ascii: "S")] + text(name)) }
    static func describe(portal name: String) -> [UInt8] { message("D", [UInt8(ascii: "P")] + text(name)) }
    static func execute(_ portal: String = "", limit: Int = 0) -> [UInt8] { message("E", text(portal) + int32(limit)) }
}
