import Columns

/// Functions of dates, timestamps and intervals.
extension FunctionCall {
    func time(_ function: ScalarFunction) throws(ExecutionError) -> Vector {
        switch function {
        case .extract, .datePart: return try fields()
        case .dateTrunc: return try truncated()
        case .age:
            return result(
                .interval(
                    try CheckedLoop.mapPairs(timestamps(0), timestamps(1), validity, count: count, filler: IntervalValue()) {
                        (later, earlier) throws(ExecutionError) in
                        if CivilTime.isInfinite(microseconds: later) || CivilTime.isInfinite(microseconds: earlier) {
                            throw failure(.unsupported("age of an infinite time is not supported"))
                        }
                        return Temporal.age(later, earlier)
                    }))
        case .toChar, .dateToChar, .intervalToChar: return try formatted()
        case .toDate, .toTimestamp: return try parsed()
        case .makeDate: return try dates()
        default: return try madeTimestamps()
        }
    }

    /// Argument `index` as microseconds; a date is its midnight.
    private func timestamps(_ index: Int) -> Operand<Int64> {
        guard inputs[index].type == .date else { return integers(index) }
        let days = inputs[index].dateOperand().expanded(count: count)
        return .rows(mapRows(days, filler: 0) { CivilTime.midnight(ofDay: $0) })
    }

    /// The constant field name in argument 0.
    private func unitName() throws(ExecutionError) -> String {
        guard case .text(let name)? = inputs[0].constantValue else {
            throw failure(.unsupported("the field of extract, date_part and date_trunc must be a constant"))
        }
        return name.lowercased()
    }

    // MARK: extract

    private func fields() throws(ExecutionError) -> Vector {
        let name = try unitName()
        let source = inputs[1].type
        guard let field = DateField(rawValue: name) else {
            throw invalid("unit \"\(name)\" not recognized for type \(source.name)")
        }
        if source != .interval, let infinite = infiniteRows() { return try fields(field, infinite: infinite) }
        let values: [Int64]
        switch source {
        case .date:
            values = mapRows(inputs[1].dateOperand().expanded(count: count), filler: 0) { field.value(day: $0) }
        case .interval:
            var hasLong = false
            values = try CheckedLoop.map(inputs[1].intervalOperand(), validity, count: count, filler: 0) {
                (interval) throws(ExecutionError) in
                guard let value = field.value(interval: interval) else {
                    throw invalid("unit \"\(name)\" not supported for type interval")
                }
                if Int64(exactly: value) == nil { hasLong = true }
                return Int64(truncatingIfNeeded: value)
            }
            if hasLong { return longFields(field) }
        default: values = field.values(ofTimestamps: timestamps(1).expanded(count: count))
        }
        return result(stored(values, scale: field.scale))
    }

    /// Fields of intervals of which some, over 292,000 years, have microseconds for no integer.
    private func longFields(_ field: DateField) -> Vector {
        var builder = ScalarColumn(type: type)
        for row in 0..<count {
            guard case .interval(let interval) = inputs[1].scalar(at: row), let value = field.value(interval: interval) else {
                builder.append(.null)
                continue
            }
            let isDouble = type == .double
            builder.append(
                isDouble
                    ? .double(DecimalText.double(unscaled: value, scale: field.scale))
                    : .numeric(
                        unscaled: WideArithmetic.rescaled(value, from: field.scale, to: type.scale ?? 0) ?? 0, scale: type.scale ?? 0))
        }
        return builder.vector()
    }

    /// Rows whose moment is infinite, as -1 or 1, the others 0; nil where there are none.
    private func infiniteRows() -> [Int]? {
        let times = timestamps(1)
        if case .rows(let rows) = times {
            // A look at the ends tells for most.
            let bounds = KeyBounds(.lanes(rows))
            if bounds.smallest > .min && bounds.largest < .max { return nil }
        }
        var signs: [Int]?
        for row in 0..<count where validity.isPresent(row) && CivilTime.isInfinite(microseconds: times[row]) {
            signs = signs ?? [Int](repeating: 0, count: count)
            signs?[row] = times[row] < 0 ? -1 : 1
        }
        return signs
    }

    /// Fields that grow with time are infinite there, the others NULL.
    private func fields(_ field: DateField, infinite signs: [Int]) throws(ExecutionError) -> Vector {
        let times = timestamps(1)
        var builder = ScalarColumn(type: type)
        for row in 0..<count {
            if !validity.isPresent(row) || signs[row] != 0 && !field.growsWithTime {
                builder.append(.null)
            } else if signs[row] != 0 {
                guard type == .double else {
                    throw failure(
                        .unsupported("extract of an infinite time is not supported where it is infinite itself: use date_part"))
                }
                builder.append(.double(signs[row] < 0 ? -.infinity : .infinity))
            } else {
                let value = stored([field.value(timestamp: times[row])], scale: field.scale)
                builder.append(Vector(type: type, count: 1, values: value, validity: .allPresent).scalar(at: 0))
            }
        }
        return builder.vector()
    }

    /// Values of a scale in the result's type: numeric, double or an integer.
    private func stored(_ values: [Int64], scale: Int) -> VectorValues {
        if type == .double { return .double(DoubleConversion.doubles(values, scale: scale)) }
        let to = type.scale ?? 0
        if type.isWide {
            if scale == to { return .int128(mapRows(values, filler: 0) { Int128($0) }) }
            return .int128(mapRows(values, filler: 0) { WideArithmetic.rescaled(Int128($0), from: scale, to: to) ?? 0 })
        }
        if scale == to { return .int64(values) }
        return .int64(
            mapRows(values, filler: 0) {
                Int64(truncatingIfNeeded: WideArithmetic.rescaled(Int128($0), from: scale, to: to) ?? 0)
            })
    }

    // MARK: date_trunc, make_date

    private func truncated() throws(ExecutionError) -> Vector {
        let name = try unitName()
        guard let unit = DateTruncation(rawValue: name) else {
            let source = inputs[1].type == .interval ? "interval" : "timestamp without time zone"
            throw invalid("unit \"\(name)\" not recognized for type \(source)")
        }
        if inputs[1].type == .interval {
            let rows = try CheckedLoop.map(inputs[1].intervalOperand(), validity, count: count, filler: IntervalValue())
            {
                (interval) throws(ExecutionError) in
                guard let start = unit.truncated(interval) else {
                    throw invalid("unit \"\(name)\" not supported for type interval")
                }
                return start
            }
            return result(.interval(rows))
        }
        let rows = unit.starts(ofTimestamps: timestamps(1).expanded(count: count))
        if type == .date { return result(.int32(mapRows(rows, filler: 0) { CivilTime.day(ofMicroseconds: $0) })) }
        return result(.int64(rows))
    }

    private func dates() throws(ExecutionError) -> Vector {
        var days = [Int32](repeating: 0, count: count)
        let (years, months, dayNumbers) = (integers(0), integers(1), integers(2))
        for row in 0..<count where validity.isPresent(row) {
            days[row] = try day(years[row], months[row], dayNumbers[row])
        }
        return result(.int32(days))
    }

    private func day(_ year: Int64, _ month: Int64, _ day: Int64) throws(ExecutionError) -> Int32 {
        // A negative year counts back from 1 BC, which the calendar numbers 0.
        let astronomical = year < 0 ? year + 1 : year
        guard year != 0, (-4712...294_246).contains(astronomical), (1...12).contains(month), day >= 1,
            day <= Int64(CivilDate.dayCount(year: Int(astronomical), month: Int(month)))
        else { throw invalid("date field value out of range: \(year)-\(twoDigits(month))-\(twoDigits(day))") }
        let date = CivilDate(year: Int(astronomical), month: Int(month), day: Int(day))
        return Int32(truncatingIfNeeded: date.daysSinceEpoch)
    }

    private func twoDigits(_ value: Int64) -> String { value >= 0 && value < 10 ? "0\(value)" : "\(value)" }

    private func madeTimestamps() throws(ExecutionError) -> Vector {
        var times = [Int64](repeating: 0, count: count)
        let fields = (0..<5).map { integers($0) }
        let seconds = inputs[5].doubleOperand()
        for row in 0..<count where validity.isPresent(row) {
            let start = try day(fields[0][row], fields[1][row], fields[2][row])
            let (hour, minute, second) = (fields[3][row], fields[4][row], seconds[row])
            let isMidnight = hour == 24 && minute == 0 && second == 0
            guard (0...23).contains(hour) || isMidnight, (0...59).contains(minute), second >= 0, second <= 60 else {
                var text: [UInt8] = second < 10 ? [0x30] : []
                ValueText.append(double: second, to: &text)
                let seconds = String(decoding: text, as: UTF8.self)
                throw invalid("time field value out of range: \(twoDigits(hour)):\(twoDigits(minute)):\(seconds)")
            }
            let time = (hour * 3600 + minute * 60) * 1_000_000 + Int64((second * 1_000_000).rounded(.toNearestOrEven))
            times[row] = Int64(start) * CivilTime.microsecondsPerDay + time
        }
        return result(.int64(times))
    }

    // MARK: formats

    /// The formats that rows ask for, each read once while it stays the same.
    private struct RowFormats {
        private let patterns: TextOperand
        private let position: Int
        private var known: (pattern: String, format: DateFormat)?

        init(_ patterns: TextOperand, position: Int) {
            self.patterns = patterns
            self.position = position
        }

        mutating func format(_ row: Int) throws(ExecutionError) -> DateFormat {
            if let known, patterns.isConstant { return known.format }
            let pattern = ValueReader.string(patterns.strings.bytes.span.extracting(patterns.range(row)))
            if let known, known.pattern.utf8.elementsEqual(pattern.utf8) { return known.format }
            let format = try DateFormat(pattern, position: position)
            known = (pattern, format)
            return format
        }
    }

    private func formatted() throws(ExecutionError) -> Vector {
        var formats = RowFormats(inputs[1].textOperand(), position: position)
        var strings = StringColumn()
        strings.offsets.reserveCapacity(count + 1)
        var present = validity.expanded(rowCount: count)
        // An empty format and an infinite time give NULL.
        func append(
            _ write: (Int, DateFormat, inout [UInt8]) throws(ExecutionError) -> Bool
        ) throws(ExecutionError) {
            for row in 0..<count {
                if present[row] != 0 {
                    let format = try formats.format(row)
                    let isWritten = try write(row, format, &strings.bytes)
                    if format.parts.isEmpty || !isWritten { present[row] = 0 }
                }
                strings.offsets.append(UInt32(strings.bytes.count))
            }
        }
        if inputs[0].type == .interval {
            let intervals = inputs[0].intervalOperand()
            try append { (row, format, bytes) throws(ExecutionError) in
                try format.append(interval: intervals[row], to: &bytes, position: position)
                return true
            }
        } else {
            let times = timestamps(0)
            let isDate = inputs[0].type == .date
            try append { (row, format, bytes) throws(ExecutionError) in
                if isDate, format.hasZoneName {
                    throw ExecutionError(
                        .unsupported("the name of a date's time zone in to_char is not supported: a date has none, write it as \"text\""), position: position)
                }
                if CivilTime.isInfinite(microseconds: times[row]) { return false }
                format.append(timestamp: times[row], to: &bytes)
                return true
            }
        }
        return Vector(type: type, count: count, values: .string(strings), validity: Validity(compacting: present))
    }

    private func parsed() throws(ExecutionError) -> Vector {
        var formats = RowFormats(inputs[1].textOperand(), position: position)
        let texts = inputs[0].textOperand()
        let bytes = texts.strings.bytes.span
        var times = [Int64](repeating: 0, count: count)
        for row in 0..<count where validity.isPresent(row) {
            times[row] = try formats.format(row).read(bytes.extracting(texts.range(row)), position: position)
        }
        if type == .date { return result(.int32(mapRows(times, filler: 0) { CivilTime.day(ofMicroseconds: $0) })) }
        return result(.int64(times))
    }
}
