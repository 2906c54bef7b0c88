package import NIOCore

/// What the decoder hands on.
package enum FrontendEvent: Sendable {
    case startup(StartupMessage)
    case message(FrontendMessage)
    /// The client broke the protocol, or a message has a value that cannot be read; of which type it was, 0 for the first packet.
    case failure(WireError, messageType: UInt8)

    /// Bytes it holds while it waits, about.
    var byteCount: Int {
        guard case .message(let message) = self else { return 256 }
        return switch message {
        case .query(let text): 256 + text.utf8.count
        case .parse(_, let query, let types): 256 + query.utf8.count + 4 * types.count
        case .bind(_, _, let formats, let values, _): 256 + 2 * formats.count + values.reduce(0) { $0 + 32 + ($1?.count ?? 0) }
        default: 256
        }
    }
}

/// Cuts the stream of a client's bytes into messages.
///
/// A length is looked at before anything is kept for it: what is beyond the limit ends the session, so a client that lies
/// makes nothing grow.
package struct FrontendDecoder: ByteToMessageDecoder {
    package typealias InboundOut = FrontendEvent

    /// Bytes of a first packet; PostgreSQL's own limit.
    package static let startupSize = 10_000
    /// Bytes of a message before the client is known.
    package static let authenticationSize = 10_000
    /// Bytes of a message: a statement is 1 MiB at most, its parameters may be larger.
    package static let messageSize = 16 << 20

    private var expectsStartup = true
    private var isBroken = false
    /// Whether the client may send large messages.
    private let isTrusted: @Sendable () -> Bool

    private let text: SessionText

    package init(isTrusted: @escaping @Sendable () -> Bool, text: SessionText = SessionText()) {
        self.isTrusted = isTrusted
        self.text = text
    }

    package mutating func decode(context: ChannelHandlerContext, buffer: inout ByteBuffer) throws -> DecodingState {
        guard let event = next(from: &buffer) else { return .needMoreData }
        context.fireChannelRead(wrapInboundOut(event))
        return .continue
    }

    package mutating func decodeLast(
        context: ChannelHandlerContext, buffer: inout ByteBuffer, seenEOF: Bool
    ) throws -> DecodingState {
        // What is cut off by the end of the stream is nobody's message.
        while let event = next(from: &buffer) { context.fireChannelRead(wrapInboundOut(event)) }
        buffer.clear()
        return .needMoreData
    }

    /// The next whole message, nil if more bytes must come first.
    package mutating func next(from buffer: inout ByteBuffer) -> FrontendEvent? {
        if isBroken {
            buffer.clear()
            return nil
        }
        let type = expectsStartup ? 0 : buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) ?? 0
        do {
            return expectsStartup ? try nextStartup(&buffer) : try nextMessage(&buffer)
        } catch let error as WireError {
            if error.isFatal { isBroken = true }
            return .failure(error, messageType: type)
        } catch {
            isBroken = true
            let failure = WireError(.protocolViolation, "invalid message format", isFatal: true)
            return .failure(failure, messageType: type)
        }
    }

    private mutating func nextStartup(_ buffer: inout ByteBuffer) throws -> FrontendEvent? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: Int32.self) else { return nil }
        guard length >= 8, length <= FrontendDecoder.startupSize else {
            throw WireError(.protocolViolation, "invalid length of startup packet", isFatal: true)
        }
        guard buffer.readableBytes >= Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: 4)
        let message = try FrontendParser.startup(body: buffer.readBytes(length: Int(length) - 4) ?? [])
        switch message {
        case .start: expectsStartup = false
        case .requestTLS, .requestGSS:
            // Bytes that came before the handshake would pass for encrypted ones: an old trick of those in the middle.
            guard buffer.readableBytes == 0 else {
                throw WireError(.protocolViolation, "received unencrypted data after SSL request", isFatal: true)
            }
        case .cancel: break
        }
        return .startup(message)
    }

    private mutating func nextMessage(_ buffer: inout ByteBuffer) throws -> FrontendEvent? {
        guard let type = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            let length = buffer.getInteger(at: buffer.readerIndex + 1, as: Int32.self)
        else { return nil }
        let limit = isTrusted() ? FrontendDecoder.messageSize : FrontendDecoder.authenticationSize
        guard length >= 4, length <= limit else {
            throw WireError(
                .protocolViolation, "invalid message length \(length)", hint: "a message has \(limit) bytes at most",
                isFatal: true)
        }
        guard buffer.readableBytes >= Int(length) + 1 else { return nil }
        buffer.moveReaderIndex(forwardBy: 5)
        let body = buffer.readBytes(length: Int(length) - 4) ?? []
        return .message(try FrontendParser.message(type: type, body: body, converter: text.incoming))
    }
}
