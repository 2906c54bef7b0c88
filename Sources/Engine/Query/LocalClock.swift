package import Columns
import Glibc

/// What `now()` and `current_date` stand for: the system's time as clocks of a zone show it.
package struct LocalClock: Sendable {
    package let zone: ZoneRules

    package init(_ zone: ZoneRules) { self.zone = zone }

    /// Microseconds since 1970-01-01 00:00:00 by clocks of the zone.
    package var now: Int64 {
        var time = timespec()
        unsafe _ = clock_gettime(CLOCK_REALTIME, &time)
        return zone.local(Int64(time.tv_sec) * CivilTime.microsecondsPerSecond + Int64(time.tv_nsec) / 1000)
    }
}

/// Who a statement speaks for: `current_user`, `current_catalog`.
package struct SessionIdentity: Sendable {
    package var user: String
    package var database: String

    package init(user: String, database: String) {
        self.user = user
        self.database = database
    }
}
