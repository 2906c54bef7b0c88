/// How a value travels: as people read it, or as PostgreSQL's servers hold it.
package enum ValueFormat: Int16, Sendable {
    case text = 0
    case binary = 1

    /// The format of one of `count` values when a client names none, one for all, or one for each.
    ///
    /// - Throws: `08P01` for any other number of formats.
    package static func choose(_ given: [ValueFormat], count: Int) throws -> [ValueFormat] {
        switch given.count {
        case 0: return [ValueFormat](repeating: .text, count: count)
        case 1: return [ValueFormat](repeating: given[0], count: count)
        case count: return given
        default:
            throw WireError(.protocolViolation, "\(given.count) formats were given for \(count) values")
        }
    }
}
