import Columns
import Planning

/// Instants and times of day. Both are timestamps here: of UTC, and of 1970-01-01.
///
/// What `timestamp with time zone` and `time` become: see Planning's `Binder+Moments`.
enum ZoneFunctions {
    static let all: [String: RowFunction] = [
        "zone local": zoned { (time, zone, _) throws(RowFailure) in .timestamp(zone.local(time)) },
        "zone moment": zoned { (time, zone, _) throws(RowFailure) in .timestamp(zone.instant(ofLocal: time)) },
        "zone shown": zoned { (time, zone, _) throws(RowFailure) in .text(shown(time, zone)) },
        "zone offset": RowFunction { (values, _, context) throws(RowFailure) in
            guard case .timestamp(let time) = values[0], case .text(let name) = values[1],
                case .integer(let unit) = values[2]
            else {
                return .null
            }
            if CivilTime.isInfinite(microseconds: time) { return .null }
            let seconds = try context.zone(name).secondsAhead(at: time)
            return .integer(unit == 60 ? seconds / 60 % 60 : seconds / unit)
        },
        "zone plus": RowFunction { (values, _, context) throws(RowFailure) in
            guard case .timestamp(var time) = values[0], case .interval(let distance) = values[1],
                case .integer(let sign) = values[2],
                case .text(let name) = values[3]
            else { return .null }
            if CivilTime.isInfinite(microseconds: time) { return values[0] }
            // Months and days are those of the zone's clocks, hours are hours.
            let zone = try context.zone(name)
            for part in [IntervalValue(months: distance.months), IntervalValue(days: distance.days)]
            where part.months != 0 || part.days != 0 {
                guard let moved = Temporal.adding(part, to: zone.local(time), sign: sign) else {
                    throw RowFailure(.outOfRange("timestamp"))
                }
                time = zone.instant(ofLocal: moved)
            }
            let rest = IntervalValue(microseconds: distance.microseconds)
            guard let moved = Temporal.adding(rest, to: time, sign: sign) else {
                throw RowFailure(.outOfRange("timestamp"))
            }
            return .timestamp(moved)
        },
        "zone read": RowFunction { (values, _, context) throws(RowFailure) in
            guard case .text(let text) = values[0], case .text(let name) = values[1] else { return .null }
            do throws(WrittenMoment.Problem) {
                let session = (try? context.zone(name)) ?? .utc
                return .timestamp(try WrittenMoment(trimmed(text)).instant(session: session))
            } catch .infinite(let isNegative) {
                return .timestamp(isNegative ? .min : .max)
            } catch {
                throw failure(error, "timestamp with time zone", text)
            }
        },
        "time of": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .timestamp(let time) = values[0], !CivilTime.isInfinite(microseconds: time) else { return .null }
            return .timestamp(withinDay(time))
        },
        "time of interval": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .interval(let interval) = values[0] else { return .null }
            // PostgreSQL counts the days to add beyond what its numbers hold, and gives some time or other.
            if interval.microseconds < -Int64.max + CivilTime.microsecondsPerDay { throw RowFailure(.outOfRange("interval")) }
            return .timestamp(withinDay(interval.microseconds))
        },
        "time interval": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .timestamp(let time) = values[0] else { return .null }
            return .interval(IntervalValue(microseconds: time))
        },
        "time plus": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .timestamp(let time) = values[0], case .interval(let distance) = values[1],
                case .integer(let sign) = values[2]
            else {
                return .null
            }
            return .timestamp(withinDay(time &+ sign &* (distance.microseconds % CivilTime.microsecondsPerDay)))
        },
        "time shown": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .timestamp(let time) = values[0] else { return .null }
            // The end of the day is a time of it.
            if time == CivilTime.microsecondsPerDay { return .text("24:00:00") }
            var bytes: [UInt8] = []
            ValueText.append(timestamp: time, to: &bytes)
            return .text(String(decoding: bytes.dropFirst("1970-01-01 ".utf8.count), as: UTF8.self))
        },
        "time read": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .text(let text) = values[0] else { return .null }
            do throws(WrittenMoment.Problem) {
                return .timestamp(try WrittenMoment.timeOfDay(trimmed(text)))
            } catch {
                throw failure(error, "time", text)
            }
        },
        "make_time": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .integer(let hour) = values[0], case .integer(let minute) = values[1],
                case .double(let second) = values[2]
            else {
                return .null
            }
            let time = (second * 1_000_000).rounded(.toNearestOrEven)
            guard (0...24).contains(hour), (0..<60).contains(minute), time >= 0, time <= 60_000_000 else {
                throw RowFailure("time field value out of range")
            }
            let whole = (hour * 60 + minute) * 60_000_000 + Int64(time)
            guard whole <= CivilTime.microsecondsPerDay else { throw RowFailure("time field value out of range") }
            return .timestamp(whole)
        },
    ]

    private static func zoned(
        _ body: @escaping @Sendable (Int64, ZoneRules, LogicalType) throws(RowFailure) -> ScalarValue
    ) -> RowFunction {
        RowFunction { (values, type, context) throws(RowFailure) in
            guard case .timestamp(let time) = values[0], case .text(let name) = values[1] else { return .null }
            return try body(time, try context.zone(name), type)
        }
    }

    private static func withinDay(_ time: Int64) -> Int64 {
        let rest = time % CivilTime.microsecondsPerDay
        return rest < 0 ? rest + CivilTime.microsecondsPerDay : rest
    }

    /// `2025-01-31 08:04:38+08`, with minutes and seconds of the zone where it has some.
    private static func shown(_ time: Int64, _ zone: ZoneRules) -> String {
        var bytes: [UInt8] = []
        ValueText.append(timestamp: zone.local(time), to: &bytes)
        if CivilTime.isInfinite(microseconds: time) { return String(decoding: bytes, as: UTF8.self) }
        let isBeforeChrist = bytes.suffix(3).elementsEqual(" BC".utf8)
        if isBeforeChrist { bytes.removeLast(3) }
        let seconds = zone.secondsAhead(at: time)
        bytes.append(seconds < 0 ? 0x2D : 0x2B)
        func append(_ number: UInt64) {
            bytes.append(UInt8(0x30 + number / 10 % 10))
            bytes.append(UInt8(0x30 + number % 10))
        }
        let ahead = UInt64(seconds.magnitude)
        append(ahead / 3600)
        if ahead % 3600 != 0 {
            bytes.append(0x3A)
            append(ahead / 60 % 60)
        }
        if ahead % 60 != 0 {
            bytes.append(0x3A)
            append(ahead % 60)
        }
        if isBeforeChrist { bytes.append(contentsOf: " BC".utf8) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func trimmed(_ text: String) -> ArraySlice<UInt8> {
        var bytes = Array(text.utf8)[...]
        while let first = bytes.first, ValueReader.isBlank(first) { bytes = bytes.dropFirst() }
        while let last = bytes.last, ValueReader.isBlank(last) { bytes = bytes.dropLast() }
        return bytes
    }

    private static func failure(_ problem: WrittenMoment.Problem, _ type: String, _ text: String) -> RowFailure {
        switch problem {
        case .outOfRange: RowFailure("date/time field value out of range: \"\(text.prefix(64))\"")
        case .unknownZone(let zone): RowFailure("time zone \"\(zone.prefix(64))\" not recognized")
        case .syntax, .infinite: RowFailure("invalid input syntax for type \(type): \"\(text.prefix(64))\"")
        }
    }
}
