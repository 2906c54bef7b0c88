import Columns
import Engine
import Foundation
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

    @Test("a cursor is a portal: it is described and closed as one, and listed") func cursorsAsPortals() throws {
        let client = try TestClient(TestServer())
        #expect(types(try client.query("begin")) == "CZ")
        let declared = try client.exchange(
            ClientBytes.parse("declare \"named\" no scroll cursor with hold for select n, 'x' as t from generate_series(1, $1::integer) g(n)"),
            ClientBytes.bind(["3"]), ClientBytes.execute())
        #expect(tags(declared) == ["DECLARE CURSOR"])
        let described = try client.exchange(ClientBytes.describe(portal: "named"))
        #expect(types(described) == "TZ" && described[0].description.contains("n."))
        #expect(try client.query("select name, is_holdable from pg_catalog.pg_cursors")[1].texts == ["named", "t"])
        #expect(types(try client.query("commit")) == "CZ")
        let rest = try client.query("fetch forward 2 from \"named\"; fetch all from \"named\"")
        #expect(rest.filter { $0.type == "D" }.map(\.texts) == [["1", "x"], ["2", "x"], ["3", "x"]])
        #expect(types(try client.exchange(ClientBytes.message("C", [UInt8(ascii: "P")] + ClientBytes.text("named")))) == "3Z")
        #expect(state(try client.exchange(ClientBytes.describe(portal: "named"))) == "34000")
    }

    @Test("transaction modes stand in any order", arguments: [
        ("begin isolation level serializable read only", nil), ("begin isolation level repeatable read, read only, deferrable", nil),
        ("start transaction isolation level read committed read only not deferrable", nil), ("begin read only isolation level read uncommitted", nil),
        ("begin isolation level read only", "42601"), ("begin isolation level serializable read write", "25006"), ("begin isolation level read read only", "42601"),
    ] as [(String, String?)])
    func modes(statement: String, expected: String?) throws {
        #expect(state(try TestClient(TestServer()).query(statement)) == expected)
    }

    @Test("dates pass over a zone, moments are told by the clocks of the session") func zones() throws {
        let client = try TestClient(TestServer())
        func value(_ type: Int, _ text: String, cast: String) throws -> String? {
            let messages = try client.exchange(
                ClientBytes.parse("select $1\(cast)", types: [type]), ClientBytes.bind([text]), ClientBytes.execute())
            return messages.first { $0.type == "D" }?.texts[0] ?? state(messages)
        }
        #expect(try value(0, "1990-01-01 +00", cast: "::date") == "1990-01-01")
        #expect(try value(1082, "1990-01-01 -05:30", cast: "") == "1990-01-01")
        #expect(try value(1114, "2025-01-31 08:00:00+08", cast: "") == "2025-01-31 08:00:00")
        #expect(try value(1184, "2025-01-31 08:00:00.5+08", cast: "") == "2025-01-31 00:00:00.5")
        #expect(try value(1184, "2025-01-31 08:00:00", cast: "") == "2025-01-31 08:00:00")
        #expect(try value(1184, "2025-01-31 08:00:00+nowhere", cast: "") == "22P02")
        if FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/Asia/Shanghai") { try shanghai(client) { try value($0, $1, cast: $2) } }
        _ = try client.query("set time zone 'Nowhere/Land'")
        #expect(try value(1184, "2025-01-31 08:00:00Z", cast: "") == "0A000")
        _ = try client.query("set time zone -7")
        #expect(try value(1184, "2025-01-31 08:00:00Z", cast: "") == "2025-01-31 01:00:00")
    }

    private func shanghai(_ client: TestClient, _ value: (Int, String, String) throws -> String?) throws {
        #expect(types(try client.query("set time zone 'Asia/Shanghai'")) == "SCZ")
        #expect(try value(1184, "2025-01-31 08:00:00Z", "") == "2025-01-31 16:00:00")
        #expect(try value(1184, "2025-01-31", "") == "2025-01-31 00:00:00")
        // Clocks there stood an hour ahead in that summer.
        #expect(try value(1184, "1988-07-01 00:00:00+00", "") == "1988-07-01 09:00:00")
        let binary = try client.exchange(
            ClientBytes.parse("select $1", types: [1184]), ClientBytes.bind(bytes: [[0, 0, 0, 0, 0, 0, 0, 0]], formats: [1], results: []),
            ClientBytes.execute())
        #expect(binary.first { $0.type == "D" }?.texts == ["2000-01-01 08:00:00"])
    }

    @Test("the time of a statement and the user are known, with data too") func timeAndUser() throws {
        let client = try TestClient(TestServer())
        #expect(try client.query("select user, current_user, current_catalog, current_schema, count(*) from generate_series(1, 2)")[1].texts == ["ada", "ada", "fund", "public", "2"])
        #expect(try client.query("select user")[0].description.contains("user."))
        #expect(try client.query("select now() = current_timestamp, now()::date = current_date, localtimestamp = now()")[1].texts == ["t", "t", "t"])
        #expect(try client.query("select extract(hour from now() - now()), now() > '2024-01-01'")[1].texts == ["0", "t"])
        let described = try client.exchange(ClientBytes.parse("select now()", name: "n"), ClientBytes.describe(statement: "n"))
        #expect(types(described) == "1tTZ")
        #expect(state(try client.query("select current_time")) == "0A000")
    }

    @Test("texts travel in the client's encoding", arguments: [("GBK", [0xD2, 0xBD]), ("GB18030", [0xD2, 0xBD]), ("UTF8", [0xE5, 0x8C, 0xBB])] as [(String, [UInt8])])
    func encodings(name: String, doctor: [UInt8]) throws {
        let client = try TestClient(TestServer(), starts: false)
        client.send(ClientBytes.startup([("user", "ada"), ("client_encoding", name)]))
        #expect(try client.untilReady().contains { $0.type == "S" && $0.description == "S client_encoding.\(name)." })
        let quoted = [UInt8(ascii: "'")] + doctor + [UInt8(ascii: "'")]
        client.send(ClientBytes.message("Q", Array("select ".utf8) + quoted + Array(" as \"".utf8) + doctor + Array("\", length(".utf8) + quoted + Array(")\0".utf8)))
        let simple = try client.untilReady()
        #expect(simple.first { $0.type == "D" }?.values == [doctor, [UInt8(ascii: "1")]])
        #expect(simple.first { $0.type == "T" }?.body.dropFirst(2).prefix(doctor.count).elementsEqual(doctor) == true)
        let bound = try client.exchange(
            ClientBytes.parse("select $1::text, $2::integer"), ClientBytes.bind(bytes: [doctor, Array("-1".utf8)], formats: [0, 0], results: [1, 1]),
            ClientBytes.execute())
        #expect(bound.first { $0.type == "D" }?.values == [doctor, [0xFF, 0xFF, 0xFF, 0xFF]])
        client.send(ClientBytes.message("Q", Array("select '".utf8) + [0xFF, 0xFF] + Array("'\0".utf8)))
        #expect(state(try client.untilReady()) == "22021")
        #expect(try client.query("show client_encoding")[1].texts == [name])
    }

    @Test("a character that the client's encoding has not is an error, and the session goes on") func untranslatable() throws {
        let client = try TestClient(TestServer())
        #expect(types(try client.query("set client_encoding to 'GBK'")) == "SCZ")
        let messages = try client.query("select chr(8364 + 119900), 'a'")
        #expect(state(messages) == "22P05" && !types(messages).contains("D"))
        #expect(types(try client.query("select 'a'")) == "TDCZ")
        #expect(types(try client.query("set names 'UTF8'")) == "SCZ")
        #expect(state(try client.query("set client_encoding to 'LATIN1'")) == "0A000")
    }

    @Test("a table may stand behind the name of its database") func databaseNames() throws {
        let server = try TestServer { options in
            options.engine.knownTables["claims"] = Schema([Field(name: "claim_id", type: .text)])
        }
        let client = try TestClient(server)
        #expect(types(try client.query("explain select count(*) from fund.public.claims")).contains("D"))
        #expect(state(try client.query("select count(*) from other.public.claims")) == "0A000")
        #expect(try client.query("select count(*) from fund.pg_catalog.pg_class where relname = 'claims'")[1].texts == ["1"])
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
        #expect(try a.query("show statement_timeout")[1].texts == ["5s"])
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
