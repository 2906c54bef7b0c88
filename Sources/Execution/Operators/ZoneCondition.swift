import Columns
import Planning

/// What a filter says about single fields, for skipping segments by their zone maps.
indirect enum ZoneCondition: Sendable {
    case all([ZoneCondition])
    case any([ZoneCondition])
    case within(field: Int, ZoneRange)
    /// Nothing that zone maps can tell.
    case unknown

    /// Longest `in` list whose items are looked up one by one.
    private static let itemLimit = 64

    init(_ filter: BoundExpression, fields: [ColumnID: Int]) {
        switch filter {
        case .and(let parts): self = .all(parts.map { ZoneCondition($0, fields: fields) })
        case .or(let parts): self = .any(parts.map { ZoneCondition($0, fields: fields) })
        case .comparison(let comparison, .column(let id, _), .constant(let value, _)):
            self = ZoneCondition.comparison(comparison, fields[id], value)
        case .comparison(let comparison, .constant(let value, _), .column(let id, _)):
            self = ZoneCondition.comparison(ZoneCondition.mirrored(comparison), fields[id], value)
        case .inList(.column(let id, _), let items, negated: false):
            guard let field = fields[id], items.count <= ZoneCondition.itemLimit else {
                self = .unknown
                return
            }
            var ranges: [ZoneCondition] = []
            for item in items {
                guard case .constant(let value, _) = item else {
                    self = .unknown
                    return
                }
                if !value.isNull { ranges.append(.within(field: field, ZoneRange(low: value, high: value))) }
            }
            self = .any(ranges)
        default: self = .unknown
        }
    }

    private static func mirrored(_ comparison: ComparisonOperator) -> ComparisonOperator {
        switch comparison {
        case .equal, .notEqual: comparison
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }

    private static func comparison(
        _ comparison: ComparisonOperator, _ field: Int?, _ value: ScalarValue
    ) -> ZoneCondition {
        guard let field else { return .unknown }
        if value.isNull { return .any([]) }
        return switch comparison {
        case .equal: .within(field: field, ZoneRange(low: value, high: value))
        case .notEqual: .unknown
        case .less, .lessOrEqual: .within(field: field, ZoneRange(low: nil, high: value))
        case .greater, .greaterOrEqual: .within(field: field, ZoneRange(low: value, high: nil))
        }
    }

    /// False only if no row of the segment meets the filter.
    func mightHold(in table: any ScannableTable, segment: Int) -> Bool {
        switch self {
        case .all(let parts): parts.allSatisfy { $0.mightHold(in: table, segment: segment) }
        case .any(let parts): parts.contains { $0.mightHold(in: table, segment: segment) }
        case .within(let field, let range): table.mightContain(segment: segment, field: field, range: range)
        case .unknown: true
        }
    }
}
