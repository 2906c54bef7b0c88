import Columns
import Testing

@Suite("Zone rules")
struct ZoneRulesTests {
    private static let hour: Int64 = 3_600_000_000

    private static func moment(_ text: String) throws -> Int64 {
        try WrittenMoment(Array(text.utf8)).instant(session: .utc)
    }

    @Test(
        "names, abbreviations and forms of POSIX lead to the offsets PostgreSQL has",
        arguments: [
            ("UTC", 0), ("Asia/Shanghai", 8), ("asia/shanghai", 8), ("CST", -6), ("jst", 9), ("UTC+8", -8),
            ("+08:00", -8), ("-08", 8),
            ("<+08>-08", 8), ("=28800", 8), ("Etc/GMT+3", -3),
        ] as [(String, Int64)])
    func offsets(name: String, hours: Int64) throws {
        let zone = try #require(ZoneRules(atTimeZone: name))
        let moment = try Self.moment("2024-01-15 12:00")
        #expect(zone.secondsAhead(at: moment) == hours * 3600)
    }

    @Test(
        "names that the list of zones leaves out are found in any case, too",
        .enabled(if: ZoneRules(named: "US/Pacific") != nil, "the zone database has no older names"))
    func olderName() throws {
        let zone = try #require(ZoneRules(atTimeZone: "us/pacific"))
        #expect(zone.secondsAhead(at: try Self.moment("2024-01-15 12:00")) == -8 * 3600)
    }

    @Test("a name of nothing is no zone", arguments: ["", "Mars", "Mars/Phobos", "=x", "+99"])
    func unknown(name: String) { #expect(ZoneRules(atTimeZone: name) == nil) }

    /// Pairs of what clocks show and the moment in UTC. Source: PostgreSQL 15, `timestamp '…' at time zone 'America/New_York'`.
    @Test(
        "of a time that clocks show twice the later moment counts, and one that they skip is read by what they showed before",
        arguments: [
            ("2024-03-10 01:59:59", "2024-03-10 06:59:59"), ("2024-03-10 02:30", "2024-03-10 07:30"),
            ("2024-03-10 03:00", "2024-03-10 07:00"), ("2024-11-03 00:59", "2024-11-03 04:59"),
            ("2024-11-03 01:30", "2024-11-03 06:30"), ("2024-11-03 02:00", "2024-11-03 07:00"),
            ("2024-07-01 00:00", "2024-07-01 04:00"),
        ])
    func transitions(local: String, universal: String) throws {
        let zone = try #require(ZoneRules(atTimeZone: "America/New_York"))
        let (shown, expected) = (try Self.moment(local), try Self.moment(universal))
        #expect(zone.instant(ofLocal: shown) == expected)
    }

    @Test("what clocks show leads back to the moment, but for the hour shown twice") func roundTrip() throws {
        let zone = try #require(ZoneRules(atTimeZone: "Europe/Berlin"))
        let start = try Self.moment("2024-03-25 00:00")
        let twice = try Self.moment("2024-10-27 00:00")..<(try Self.moment("2024-10-27 01:00"))
        for step in 0..<(24 * 250) {
            let moment = start + Int64(step) * Self.hour
            let expected = twice.contains(moment) ? moment + Self.hour : moment
            #expect(zone.instant(ofLocal: zone.local(moment)) == expected)
        }
    }

    @Test("infinite moments stay so") func infinite() throws {
        let zone = try #require(ZoneRules(atTimeZone: "Asia/Shanghai"))
        for moment in [Int64.min, .max] {
            #expect(zone.local(moment) == moment)
            #expect(zone.instant(ofLocal: moment) == moment)
        }
    }

    @Test(
        "a text's own zone counts, its absence means the session's",
        arguments: [
            ("2024-01-01 10:00:00+08", 2), ("2024-01-01 10:00-0300", 13), ("2024-01-01T10:00Z", 10),
            ("2024-01-01 10:00 PST", 18),
            ("2024-01-01 10:00 America/New_York", 15), ("2024-01-01 10:00", 9), ("January 1, 2024 10:00 AM +02:00", 8),
        ] as [(String, Int64)])
    func texts(text: String, hour: Int64) throws {
        let session = ZoneRules(secondsAhead: 3600)
        let moment = try WrittenMoment(Array(text.utf8)).instant(session: session)
        let midnight = try Self.moment("2024-01-01 00:00")
        #expect(moment == midnight + hour * Self.hour)
    }

    @Test(
        "times of day",
        arguments: [
            ("10:20", 37_200), ("10:20:30", 37_230), ("102030", 37_230), ("10:20 PM", 80_400), ("24:00", 86_400),
            ("2024-01-01 00:01", 60),
        ])
    func times(text: String, seconds: Int) throws {
        let time = try WrittenMoment.timeOfDay(Array(text.utf8))
        #expect(time == Int64(seconds) * 1_000_000)
    }

    @Test("no times of day", arguments: ["", "noon", "25:00", "10:61", "2024-01-01"])
    func noTimes(text: String) {
        #expect(throws: WrittenMoment.Problem.self) { try WrittenMoment.timeOfDay(Array(text.utf8)) }
    }
}
