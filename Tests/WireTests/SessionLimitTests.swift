import Foundation
import Testing
import Wire

/// What one client can take from the others, and from the server.
@Suite("Limits of sessions")
struct SessionLimitTests {
    private func types(_ messages: [ServerMessage]) -> String { String(messages.map(\.type)) }
    private func state(_ messages: [ServerMessage]) -> String? { messages.first { $0.type == "E" }?.fields["C"] }
    private func value(_ messages: [ServerMessage]) -> String? { messages.first { $0.type == "D" }?.texts.first ?? nil }

    @Test("many small results wait for a client that does not read, and all come once it does", arguments: [true, false])
    func pipelined(isSimple: Bool) throws {
        let client = try TestClient(TestServer(), receiveSize: 16 << 10)
        try client.setReading(false)
        let query = "select '" + String(repeating: "x", count: 16_000) + "'"
        let once =
            isSimple
            ? ClientBytes.message("Q", ClientBytes.text(query))
            : ClientBytes.parse(query) + ClientBytes.bind() + ClientBytes.execute() + ClientBytes.message("S", [])
        for _ in 0..<400 { client.post(once) }
        // Another session is served meanwhile, and by then this one's answers have filled what there is for them.
        let other = try TestClient(TestServer())
        for _ in 0..<20 { #expect(types(try other.query("select 1")) == "TDCZ") }
        try client.setReading(true)
        for _ in 0..<400 {
            let messages = try client.untilReady()
            #expect(messages.count { $0.type == "D" } == 1)
        }
    }

    @Test("rows kept for later count with their texts, in cursors and in portals") func keptRows() throws {
        let client = try TestClient(TestServer { $0.keptByteLimit = 1 << 20 })
        let large = "select repeat('x', 600000 + n) from generate_series(1, 1) g(n)"
        _ = try client.query("begin; declare a cursor for \(large)")
        #expect(state(try client.query("declare b cursor for \(large)")) == "54000")
        _ = try client.query("rollback; begin")
        func portal(_ name: String) throws -> [ServerMessage] {
            try client.exchange(
                ClientBytes.parse(large + " union all select ''"), ClientBytes.bind(portal: name),
                ClientBytes.execute(name, limit: 1))
        }
        #expect(types(try portal("one")).contains("s"))
        #expect(state(try portal("two")) == "54000")
    }

    @Test("many statements of one text wait for their client too") func manyStatements() throws {
        let client = try TestClient(TestServer(), receiveSize: 16 << 10)
        try client.setReading(false)
        let query = "select (select string_agg('xxxxxxxxxxxxxxxx', '') from generate_series(1, 1000));"
        client.post(ClientBytes.message("Q", ClientBytes.text(String(repeating: query, count: 400))))
        try client.setReading(true)
        #expect(try client.untilReady().count { $0.type == "D" } == 400)
    }

    @Test("who says nothing takes no place of those who do, and the oldest goes first") func strangers() throws {
        let server = try TestServer {
            $0.clientLimit = 2
            $0.strangerLimit = 3
        }
        let first = try TestClient(server)
        let silent = try (0..<8).map { _ in try TestClient(server, starts: false) }
        var polls = 0
        while silent.count(where: \.isClosed) < 5, polls < 6000 {
            polls += 1
            Thread.sleep(forTimeInterval: 0.01)
        }
        #expect(silent.count(where: \.isClosed) == 5)
        let second = try TestClient(server)
        for client in [first, second] { #expect(types(try client.query("select 1")) == "TDCZ") }
    }

    @Test("who does not say who it is goes in time") func authenticationTimeout() throws {
        let server = try TestServer { $0.authenticationSeconds = 0.1 }
        let (known, silent) = (try TestClient(server), try TestClient(server, starts: false))
        try silent.untilClosed()
        #expect(types(try known.query("select 1")) == "TDCZ")
    }

    @Test("a wrong password takes no place, and is told to the log without it") func wrongPassword() throws {
        let log = LogProbe()
        let server = try TestServer {
            $0.clientLimit = 1
            $0.credentials = { Credentials(byUser: ["ada": "sesame"]) }
            $0.log = { log.append($0) }
        }
        let client = try TestClient(server, starts: false)
        client.send(ClientBytes.startup([("user", "ada\nx")]))
        #expect(try client.next().type == "R")
        #expect(server.server.clientCount == 0)
        client.send(ClientBytes.message("p", ClientBytes.text("secret-word")))
        #expect(try client.next().fields["S"] == "FATAL")
        try client.untilClosed()
        #expect(log.lines.count == 1 && log.lines.allSatisfy { $0.contains(" from 127.0.0.1:") && $0.contains(", ada?x: error 08P01") }, "\(log.lines)")
    }

    @Test("after an error a simple query is passed over too, up to Sync") func skippedQuery() throws {
        let client = try TestClient(TestServer())
        let messages = try client.exchange(ClientBytes.parse("select nothing"), ClientBytes.message("Q", ClientBytes.text("select 1")))
        #expect(types(messages) == "EZ")
        #expect(types(try client.query("select 1")) == "TDCZ")
    }

    @Test("a rollback takes settings back, a commit those of the block") func settings() throws {
        let client = try TestClient(TestServer())
        func shown(_ name: String) throws -> String? { value(try client.query("show \(name)")) }
        _ = try client.query("set application_name = 'a'; set statement_timeout = '9s'")
        _ = try client.query("begin; set application_name = 'b'; set statement_timeout = '5s'; set own.x = 'y'")
        #expect(try shown("statement_timeout") == "5s")
        let ended = try client.query("rollback")
        #expect(ended.contains { $0.type == "S" && $0.description.contains("application_name.a") }, "\(ended)")
        #expect(try shown("application_name") == "a")
        #expect(try shown("statement_timeout") == "9s")
        #expect(state(try client.query("show own.x")) == "42704")

        _ = try client.query("begin; set application_name = 'c'; set local application_name = 'd'; set local statement_timeout = '1s'")
        #expect(try shown("application_name") == "d")
        #expect(try shown("statement_timeout") == "1s")
        _ = try client.query("commit")
        #expect(try shown("application_name") == "c")
        #expect(try shown("statement_timeout") == "9s")

        _ = try client.query("begin; savepoint s; set application_name = 'e'; set statement_timeout = '2s'; rollback to s")
        #expect(try shown("application_name") == "c")
        #expect(try shown("statement_timeout") == "9s")
        _ = try client.query("set statement_timeout = '3s'; select nothing")
        _ = try client.query("commit")
        #expect(try shown("statement_timeout") == "9s", "a block with an error ends as by rollback")
        let outside = try client.query("set local application_name = 'f'")
        #expect(types(outside) == "NCZ" && outside.first?.fields["C"] == "25P01")
        #expect(try shown("application_name") == "c")
    }

    @Test("settings have a size") func sizes() throws {
        let client = try TestClient(TestServer())
        #expect(state(try client.query("set own.x = '\(String(repeating: "x", count: 5000))'")) == "54000")
        #expect(types(try client.query("set application_name = '\(String(repeating: "x", count: 5000))'")) == "SCZ")
        #expect(value(try client.query("show application_name"))?.count == 63)
        let many = (0..<200).map { "set own.x\($0) = 'y'" }.joined(separator: ";")
        #expect(state(try client.query(many)) == "54000")
    }

    @Test("what a session holds has a size") func held() throws {
        let client = try TestClient(TestServer())
        let value = [UInt8](repeating: 0x78, count: 15 << 20)
        _ = try client.query("begin")
        _ = try client.exchange(ClientBytes.parse("select $1::text", name: "s"))
        let states = try (0..<5).map { number in
            state(try client.exchange(ClientBytes.bind(bytes: [value], portal: "p\(number)", statement: "s", formats: [], results: [])))
        }
        #expect(states == [nil, nil, nil, nil, "54000"])
        #expect(types(try client.query("rollback")) == "CZ")
    }

    @Test("names of this machine are its own", arguments: [
        ("127.0.0.1", true), ("localhost", true), ("LOCALHOST", true), ("::1", true), ("127.8.9.1", true), ("0.0.0.0", false), ("::", false),
        ("localhost.example.org", false), ("127.0.0.1.example.org", false), ("128.0.0.1", false), ("", false),
    ])
    func loopback(host: String, isLoopback: Bool) {
        #expect(LoopbackAddress.isLoopback(host) == isLoopback)
        #expect(LoopbackAddress.resolved("localhost") == "127.0.0.1")
    }

    @Test("lines of a password file", arguments: [
        ("sesame", "sesame"), ("sesame\n", "sesame"), ("sesame\r\n", "sesame"), ("\n# all\n\nada:sesame\n", "sesame"), ("ada:a:b\n", "a:b"),
        ("ada: sesame \n", " sesame "), (":sesame\n", nil), ("ada:\n", nil), ("\n", nil), ("ada:x\nada:y\n", nil), ("x\ny\n", nil), ("ada:é\n", nil),
    ] as [(String, String?)])
    func passwords(text: String, secret: String?) {
        #expect((try? Credentials(text: text))?.secrets(of: "ada").first == secret)
    }
}
