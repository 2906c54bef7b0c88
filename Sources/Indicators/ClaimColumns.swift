import Claims
import Columns
import Diagnostics
import Engine

/// The columns that a store's claims have: what a parameter of the type `column` may name.
///
/// Which ones there are beside the canonical ones depends on the files that were loaded, so that only the store can tell.
struct ClaimColumns {
    private let fields: [Field]

    /// - Throws: The runner's errors.
    init(_ runner: any QueryRunner) throws {
        fields = try runner.run(sql: "select * from claims limit 0").schema.fields
    }

    /// The name that the claims have for what a column parameter means by default; nil if they have none.
    ///
    /// The insurance type is no canonical column, and files call it by several names.
    func name(for usual: String) -> String? {
        let names = Set(fields.map(\.name))
        if names.contains(usual) { return usual }
        let others = CanonicalColumn.namesOfInsuranceType
        return others.contains(usual) ? others.first(where: names.contains) : nil
    }

    /// Names that would do in place of a default.
    static func names(for usual: String) -> [String] {
        let others = CanonicalColumn.namesOfInsuranceType
        return others.contains(usual) ? [usual] + others.filter { $0 != usual } : [usual]
    }

    /// Refuses a chosen column that is not there, or whose values are of another type than those of the default: text, unless that is
    /// one of the table's own columns.
    func check(_ name: String, for parameter: IndicatorParameter, of indicator: Indicator) throws(IndicatorError) {
        guard case .column(let usual) = parameter.defaultValue else { return }
        guard let found = fields.first(where: { $0.name == name }) else {
            throw .noSuchColumn(
                name, parameter: parameter.name, indicator: indicator.id, nearest: EditDistance.nearest(to: name, among: fields.map(\.name)))
        }
        let expected = CanonicalTable.claims.columns.first { $0.name == usual }?.type ?? .text
        if found.type == expected || found.type.isNumber && expected.isNumber { return }
        throw .columnType(
            name, parameter: parameter.name, indicator: indicator.id, found: found.type.name,
            expected: expected.isNumber ? "numbers" : expected.name)
    }
}

extension BoundIndicator {
    /// As a store answers it: a column that nobody has chosen goes by the name that the store's claims have for it, and one that was
    /// chosen is there and has values of the right type.
    ///
    /// - Throws: `IndicatorError.noColumn`, `.noSuchColumn` or `.columnType`; the runner's errors.
    package func fitted(to runner: any QueryRunner) throws -> BoundIndicator {
        guard indicator.parameters.contains(where: { $0.type == .column }) else { return self }
        let columns = try ClaimColumns(runner)
        var fitted = self
        for (place, parameter) in indicator.parameters.enumerated() {
            guard case .column(let name) = settings[place].value, case .column(let usual) = parameter.defaultValue else { continue }
            if chosen.contains(parameter.name) {
                do throws(IndicatorError) {
                    try columns.check(name, for: parameter, of: indicator)
                } catch {
                    throw places[parameter.name].map { error.placed(at: $0) } ?? error
                }
            } else if let name = columns.name(for: usual) {
                fitted.settings[place].value = .column(name)
            } else {
                throw IndicatorError.noColumn(parameter: parameter.name, indicator: indicator.id, names: ClaimColumns.names(for: usual))
            }
        }
        return fitted
    }
}
