import Columns
import Planning

/// Dates, timestamps and intervals.
extension ArithmeticInputs {
    func temporals(_ operation: ArithmeticOperator) throws(ExecutionError) -> VectorValues {
        switch (left.type, operation, right.type) {
        case (.date, .subtract, .date):
            return .int64(try dayCounts())
        case (.date, .add, .integer), (.date, .add, .bigint): return .int32(try days(left, right, sign: 1))
        case (.integer, .add, .date), (.bigint, .add, .date): return .int32(try days(right, left, sign: 1))
        case (.date, .subtract, .integer), (.date, .subtract, .bigint): return .int32(try days(left, right, sign: -1))
        case (.date, .add, .interval), (.timestamp, .add, .interval):
            return .int64(try shifted(left, by: right, sign: 1))
        case (.interval, .add, .date), (.interval, .add, .timestamp):
            return .int64(try shifted(right, by: left, sign: 1))
        case (.date, .subtract, .interval), (.timestamp, .subtract, .interval):
            return .int64(try shifted(left, by: right, sign: -1))
        case (.timestamp, .subtract, .timestamp), (.timestamp, .subtract, .date), (.date, .subtract, .timestamp):
            return .interval(try differences())
        case (.interval, .add, .interval), (.interval, .subtract, .interval):
            return .interval(try intervals(sign: operation == .add ? 1 : -1))
        case (.interval, .multiply, _): return .interval(try scaledIntervals(left, by: right, dividing: false))
        case (_, .multiply, .interval): return .interval(try scaledIntervals(right, by: left, dividing: false))
        case (.interval, .divide, _): return .interval(try scaledIntervals(left, by: right, dividing: true))
        default:
            throw failure(
                .unsupported("operator does not exist: \(left.type.name) \(operation.rawValue) \(right.type.name)"))
        }
    }

    private func dayCounts() throws(ExecutionError) -> [Int64] {
        try CheckedLoop.mapPairs(left.dateOperand(), right.dateOperand(), validity, count: count, filler: 0) {
            (a, b) throws(ExecutionError) in
            if CivilTime.isInfinite(day: a) || CivilTime.isInfinite(day: b) {
                throw failure(.invalidArgument("cannot subtract infinite dates"))
            }
            return Int64(a) - Int64(b)
        }
    }

    private func days(_ dates: Vector, _ numbers: Vector, sign: Int64) throws(ExecutionError) -> [Int32] {
        guard let second = numbers.int64Operand() else { throw failure(.outOfRange("date")) }
        return try CheckedLoop.mapPairs(dates.dateOperand(), second, validity, count: count, filler: 0) {
            (day, number) throws(ExecutionError) in
            if CivilTime.isInfinite(day: day) { return day }
            let (moved, overflow) = Int64(day).addingReportingOverflow(number &* sign)
            guard !overflow, number > Int64.min, let result = Int32(exactly: moved), Temporal.dateRange.contains(result)
            else { throw failure(.outOfRange("date")) }
            return result
        }
    }

    private func timestamps(_ vector: Vector) throws(ExecutionError) -> Operand<Int64> {
        if vector.type == .date {
            return .rows(
                mapRows(vector.dateOperand().expanded(count: count), filler: 0) { CivilTime.midnight(ofDay: $0) })
        }
        guard let rows = vector.int64Operand() else { throw failure(.outOfRange("timestamp")) }
        return rows
    }

    private func shifted(_ times: Vector, by intervals: Vector, sign: Int64) throws(ExecutionError) -> [Int64] {
        try CheckedLoop.mapPairs(
            try timestamps(times), intervals.intervalOperand(), validity, count: count, filler: 0
        ) { (time, interval) throws(ExecutionError) in
            guard let moved = Temporal.adding(interval, to: time, sign: sign) else {
                throw failure(.outOfRange("timestamp"))
            }
            return moved
        }
    }

    /// Whole days and the time left, as PostgreSQL subtracts timestamps.
    private func differences() throws(ExecutionError) -> [IntervalValue] {
        try CheckedLoop.mapPairs(
            try timestamps(left), try timestamps(right), validity, count: count, filler: IntervalValue()
        ) { (a, b) throws(ExecutionError) in
            if CivilTime.isInfinite(microseconds: a) || CivilTime.isInfinite(microseconds: b) {
                throw failure(.invalidArgument("cannot subtract infinite timestamps"))
            }
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            guard !overflow, let days = Int32(exactly: difference / CivilTime.microsecondsPerDay) else {
                throw failure(.outOfRange("interval"))
            }
            return IntervalValue(days: days, microseconds: difference % CivilTime.microsecondsPerDay)
        }
    }

    private func intervals(sign: Int64) throws(ExecutionError) -> [IntervalValue] {
        try CheckedLoop.mapPairs(
            left.intervalOperand(), right.intervalOperand(), validity, count: count, filler: IntervalValue()
        ) { (a, b) throws(ExecutionError) in
            guard let months = Int32(exactly: Int64(a.months) + sign * Int64(b.months)),
                let days = Int32(exactly: Int64(a.days) + sign * Int64(b.days))
            else { throw failure(.outOfRange("interval")) }
            let time =
                sign > 0
                ? a.microseconds.addingReportingOverflow(b.microseconds)
                : a.microseconds.subtractingReportingOverflow(b.microseconds)
            if time.overflow { throw failure(.outOfRange("interval")) }
            return IntervalValue(months: months, days: days, microseconds: time.partialValue)
        }
    }

    private func scaledIntervals(
        _ intervals: Vector, by factors: Vector, dividing: Bool
    ) throws(ExecutionError) -> [IntervalValue] {
        guard factors.type.isNumber else {
            throw failure(.unsupported("operator does not exist: interval with \(factors.type.name)"))
        }
        return try CheckedLoop.mapPairs(
            intervals.intervalOperand(), factors.doubleOperand(), validity, count: count, filler: IntervalValue()
        ) { (interval, factor) throws(ExecutionError) in
            if dividing, factor == 0 { throw failure(.divisionByZero) }
            guard let result = Temporal.scaled(interval, by: factor, dividing: dividing) else {
                throw failure(.outOfRange("interval"))
            }
            return result
        }
    }
}
