extension WrittenMoment {
    /// Microseconds since 1970-01-01 00:00:00 UTC.
    ///
    /// - Parameter session: The zone of a text that names none.
    package func instant(session: ZoneRules) throws(Problem) -> Int64 {
        guard day >= WrittenMoment.firstDay, day <= WrittenMoment.lastDayOfTimestamps else { throw .outOfRange }
        let local = Int64(day) * CivilTime.microsecondsPerDay + microseconds
        guard let zone else { return session.instant(ofLocal: local) }
        // A number of hours has the sign of the standard; a name alone may have it the other way round.
        if let offset = ZoneRules.offset(zone[...]), zone.first == "+" || zone.first == "-" {
            return local - offset * CivilTime.microsecondsPerSecond
        }
        guard let rules = ZoneRules(atTimeZone: zone) else { throw .unknownZone(zone) }
        return rules.instant(ofLocal: local)
    }

    /// The time of a day in microseconds: `10:20:30.5`, `10:20 PM`, `102030`, also behind a date.
    package static func timeOfDay(_ text: some Collection<UInt8>) throws(Problem) -> Int64 {
        do {
            return try WrittenMoment(Array("1970-01-01 ".utf8) + text).checkedTime()
        } catch let problem {
            guard let whole = try? WrittenMoment(text), whole.hasTime else { throw problem }
            return whole.microseconds
        }
    }

    private func checkedTime() throws(Problem) -> Int64 {
        guard hasTime else { throw .syntax }
        return microseconds
    }
}
