import Columns

/// What is known of the values of a plan's columns, through the projections between them and their tables.
///
/// Tables are asked for a column on first need: most statements have no join to order.
struct ColumnValues {
    private struct Place: Hashable {
        var table: String
        var field: Int
    }

    private var places: [ColumnID: Place] = [:]
    private var expressions: [ColumnID: BoundExpression] = [:]
    private var aggregates: Set<ColumnID> = []
    private let known = KnownEstimates()

    /// The estimates of columns asked for so far.
    private final class KnownEstimates {
        var columns: [Place: ColumnEstimate?] = [:]
    }

    mutating func note(_ scan: TableScanNode) {
        for column in scan.columns { places[column.column.id] = Place(table: scan.table, field: column.fieldIndex) }
    }

    mutating func note(_ item: ProjectedColumn) {
        if case .column(item.column.id, _) = item.expression { return }
        expressions[item.column.id] = item.expression
    }

    mutating func noteAggregate(_ id: ColumnID) { aggregates.insert(id) }

    /// Whether the expression is an aggregate's result.
    func isAggregate(_ expression: BoundExpression) -> Bool {
        if case .column(let id, _) = expression { return aggregates.contains(id) }
        return false
    }

    /// How far an expression is followed: through projections and casts, never for ever.
    private static let depthLimit = 50

    func estimate(_ expression: BoundExpression, in catalog: any Catalog, depth: Int = 0) -> ColumnEstimate? {
        if depth > ColumnValues.depthLimit { return nil }
        switch expression {
        case .column(let id, _):
            if let place = places[id] {
                if let estimate = known.columns[place] { return estimate }
                let estimate = catalog.estimate(ofTable: place.table, field: place.field)
                known.columns[place] = .some(estimate)
                return estimate
            }
            return expressions[id].flatMap { estimate($0, in: catalog, depth: depth + 1) }
        case .cast(let operand, let type, _):
            guard let inner = estimate(operand, in: catalog, depth: depth + 1) else { return nil }
            let keepsPlaces = operand.type.isNumber && type.isNumber || operand.type == .date && type == .timestamp
            return ColumnEstimate(
                distinctCount: inner.distinctCount, range: keepsPlaces ? inner.range : nil, nullShare: inner.nullShare)
        case .call(let name, let arguments, _, _) where name == "extract" || name == "date_part":
            guard case .text(let field)? = arguments.first?.constantValue else { return nil }
            switch field {
            case "month": return ColumnEstimate(distinctCount: 12)
            case "quarter": return ColumnEstimate(distinctCount: 4)
            case "dow", "isodow": return ColumnEstimate(distinctCount: 7)
            case "day": return ColumnEstimate(distinctCount: 31)
            case "hour": return ColumnEstimate(distinctCount: 24)
            case "year":
                guard let range = estimate(arguments[1], in: catalog, depth: depth + 1)?.range else { return nil }
                let year = 365.2425 * Double(CivilTime.microsecondsPerDay)
                return ColumnEstimate(distinctCount: ((range.upperBound - range.lowerBound) / year).rounded(.up) + 1)
            default: return nil
            }
        default: return nil
        }
    }

    func distinct(_ expression: BoundExpression, in catalog: any Catalog) -> Double? {
        estimate(expression, in: catalog)?.distinctCount
    }

    /// The part of the rows where the expression has a value, as far as it is known.
    func presentShare(_ expression: BoundExpression, in catalog: any Catalog) -> Double {
        1 - (estimate(expression, in: catalog)?.nullShare ?? 0)
    }

    /// How many values two keys may share, and which part of all pairs of rows lies where both have values.
    func pair(
        _ left: BoundExpression, _ right: BoundExpression, in catalog: any Catalog
    ) -> (distinct: Double?, overlap: Double) {
        let a = estimate(left, in: catalog)
        let b = estimate(right, in: catalog)
        guard let x = a?.distinctCount, let y = b?.distinctCount else { return (a?.distinctCount ?? b?.distinctCount, 1) }
        guard let first = a?.range, let second = b?.range else { return (max(x, y), 1) }
        let width = min(first.upperBound, second.upperBound) - max(first.lowerBound, second.lowerBound)
        if width < 0 { return (max(x, y), 0) }
        let firstShare = min(1, (width + 1) / (first.upperBound - first.lowerBound + 1))
        let secondShare = min(1, (width + 1) / (second.upperBound - second.lowerBound + 1))
        let (m, n) = (max(1, x * firstShare), max(1, y * secondShare))
        // Numbers of which one side has many are keys there, and the other side refers to them: then every value of the
        // other side is one of them. Numbers that are thinly spread say nothing about each other.
        let isDense = min(m, n) * 16 >= width
        return (isDense ? min(m, n) : max(m, n), firstShare * secondShare)
    }
}
