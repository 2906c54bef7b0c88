import Testing
import Wire

/// Conversations with a server, message by message.
@Suite("Conversations")
struct ProtocolTests {
    private func types(_ messages: [ServerMessage]) -> String { String(messages.map(\.type)) }

    private func state(_ messages: [ServerMessage]) -> String? { messages.first { $0.type == "E" }?.fields["C"] }

    private func tags(_ messages: [ServerMessage]) -> [String] {
        messages.filter { $0.type == "C" }.map { String(decoding: $0.body.dropLast(), as: UTF8.self) }
    }

    @Test("the beginning tells settings, a key and readiness") func beginning() throws {
        let server = try TestServer()
        let client = try TestClient(server, starts: false)
        client.send(ClientBytes.startup([("user", "ada"), ("application_name", "test")]))
        let messages = try client.untilReady()
        #expect(messages.first == ServerMessage(type: "R", body: [0, 0, 0, 0]))
        #expect(messages.contains { $0.type == "S" && $0.description.contains("server_version.15.") })
        #expect(messages.contains { $0.type == "S" && $0.description.contains("application_name.test") })
        #expect(messages.suffix(2).map(\.type) == ["K", "Z"])
    }

    @Test("requests for encryption are declined in plain words") func encryption() throws {
        let server = try TestServer()
        let client = try TestClient(server, starts: false)
        client.send(ClientBytes.int32(8) + ClientBytes.int32(80_877_103))
        try client.skip(byte: UInt8(ascii: "N"))
        client.send(ClientBytes.startup([("user", "ada")]))
        #expect(try client.untilReady().last?.body == [UInt8(ascii: "I")])
    }

    @Test("a simple query gives all its statements") func simple() throws {
        let client = try TestClient(TestServer())
        #expect(types(try client.query("select 1; select 'a' where false;; ")) == "TDCTCZ")
        #expect(types(try client.query(" -- nothing")) == "IZ")
        #expect(tags(try client.query("begin; set application_name = 'x'; commit")) == ["BEGIN", "SET", "COMMIT"])
        #expect(state(try client.query("select 1; selec 2")) == "42601")
    }

    @Test("a statement is prepared once and run with values") func prepared() throws {
        let client = try TestClient(TestServer())
        let described = try client.exchange(
            ClientBytes.parse("select $1 + 1 as n, $2::text, $3::date", name: "s"), ClientBytes.describe(statement: "s"))
        #expect(types(described) == "1tTZ")
        #expect(described[1].body == ClientBytes.int16(3) + ClientBytes.int32(23) + ClientBytes.int32(25) + ClientBytes.int32(1082))
        for (number, word) in [("41", "a"), ("-1", nil)] as [(String, String?)] {
            let run = try client.exchange(ClientBytes.bind([number, word, "2025-01-31"], statement: "s"), ClientBytes.execute())
            #expect(types(run) == "2DCZ")
            #expect(run[1].texts == [String((Int(number) ?? 0) + 1), word, "2025-01-31"])
        }
        #expect(state(try client.exchange(ClientBytes.bind(["x", "a", nil], statement: "s"), ClientBytes.execute())) == "22P02")
        #expect(state(try client.exchange(ClientBytes.bind(["1"], statement: "s"))) == "08P01")
        #expect(state(try client.exchange(ClientBytes.parse("select 1", name: "s"))) == "42P05")
        #expect(types(try client.exchange(ClientBytes.message("C", [UInt8(ascii: "S")] + ClientBytes.text("s")))) == "3Z")
        #expect(state(try client.exchange(ClientBytes.bind(statement: "s"))) == "26000")
    }

    @Test("values travel in binary both ways") func binary() throws {
        let client = try TestClient(TestServer())
        let numeric: [UInt8] = [0, 2, 0, 0, 0, 0, 0, 2, 0, 12, 0x13, 0x88]
        let messages = try client.exchange(
            ClientBytes.parse("select $1, $2, $3, $4::boolean", types: [20, 1700, 1114, 16]),
            ClientBytes.bind(
                bytes: [[0, 0, 0, 0, 0, 0, 0, 7], numeric, [0, 0, 0, 0, 0, 0, 0, 0], nil], formats: [1], results: [1, 1, 0, 1]),
            ClientBytes.execute())
        let row = try #require(messages.first { $0.type == "D" })
        #expect(row.values == [[0, 0, 0, 0, 0, 0, 0, 7], numeric, Array("2000-01-01 00:00:00".utf8), nil])
    }

    @Test("binary values that are none are refused", arguments: [(20, [1, 2]), (1700, [0]), (1082, [0x7F, 0xFF, 0xFF, 0xFE]), (25, [0xFF])] as [(Int, [UInt8])])
    func malformedBinary(type: Int, bytes: [UInt8]) throws {
        let client = try TestClient(TestServer())
        let messages = try client.exchange(
            ClientBytes.parse("select $1", types: [type]), ClientBytes.bind(bytes: [bytes], formats: [1], results: []),
            ClientBytes.execute())
        #expect(state(messages)?.hasPrefix("22") == true, "\(messages)")
    }

    @Test("arrays stand behind any and all") func arrays() throws {
        let client = try TestClient(TestServer())
        let query = "select n from generate_series(1, 5) g(n) where n = any($1) order by 1"
        let messages = try client.exchange(ClientBytes.parse(query), ClientBytes.describe(), ClientBytes.bind(["{2,5,9}"]), ClientBytes.execute())
        #expect(messages[1].body == ClientBytes.int16(1) + ClientBytes.int32(1007))
        #expect(messages.filter { $0.type == "D" }.map(\.texts) == [["2"], ["5"]])
        let none = try client.exchange(ClientBytes.bind(["{}"]), ClientBytes.execute())
        #expect(tags(none) == ["SELECT 0"])
    }

    @Test("a portal gives its rows in parts") func portals() throws {
        let client = try TestClient(TestServer())
        #expect(types(try client.query("begin")) == "CZ")
        let first = try client.exchange(
            ClientBytes.parse("select n from generate_series(1, 5) g(n)"), ClientBytes.bind(portal: "p"), ClientBytes.execute("p", limit: 2))
        #expect(types(first) == "12DDsZ")
        #expect(types(try client.exchange(ClientBytes.execute("p", limit: 2))) == "DDsZ")
        let last = try client.exchange(ClientBytes.execute("p", limit: 2))
        #expect(types(last) == "DCZ" && tags(last) == ["SELECT 1"])
        #expect(tags(try client.exchange(ClientBytes.execute("p", limit: 2))) == ["SELECT 0"])
        #expect(types(try client.query("commit")) == "CZ")
        #expect(state(try client.exchange(ClientBytes.execute("p"))) == "34000", "a portal ends with its transaction")
    }

    @Test("cursors give their rows in parts") func cursors() throws {
        let client = try TestClient(TestServer())
        #expect(state(try client.query("declare c cursor for select 1")) == "25P01")
        let messages = try client.query(
            "begin; declare c no scroll cursor for select n from generate_series(1, 5) g(n); fetch 2 from c; move 1 in c; fetch forward all from c; fetch c; commit")
        #expect(tags(messages) == ["BEGIN", "DECLARE CURSOR", "FETCH 2", "MOVE 1", "FETCH 2", "FETCH 0", "COMMIT"])
        #expect(messages.filter { $0.type == "D" }.map(\.texts) == [["1"], ["2"], ["4"], ["5"]])
        #expect(state(try client.query("fetch c")) == "34000")
    }

    @Test("after an error everything up to Sync is passed over") func skipping() throws {
        let client = try TestClient(TestServer())
        let messages = try client.exchange(
            ClientBytes.parse("select nothing"), ClientBytes.bind(), ClientBytes.execute(), ClientBytes.parse("select 1"))
        #expect(types(messages) == "EZ" && state(messages) == "42703")
        #expect(types(try client.exchange(ClientBytes.parse("select 1"), ClientBytes.bind(), ClientBytes.execute())) == "12DCZ")
    }

    @Test("a transaction block with an error takes nothing but its end") func failedBlock() throws {
        let client = try TestClient(TestServer())
        #expect(try client.query("begin").last?.body == [UInt8(ascii: "T")])
        #expect(try client.query("select nothing").last?.body == [UInt8(ascii: "E")])
        #expect(state(try client.query("select 1")) == "25P02")
        #expect(state(try client.exchange(ClientBytes.parse("select 1"))) == "25P02")
        #expect(tags(try client.query("commit")) == ["ROLLBACK"])
        #expect(try client.query("select 1").last?.body == [UInt8(ascii: "I")])
    }

    @Test("sessions are independent of each other") func sessions() throws {
        let server = try TestServer()
        let (a, b) = (try TestClient(server), try TestClient(server))
        _ = try a.query("begin; set statement_timeout = '5s'")
        #expect(try b.query("show statement_timeout")[1].texts == ["0"])
        #expect(try a.query("show statement_timeout")[1].texts == ["5000ms"])
        #expect(a.key != b.key && a.key.count == 8)
    }

    @Test("one client too many is told so") func tooMany() throws {
        let server = try TestServer { $0.clientLimit = 1 }
        let first = try TestClient(server)
        let second = try TestClient(server, starts: false)
        second.send(ClientBytes.startup([("user", "ada")]))
        #expect(try second.next().fields["C"] == "53300")
        #expect(types(try first.query("select 1")) == "TDCZ")
    }

    @Test("a client that breaks the protocol is told, and the others go on", arguments: [
        [UInt8(ascii: "Q"), 0x7F, 0xFF, 0xFF, 0xFF], [UInt8(ascii: "!"), 0, 0, 0, 4], [UInt8(ascii: "B"), 0, 0, 0, 5, 0], [0, 0, 0, 0, 0],
    ] as [[UInt8]])
    func broken(bytes: [UInt8]) throws {
        let server = try TestServer()
        let (good, bad) = (try TestClient(server), try TestClient(server))
        bad.send(bytes)
        let last = try bad.next()
        #expect(last.fields["C"] == "08P01" && last.fields["S"] == "FATAL")
        #expect(throws: TestClient.Silence.self) { try bad.next() }
        #expect(types(try good.query("select 1")) == "TDCZ")
    }

    @Test("more rows than a client takes wait for it") func backpressure() throws {
        let client = try TestClient(TestServer())
        let messages = try client.query("select n, 'a text that takes some room ' || n from generate_series(1, 50000) g(n)")
        #expect(messages.count { $0.type == "D" } == 50_000 && tags(messages) == ["SELECT 50000"])
    }

    @Test("without its secret a session is not cancelled") func cancelling() throws {
        let server = try TestServer()
        let client = try TestClient(server)
        let other = try TestClient(server, starts: false)
        other.send(ClientBytes.int32(16) + ClientBytes.int32(80_877_102) + Array(client.key[..<4]) + ClientBytes.int32(1))
        #expect(types(try client.query("select 1")) == "TDCZ")
    }
}
