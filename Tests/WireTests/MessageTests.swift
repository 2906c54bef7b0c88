import NIOCore
import Testing
import Wire

/// Messages as a client would send them.
enum ClientBytes {
    static func startup(_ parameters: [(String, String)], version: UInt32 = 196_608) -> [UInt8] {
        var body = ByteBuffer()
        body.writeInteger(version)
        for (name, value) in parameters { body.writeBytes(Array(name.utf8) + [0] + Array(value.utf8) + [0]) }
        body.writeInteger(UInt8(0))
        return prefixed(body)
    }

    static func message(_ type: Character, _ body: [UInt8]) -> [UInt8] {
        [type.asciiValue ?? 0] + prefixed(ByteBuffer(bytes: body))
    }

    static func text(_ text: String) -> [UInt8] { Array(text.utf8) + [0] }

    static func int16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }

    static func int32(_ value: Int) -> [UInt8] { int16(value >> 16 & 0xFFFF) + int16(value & 0xFFFF) }

    private static func prefixed(_ body: ByteBuffer) -> [UInt8] {
        int32(body.readableBytes + 4) + Array(body.readableBytesView)
    }
}

@Suite("Messages of clients")
struct MessageTests {
    /// All events of a stream that comes in pieces of a size.
    private func events(_ bytes: [UInt8], pieces: Int = .max, isTrusted: Bool = true) -> [FrontendEvent] {
        var decoder = FrontendDecoder(isTrusted: { isTrusted })
        var buffer = ByteBuffer()
        var events: [FrontendEvent] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            buffer.writeBytes(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let event = decoder.next(from: &buffer) { events.append(event) }
        }
        return events
    }

    private let start = ClientBytes.startup([("user", "ada"), ("database", "fund")])

    private var session: [UInt8] {
        start + ClientBytes.message("Q", ClientBytes.text("select 1"))
            + ClientBytes.message("P", ClientBytes.text("s") + ClientBytes.text("select $1") + ClientBytes.int16(1) + ClientBytes.int32(23))
            + ClientBytes.message(
                "B",
                ClientBytes.text("") + ClientBytes.text("s") + ClientBytes.int16(1) + ClientBytes.int16(1) + ClientBytes.int16(2)
                    + ClientBytes.int32(4) + ClientBytes.int32(7) + ClientBytes.int32(0xFFFF_FFFF) + ClientBytes.int16(0))
            + ClientBytes.message("D", [UInt8(ascii: "S")] + ClientBytes.text("s"))
            + ClientBytes.message("E", ClientBytes.text("") + ClientBytes.int32(10)) + ClientBytes.message("S", [])
            + ClientBytes.message("X", [])
    }

    private func messages(_ events: [FrontendEvent]) -> [FrontendMessage] {
        events.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    private func failures(_ events: [FrontendEvent]) -> [WireError] {
        events.compactMap { if case .failure(let error, _) = $0 { error } else { nil } }
    }

    @Test("are the same however the stream is cut", arguments: [1, 2, 3, 7, 64, .max])
    func cutAnywhere(pieces: Int) {
        let events = events(session, pieces: pieces)
        guard case .startup(let first)? = events.first else {
            Issue.record("no startup")
            return
        }
        #expect(first == .start(version: 196_608, parameters: ["user": "ada", "database": "fund"]))
        #expect(
            messages(events) == [
                .query("select 1"), .parse(name: "s", query: "select $1", parameterTypes: [23]),
                .bind(portal: "", statement: "s", formats: [.binary], values: [[0, 0, 0, 7], nil], resultFormats: []),
                .describeStatement("s"), .execute(portal: "", rowLimit: 10), .sync, .terminate,
            ])
    }

    @Test("cut off anywhere give no message that was not whole") func truncated() {
        let whole = messages(events(session))
        for length in 0..<session.count {
            let events = events(Array(session[..<length]))
            #expect(failures(events).isEmpty)
            #expect(whole.starts(with: messages(events)))
        }
    }

    @Test("with any byte changed never crash") func flipped() {
        let bytes = session
        for index in bytes.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] where bytes[index] != value {
                var changed = bytes
                changed[index] = value
                _ = events(changed)
            }
        }
    }

    @Test("whose length lies end the session before anything is kept", arguments: [0, 3, 0x7FFF_FFFF, 0xFFFF_FFFF, (16 << 20) + 1])
    func lyingLength(length: Int) {
        var decoder = FrontendDecoder(isTrusted: { true })
        var buffer = ByteBuffer(bytes: start)
        _ = decoder.next(from: &buffer)
        buffer.writeBytes([UInt8(ascii: "Q")] + ClientBytes.int32(length))
        guard case .failure(let error, _)? = decoder.next(from: &buffer) else {
            Issue.record("no failure")
            return
        }
        #expect(error.state == .protocolViolation && error.isFatal)
        buffer.writeBytes(ClientBytes.message("S", []))
        #expect(decoder.next(from: &buffer) == nil, "a broken stream gives nothing more")
        #expect(buffer.readableBytes == 0, "and keeps nothing")
    }

    @Test("whose counts lie are refused", arguments: [
        ("B", ClientBytes.text("") + ClientBytes.text("") + ClientBytes.int16(0xFFFF)),
        ("B", ClientBytes.text("") + ClientBytes.text("") + ClientBytes.int16(0) + ClientBytes.int16(0xFFFF)),
        ("B", ClientBytes.text("") + ClientBytes.text("") + ClientBytes.int16(0) + ClientBytes.int16(1) + ClientBytes.int32(0x7FFF_FFFF)),
        ("B", ClientBytes.text("") + ClientBytes.text("") + ClientBytes.int16(0) + ClientBytes.int16(1) + ClientBytes.int32(0xFFFF_FFFE)),
        ("P", ClientBytes.text("") + ClientBytes.text("select 1") + ClientBytes.int16(9)),
        ("D", [UInt8(ascii: "S")]), ("D", [UInt8(ascii: "x")] + ClientBytes.text("s")),
        ("E", ClientBytes.text("")), ("Q", Array("no end".utf8)), ("Q", ClientBytes.text("a") + [1]), ("Z", []), ("F", []),
    ] as [(Character, [UInt8])])
    func lyingCounts(type: Character, body: [UInt8]) {
        let failures = failures(events(start + ClientBytes.message(type, body)))
        #expect(failures.count == 1 && failures[0].isFatal)
    }

    @Test("that are not UTF-8 fail alone") func notText() {
        let bytes = start + ClientBytes.message("Q", [0xFF, 0x00]) + ClientBytes.message("S", [])
        #expect(failures(events(bytes)).map(\.state) == [.characterNotInRepertoire])
        #expect(messages(events(bytes)) == [.sync])
    }

    @Test("of a client nobody knows yet are short") func untrusted() {
        let long = ClientBytes.message("p", [UInt8](repeating: 65, count: 20_000))
        #expect(failures(events(start + long, isTrusted: false)).count == 1)
        #expect(failures(events(start + long, isTrusted: true)).isEmpty)
    }

    @Test("behind a request for TLS in one piece end the session") func plainBytesBeforeTLS() {
        let request = ClientBytes.int32(8) + ClientBytes.int32(80_877_103)
        #expect(failures(events(request + start)).map(\.state) == [.protocolViolation])
        #expect(failures(events(request)).isEmpty)
    }

    @Test("to cancel have a number and a secret") func cancel() {
        let bytes = ClientBytes.int32(16) + ClientBytes.int32(80_877_102) + ClientBytes.int32(7) + ClientBytes.int32(99)
        guard case .startup(let message)? = events(bytes).first else {
            Issue.record("no message")
            return
        }
        #expect(message == .cancel(processID: 7, secret: 99))
    }

    @Test("of another protocol are refused", arguments: [131_072, 262_144])
    func otherVersion(version: Int) {
        let failures = failures(events(ClientBytes.startup([], version: UInt32(version))))
        #expect(failures.map(\.state) == [.notSupported])
    }

    @Test("that are a storm of chance bytes never crash", arguments: 1...20)
    func chance(seed: UInt64) {
        var generator = SeededBytes(seed: seed)
        let noise = (0..<4000).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        _ = events(start + noise, pieces: Int(seed))
        _ = events(noise, pieces: Int(seed))
    }
}

/// A generator whose numbers a seed decides (SplitMix64).
struct SeededBytes: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
