import Columns
import Engine
import NIOCore
import Planning

/// Values that clients bind to `$1` and so on.
enum ParameterDecoder {
    /// The engine's type for a type that a client declares; nil for 0 and `unknown`, which leave it to the query.
    ///
    /// - Throws: `0A000` for a type the engine has nothing for.
    static func type(declared oid: UInt32) throws -> ParameterType? {
        if oid == 0 || oid == WireType.unknown.oid { return nil }
        let type = WireType(oid: oid, size: -1)
        if let element = type.element, let logical = logicalType(element.oid) { return ParameterType(logical, isArray: true) }
        guard let logical = logicalType(oid) else {
            throw WireError(
                .notSupported, "parameters of type \(TypeNaming.name(type)) are not supported")
        }
        return ParameterType(logical)
    }

    private static func logicalType(_ oid: UInt32) -> LogicalType? {
        switch oid {
        case WireType.boolean.oid: .boolean
        case WireType.smallint.oid, WireType.integer.oid: .integer
        case WireType.bigint.oid, WireType.objectID.oid: .bigint
        case WireType.real.oid, WireType.double.oid: .double
        case WireType.numeric.oid: .numeric(precision: 38, scale: 0)
        case WireType.text.oid, WireType.name.oid, 1043, 1042, WireType.character.oid, WireType.unknown.oid: .text
        case WireType.date.oid: .date
        // A moment becomes what clocks of the session's zone show.
        case WireType.timestamp.oid, WireType.timestampWithZone.oid: .timestamp
        case WireType.interval.oid: .interval
        default: nil
        }
    }

    /// What a client is told of a parameter; one it declared stays as declared.
    static func wireType(_ type: ParameterType, declared oid: UInt32) -> WireType {
        if oid != 0, oid != WireType.unknown.oid { return WireType(oid: oid, size: -1) }
        let element = WireType(oid: WireType(type.element).oid, size: -1)
        return type.isArray ? element.array : element
    }

    /// The value for the engine.
    ///
    /// - Parameter zone: That of the session; nil for one that the server does not know.
    /// - Throws: `22P03` for bytes that are no value of the type, `22021` for a text that is not UTF-8.
    static func value(_ bound: BoundValue, zone: ZoneRules? = .utc) throws -> ParameterValue {
        guard let type = try self.type(declared: bound.type.oid) else {
            throw WireError(.undeterminedType, "could not determine the type of a parameter")
        }
        guard let bytes = bound.bytes else { return .value(.null, type) }
        if type.isArray {
            return .items(try bound.format == .binary ? binaryItems(bytes) : textItems(bytes))
        }
        if bound.type.oid == WireType.timestampWithZone.oid {
            guard let zone else {
                throw WireError(.notSupported, "a parameter with a time zone: the session's TimeZone is not known here", hint: "set TimeZone to UTC")
            }
            let moment = bound.format == .binary ? try binaryMoment(bytes) : try textMoment(try text(bytes), zone)
            return .value(.timestamp(try inRange(moment.isLocal ? moment.time : zone.local(moment.time))), type)
        }
        if bound.format == .text { return .text(try text(bytes), type) }
        return .value(try binary(bytes, oid: bound.type.oid), type)
    }

    static func text(_ bytes: [UInt8]) throws -> String {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw WireError(.characterNotInRepertoire, "invalid byte sequence for encoding \"UTF8\"")
        }
        return text
    }

    private static func binaryMoment(_ bytes: [UInt8]) throws -> (time: Int64, isLocal: Bool) {
        guard bytes.count == 8 else { throw WireError(.invalidBinary, "incorrect binary data format in a parameter of type timestamp with time zone") }
        return (try time(bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }), false)
    }

    /// `2025-01-31 08:00:00+08`: the moment, or what clocks show if no zone is written.
    private static func textMoment(_ text: String, _ zone: ZoneRules) throws -> (time: Int64, isLocal: Bool) {
        let invalid = WireError(.invalidText, "invalid input syntax for type timestamp with time zone: \"\(text.prefix(64))\"")
        let moment: WrittenMoment
        do throws(WrittenMoment.Problem) { moment = try WrittenMoment(text.utf8) } catch {
            throw error == .syntax ? invalid : WireError(.dateOutOfRange, "timestamp out of range")
        }
        let local = Int64(moment.day) * CivilTime.microsecondsPerDay + moment.microseconds
        var trimmed = text[...]
        while trimmed.last == " " { trimmed.removeLast() }
        if ["z", "utc", "gmt"].contains(where: { trimmed.lowercased().hasSuffix($0) }) { return (local, false) }
        // Signs within the date come before the tenth character.
        guard let sign = trimmed.dropFirst(8).lastIndex(where: { $0 == "+" || $0 == "-" }), trimmed[..<sign].contains(":") || trimmed[..<sign].hasSuffix(" ")
        else {
            guard let last = trimmed.last, last.isNumber else { throw invalid }
            return (local, true)
        }
        guard let offset = ZoneRules.offset(trimmed[sign...]) else { throw invalid }
        return (local - offset * CivilTime.microsecondsPerSecond, false)
    }

    private static func inRange(_ time: Int64) throws -> Int64 {
        guard days.contains(Int(CivilTime.day(ofMicroseconds: time))) else { throw WireError(.dateOutOfRange, "timestamp out of range") }
        return time
    }

    private static func textItems(_ bytes: [UInt8]) throws -> [String?] {
        guard let items = ArrayText.read(try text(bytes)) else {
            throw WireError(.invalidText, "malformed array literal")
        }
        return items
    }

    /// Reads a binary value.
    static func binary(_ bytes: [UInt8], oid: UInt32) throws -> ScalarValue {
        var buffer = ByteBuffer(bytes: bytes)
        func whole<T: FixedWidthInteger>(_ type: T.Type) throws -> T {
            guard bytes.count == T.bitWidth / 8, let value = buffer.readInteger(as: T.self) else {
                throw WireError(.invalidBinary, "incorrect binary data format in a parameter of type \(TypeNaming.name(WireType(oid: oid, size: -1)))")
            }
            return value
        }
        switch oid {
        case WireType.boolean.oid: return .boolean(try whole(UInt8.self) != 0)
        case WireType.smallint.oid: return .integer(Int64(try whole(Int16.self)))
        case WireType.integer.oid: return .integer(Int64(try whole(Int32.self)))
        case WireType.bigint.oid: return .integer(try whole(Int64.self))
        case WireType.objectID.oid: return .integer(Int64(try whole(UInt32.self)))
        case WireType.real.oid: return .double(Double(Float(bitPattern: try whole(UInt32.self))))
        case WireType.double.oid: return .double(Double(bitPattern: try whole(UInt64.self)))
        case WireType.numeric.oid:
            let (unscaled, scale) = try NumericDigits.read(bytes)
            return .numeric(unscaled: unscaled, scale: scale)
        case WireType.date.oid: return .date(try day(try whole(Int32.self)))
        case WireType.timestamp.oid, WireType.timestampWithZone.oid: return .timestamp(try time(try whole(Int64.self)))
        case WireType.interval.oid:
            guard bytes.count == 16, let time = buffer.readInteger(as: Int64.self), let days = buffer.readInteger(as: Int32.self),
                let months = buffer.readInteger(as: Int32.self)
            else { throw WireError(.invalidBinary, "incorrect binary data format of an interval") }
            return .interval(IntervalValue(months: months, days: days, microseconds: time))
        default: return .text(try text(bytes))
        }
    }

    private static let days = CivilDate(year: 1, month: 1, day: 1).daysSinceEpoch...CivilDate(year: 9999, month: 12, day: 31).daysSinceEpoch

    private static func day(_ value: Int32) throws -> Int32 {
        if CivilTime.isInfinite(day: value) { return value }
        let day = Int64(value) + Int64(PostgresEpoch.days)
        guard days.contains(Int(day)) else { throw WireError(.dateOutOfRange, "date out of range") }
        return Int32(day)
    }

    private static func time(_ value: Int64) throws -> Int64 {
        if CivilTime.isInfinite(microseconds: value) { return value }
        let (time, overflow) = value.addingReportingOverflow(PostgresEpoch.microseconds)
        guard !overflow, days.contains(Int(CivilTime.day(ofMicroseconds: time))) else {
            throw WireError(.dateOutOfRange, "timestamp out of range")
        }
        return time
    }

    /// The items of a one-dimensional binary array as texts.
    private static func binaryItems(_ bytes: [UInt8]) throws -> [String?] {
        let malformed = WireError(.invalidBinary, "incorrect binary data format of an array")
        var reader = MessageReader(bytes)
        guard let dimensions = try? reader.int32(), (try? reader.int32()) != nil, let element = try? reader.int32() else {
            throw malformed
        }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = try? reader.int32(), (try? reader.int32()) != nil else {
            throw WireError(.notSupported, "arrays of more than one dimension are not supported")
        }
        guard count >= 0, Int(count) * 4 <= reader.remaining else { throw malformed }
        var items: [String?] = []
        for _ in 0..<count {
            guard let length = try? reader.int32(), length >= -1 else { throw malformed }
            guard length >= 0 else {
                items.append(nil)
                continue
            }
            guard let item = try? reader.bytes(count: Int(length)) else { throw malformed }
            items.append(BoundText.string(try binary(item, oid: UInt32(bitPattern: element))))
        }
        return items
    }
}
