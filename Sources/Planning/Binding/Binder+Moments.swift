import Columns
import SQL

/// `timestamp with time zone` and `time`: known to binding alone, which makes calls over timestamps of them.
extension Binder {
    static let instant = LogicalType.moment(.withZone)
    static let timeOfDay = LogicalType.moment(.ofDay)

    /// The zone that values without one are of, as a constant.
    private func sessionZone(at position: Int) throws(PlanningError) -> BoundExpression {
        guard let zone = options.zone else {
            throw PlanningError(
                "the time zone of the session is not known here", at: position,
                hint: "say which: x at time zone 'Asia/Shanghai'")
        }
        return .constant(.text(zone), .text)
    }

    /// The number that a moment is, as a timestamp.
    private func number(_ moment: BoundExpression) -> BoundExpression { .cast(moment, to: .timestamp, position: -1) }

    /// What clocks of the session's zone show at an instant.
    func localTime(_ instant: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        .call(name: "zone local", arguments: [instant, try sessionZone(at: position)], .timestamp, position: position)
    }

    private func instant(of local: BoundExpression, at position: Int) throws(PlanningError) -> BoundExpression {
        .call(
            name: "zone moment", arguments: [local, try sessionZone(at: position)], Binder.instant, position: position)
    }

    /// A cast to or from one of these types; nil for any other.
    func momentCoerced(
        _ value: BoundExpression, to type: LogicalType, at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        func call(_ name: String, zoned: Bool = false) throws(PlanningError) -> BoundExpression {
            let zone = zoned ? [try sessionZone(at: position)] : []
            return .call(name: name, arguments: [value] + zone, type, position: position)
        }
        switch (value.type, type) {
        case (.timestamp, .moment(.withZone)): return try instant(of: value, at: position)
        case (.date, .moment(.withZone)):
            return try instant(of: try coerce(value, to: .timestamp, at: position), at: position)
        case (.text, .moment(.withZone)): return try call("zone read", zoned: true)
        case (.moment(.withZone), .timestamp): return try localTime(value, at: position)
        case (.moment(.withZone), .date), (.moment(.withZone), .moment(.ofDay)):
            return try coerce(try localTime(value, at: position), to: type, at: position)
        case (.moment(.withZone), .text): return try call("zone shown", zoned: true)
        case (.timestamp, .moment(.ofDay)): return try call("time of")
        case (.interval, .moment(.ofDay)): return try call("time of interval")
        case (.text, .moment(.ofDay)): return try call("time read")
        case (.moment(.ofDay), .text): return try call("time shown")
        case (.moment(.ofDay), .interval): return try call("time interval")
        default: return nil
        }
    }

    /// The value of a quoted literal.
    func readMoment(
        _ text: String, _ kind: LogicalType.Moment, at position: Int
    ) throws(PlanningError) -> BoundExpression {
        let trimmed = LiteralReader.trim(text).utf8
        do throws(WrittenMoment.Problem) {
            switch kind {
            case .ofDay: return .constant(.timestamp(try WrittenMoment.timeOfDay(trimmed)), Binder.timeOfDay)
            case .withZone:
                let moment = try WrittenMoment(trimmed)
                guard moment.zone != nil || options.zone != nil else { throw .unknownZone("") }
                let session = options.zone.flatMap { ZoneRules(atTimeZone: $0) }
                return .constant(.timestamp(try moment.instant(session: session ?? .utc)), Binder.instant)
            }
        } catch .infinite(let isNegative) where kind == .withZone {
            return .constant(.timestamp(isNegative ? .min : .max), Binder.instant)
        } catch .outOfRange {
            throw PlanningError("date/time field value out of range: \"\(text)\"", at: position)
        } catch .unknownZone("") {
            _ = try sessionZone(at: position)
            throw PlanningError("invalid input syntax for type timestamp with time zone: \"\(text)\"", at: position)
        } catch .unknownZone(let zone) {
            throw PlanningError("time zone \"\(zone)\" not recognized", at: position)
        } catch {
            let type = kind == .ofDay ? "time" : "timestamp with time zone"
            throw PlanningError("invalid input syntax for type \(type): \"\(text)\"", at: position)
        }
    }

    /// `x at time zone z`: an instant becomes what clocks there show, a timestamp the instant when they show it.
    func atTimeZone(
        _ operand: Expression, _ zone: Expression, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        let zone = try zoneName(zone, context)
        var value = try bind(operand, context)
        if let isUniversal = Binder.isInstant(operand.kind), value.type == .timestamp {
            value =
                isUniversal
                ? .call(
                    name: "zone moment", arguments: [value, .constant(.text("UTC"), .text)], Binder.instant,
                    position: position)
                : try instant(of: value, at: position)
        }
        if value.type == .unknown || value.type == .date {
            value = try coerce(value, to: Binder.instant, at: operand.position)
        }
        switch value.type {
        case .moment(.withZone):
            return .call(name: "zone local", arguments: [value, zone], .timestamp, position: position)
        case .timestamp:
            return .call(name: "zone moment", arguments: [value, zone], Binder.instant, position: position)
        case .moment(.ofDay): throw .unsupported("AT TIME ZONE of a time of day", at: position)
        default: throw functionMissing("timezone", [.text, value.type], at: position)
        }
    }

    /// Whether a call stands for an instant in PostgreSQL where it gives a timestamp here: one of UTC, or of the session's
    /// zone; nil for any other.
    private static func isInstant(_ kind: ExpressionKind) -> Bool? {
        switch kind {
        case .currentValue(.timestamp): false
        case .function(let call):
            switch call.name.last {
            case "now", "transaction_timestamp": false
            case "to_timestamp": call.arguments.count == 1
            default: nil
            }
        default: nil
        }
    }

    private func zoneName(_ zone: Expression, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        let value = try bind(zone, context)
        if value.type == .interval {
            guard case .interval(let distance)? = ConstantFolding.fold(value).constantValue, distance.months == 0,
                distance.days == 0
            else {
                throw .unsupported("a time zone that is an interval of months or days", at: zone.position)
            }
            return .constant(.text(ZoneRules(secondsAhead: distance.microseconds / 1_000_000).name), .text)
        }
        guard value.type == .text || value.type == .unknown else {
            throw functionMissing("timezone", [value.type], at: zone.position)
        }
        let text = try coerce(value, to: .text, at: zone.position)
        if case .text(let name)? = text.constantValue, ZoneRules(atTimeZone: name) == nil {
            throw PlanningError(
                "time zone \"\(name)\" not recognized", at: zone.position,
                hint: "write a name of the time zone database, such as Asia/Shanghai")
        }
        return text
    }

    /// Arithmetic of which one side is such a value; nil for any other.
    func momentArithmetic(
        _ operation: ArithmeticOperator, _ left: BoundExpression, _ right: BoundExpression, leftAt: Int, rightAt: Int,
        at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        func moved(_ name: String, _ value: BoundExpression, _ distance: BoundExpression) throws(PlanningError)
            -> BoundExpression
        {
            let sign = BoundExpression.constant(.integer(operation == .add ? 1 : -1), .integer)
            let zone = name == "zone plus" ? [try sessionZone(at: position)] : []
            return .call(name: name, arguments: [value, distance, sign] + zone, value.type, position: position)
        }
        switch (operation, left.type, right.type) {
        case (.add, .moment(.withZone), .interval), (.subtract, .moment(.withZone), .interval):
            return try moved("zone plus", left, right)
        case (.add, .interval, .moment(.withZone)): return try moved("zone plus", right, left)
        case (.add, .moment(.ofDay), .interval), (.subtract, .moment(.ofDay), .interval):
            return try moved("time plus", left, right)
        case (.add, .interval, .moment(.ofDay)): return try moved("time plus", right, left)
        case (.subtract, .moment(.ofDay), .moment(.ofDay)), (.subtract, .moment(.withZone), .moment(.withZone)):
            return .arithmetic(.subtract, number(left), number(right), .interval, position: position)
        case (.subtract, .moment(.withZone), .timestamp), (.subtract, .moment(.withZone), .date),
            (.subtract, .timestamp, .moment(.withZone)), (.subtract, .date, .moment(.withZone)):
            let first = try coerce(left, to: Binder.instant, at: leftAt)
            let second = try coerce(right, to: Binder.instant, at: rightAt)
            return .arithmetic(.subtract, number(first), number(second), .interval, position: position)
        case (_, .moment(.ofDay), _), (_, _, .moment(.ofDay)):
            // Beside a day or a moment a time is the interval since midnight.
            let sides = [left.type, right.type]
            guard sides.contains(where: { [.date, .timestamp, Binder.instant].contains($0) }) else { return nil }
            let first = left.type == Binder.timeOfDay ? try coerce(left, to: .interval, at: leftAt) : left
            let second = right.type == Binder.timeOfDay ? try coerce(right, to: .interval, at: rightAt) : right
            guard operation == .add || first.type != .interval else { return nil }
            return try arithmetic(operation, first, second, leftAt: leftAt, rightAt: rightAt, at: position)
        default: return nil
        }
    }

    private static let partsOfZone: [String: Int64] = ["timezone": 1, "timezone_hour": 3600, "timezone_minute": 60]
    private static let partsOfTime: Set<String> = ["hour", "minute", "second", "milliseconds", "microseconds", "epoch"]

    /// `extract`, `date_part` and `date_trunc` of such a value; nil for any other.
    func momentPart(
        _ name: String, _ field: String, _ unit: String, _ value: BoundExpression, fieldAt: Int, at position: Int
    ) throws(PlanningError) -> BoundExpression? {
        guard case .moment(let kind) = value.type else { return nil }
        let isCut = name == "date_trunc"
        let known = isCut ? DateFields.truncatable : DateFields.extractable
        let typeName = TypeCoercion.messageName(value.type)
        guard known.contains(unit) || !isCut && Binder.partsOfZone[unit] != nil else {
            throw PlanningError("unit \"\(field)\" not recognized for type \(typeName)", at: fieldAt)
        }
        let constant = BoundExpression.constant(.text(unit), .text)
        func part(_ operand: BoundExpression) -> BoundExpression {
            let type = name == "extract" ? DateFields.resultType(unit, of: .timestamp) : .double
            return .call(name: name, arguments: [constant, operand], type, position: position)
        }
        if kind == .ofDay {
            if isCut {
                let interval = try coerce(value, to: .interval, at: position)
                return .call(name: name, arguments: [constant, interval], .interval, position: position)
            }
            guard Binder.partsOfTime.contains(unit) else {
                throw PlanningError("unit \"\(field)\" not supported for type \(typeName)", at: fieldAt)
            }
            return part(number(value))
        }
        if let seconds = Binder.partsOfZone[unit] {
            let arguments = [value, try sessionZone(at: position), .constant(.integer(seconds), .integer)]
            let offset = BoundExpression.call(name: "zone offset", arguments: arguments, .integer, position: position)
            return try coerce(offset, to: name == "extract" ? .numeric(precision: 10, scale: 0) : .double, at: position)
        }
        if !isCut { return part(unit == "epoch" ? number(value) : try localTime(value, at: position)) }
        return cut(value, unit, try sessionZone(at: position), at: position)
    }

    /// The beginning of an instant's period by the clocks of a zone.
    private func cut(
        _ value: BoundExpression, _ unit: String, _ zone: BoundExpression, at position: Int
    ) -> BoundExpression {
        let local = BoundExpression.call(name: "zone local", arguments: [value, zone], .timestamp, position: position)
        let constant = BoundExpression.constant(.text(unit), .text)
        let cut = BoundExpression.call(name: "date_trunc", arguments: [constant, local], .timestamp, position: position)
        guard ["hour", "minute", "second", "milliseconds", "microseconds"].contains(unit) else {
            return .call(name: "zone moment", arguments: [cut, zone], Binder.instant, position: position)
        }
        // Within an hour that clocks show twice it stays on its side.
        let rest = BoundExpression.arithmetic(.subtract, local, cut, .interval, position: position)
        let start = BoundExpression.arithmetic(.subtract, number(value), rest, .timestamp, position: position)
        return .cast(start, to: Binder.instant, position: position)
    }

    /// `date_trunc(unit, instant, zone)`.
    func cutInZone(_ items: [Expression], at position: Int, _ context: BindContext) throws(PlanningError) -> BoundExpression {
        let field = try resolved(try bind(items[0], context), at: items[0].position)
        guard case .text(let name)? = ConstantFolding.fold(field).constantValue else {
            throw .unsupported("date_trunc in a zone of a field that is no constant", at: items[0].position)
        }
        let unit = DateFields.aliases[name.lowercased()] ?? name.lowercased()
        guard DateFields.truncatable.contains(unit) else {
            throw PlanningError(
                "unit \"\(name)\" not recognized for type timestamp with time zone", at: items[0].position,
                hint: PlanningError.suggestion(for: unit, among: DateFields.truncatable.sorted()))
        }
        let value = try bind(items[1], context)
        guard [.unknown, .date, .timestamp, Binder.instant].contains(value.type) else {
            throw functionMissing("date_trunc", [field.type, value.type, .unknown], at: position)
        }
        let instant = try coerce(value, to: Binder.instant, at: items[1].position)
        return cut(instant, unit, try zoneName(items[2], context), at: position)
    }

    /// `date_bin(stride, instant, origin)`; nil where neither is an instant.
    func binnedInstant(_ items: [Expression], at position: Int, _ context: BindContext) throws(PlanningError) -> BoundExpression? {
        let (value, origin) = (try bind(items[1], context), try bind(items[2], context))
        guard value.type == Binder.instant || origin.type == Binder.instant else { return nil }
        let stride = try coerce(try bind(items[0], context), to: .interval, at: items[0].position)
        let arguments = [
            stride, number(try coerce(value, to: Binder.instant, at: items[1].position)),
            number(try coerce(origin, to: Binder.instant, at: items[2].position)),
        ]
        return .cast(.call(name: "date_bin", arguments: arguments, .timestamp, position: position), to: Binder.instant, position: position)
    }

    /// Such a value as functions of timestamps and intervals take it.
    func plainMoment(_ value: BoundExpression, of name: String, at position: Int) throws(PlanningError)
        -> BoundExpression
    {
        switch (value.type, name) {
        case (.moment(.withZone), "to_char"), (.moment(.withZone), "age"): return try localTime(value, at: position)
        case (.moment(.withZone), "isfinite"): return number(value)
        case (.moment(.ofDay), "to_char"): return try coerce(value, to: .interval, at: position)
        default: return value
        }
    }

    /// `make_timestamptz(year, month, day, hour, minute, second[, zone])`.
    func makeInstant(_ items: [Expression], at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
    {
        let local = FunctionCall(
            name: ["make_timestamp"], arguments: items.prefix(6).map { .init(value: $0) }, position: position)
        let value = try bindCall(local, at: position, context)
        guard items.count == 7 else { return try instant(of: value, at: position) }
        let zone = try zoneName(items[6], context)
        guard let known = zone.constantValue else {
            throw .unsupported("make_timestamptz with a time zone that is no constant", at: items[6].position)
        }
        return .call(name: "zone moment", arguments: [value, Binder.turned(zone, known)], Binder.instant, position: position)
    }

    /// The function takes `+2` as two hours ahead of UTC, `at time zone` as POSIX does, the other way round.
    private static func turned(_ zone: BoundExpression, _ value: ScalarValue) -> BoundExpression {
        guard case .text(let name) = value, let sign = name.first, sign == "+" || sign == "-" else { return zone }
        return .constant(.text((sign == "+" ? "-" : "+") + name.dropFirst()), .text)
    }

    /// The query with these values as the texts that show them: so they are handed out.
    func withShownMoments(_ query: BoundQuery) throws(PlanningError) -> BoundQuery {
        guard query.columns.contains(where: \.type.isMoment) else { return query }
        return try coerceOutput(query, to: query.columns.map { $0.type.isMoment ? .text : $0.type })
    }
}
