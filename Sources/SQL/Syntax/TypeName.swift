/// The name of a type as written in a cast.
package struct TypeName: Sendable {
    /// Lower case and canonical for built-in types: `bool`, `int2`, `int4`, `int8`, `float4`, `float8`, `numeric`, `text`,
    /// `varchar`, `bpchar`, `date`, `time`, `timetz`, `timestamp`, `timestamptz`, `interval`, `bit`, `varbit`; `date`,
    /// `text`, `json`, `uuid` and unknown names stay as written.
    package var name: String
    /// `numeric(16, 4)` has 16 and 4, `varchar(10)` has 10. For `interval` the first one is the mask of
    /// ``IntervalFields`` (all of them when only a precision was given), the second the digits of a second.
    package var modifiers: [Int]
    /// `integer[]`, of any number of dimensions.
    package var isArray: Bool
    package var position: Int

    package init(name: String, modifiers: [Int] = [], isArray: Bool = false, position: Int = -1) {
        self.name = name
        self.modifiers = modifiers
        self.isArray = isArray
        self.position = position
    }
}

/// The fields named after `interval`, with PostgreSQL's bit values.
package struct IntervalFields: OptionSet, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static let month = IntervalFields(rawValue: 1 << 1)
    package static let year = IntervalFields(rawValue: 1 << 2)
    package static let day = IntervalFields(rawValue: 1 << 3)
    package static let hour = IntervalFields(rawValue: 1 << 10)
    package static let minute = IntervalFields(rawValue: 1 << 11)
    package static let second = IntervalFields(rawValue: 1 << 12)
    /// No field was named.
    package static let all = IntervalFields(rawValue: 0x7FFF)
}
