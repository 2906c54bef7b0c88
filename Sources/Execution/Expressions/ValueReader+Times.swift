import Columns

extension ValueReader {
    /// `2025-01-03`, `2025/1/3`, `20250103`, with or without a time, which is dropped.
    func date(_ text: Span<UInt8>) throws(ExecutionError) -> Int32 {
        let time = try dateAndTime(text, type: "date")
        return CivilTime.day(ofMicroseconds: time)
    }

    /// A date as above, then a blank or `T` and `HH:MM[:SS[.ffffff]]`; a zone at the end is ignored.
    func timestamp(_ text: Span<UInt8>) throws(ExecutionError) -> Int64 { try dateAndTime(text, type: "timestamp") }

    private func dateAndTime(_ text: Span<UInt8>, type: String) throws(ExecutionError) -> Int64 {
        do {
            return try usualDateAndTime(text, type: type)
        } catch let usual {
            do throws(WrittenMoment.Problem) {
                let moment = try WrittenMoment(ValueReader.trimmed(text))
                guard moment.day >= WrittenMoment.firstDay, moment.day <= WrittenMoment.lastDayOfTimestamps else {
                    throw WrittenMoment.Problem.outOfRange
                }
                return Int64(moment.day) * CivilTime.microsecondsPerDay + moment.microseconds
            } catch .infinite(let isNegative) {
                return isNegative ? .min : .max
            } catch .outOfRange {
                throw fieldOutOfRange(text)
            } catch {
                throw usual
            }
        }
    }

    private func usualDateAndTime(_ text: Span<UInt8>, type: String) throws(ExecutionError) -> Int64 {
        var scanner = FieldScanner(ValueReader.trimmed(text))
        guard let date = scanner.date() else { throw invalid(type, text) }
        guard date.isValid else { throw fieldOutOfRange(text) }
        let start = Int64(date.daysSinceEpoch) * CivilTime.microsecondsPerDay
        if scanner.isAtEnd { return start }
        guard scanner.skip(0x54) || scanner.skip(0x74) || scanner.skipBlanks(), let time = scanner.time() else {
            throw invalid(type, text)
        }
        guard time.isValid else { throw fieldOutOfRange(text) }
        scanner.skipZone()
        guard scanner.isAtEnd else { throw invalid(type, text) }
        return start + time.microseconds
    }

    /// `1 year 2 mons 3 days 04:05:06.7`, `1.5 hours`, `90 min ago`, `3 04:05:06` …
    func interval(_ text: Span<UInt8>) throws(ExecutionError) -> IntervalValue {
        do throws(IntervalReader.Problem) {
            return try IntervalReader.read(String(decoding: ValueReader.trimmed(text), as: UTF8.self))
        } catch .outOfRange {
            throw ExecutionError(
                .invalidArgument("interval field value out of range: \"\(ValueReader.string(text).prefix(64))\""),
                position: position)
        } catch {
            throw invalid("interval", text)
        }
    }
}
