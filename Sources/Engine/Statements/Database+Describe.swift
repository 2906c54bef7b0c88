package import Columns
import Diagnostics
package import Planning
package import SQL

/// What a statement gives and needs, told before it runs.
package struct StatementShape: Sendable {
    /// nil for a statement that gives no rows.
    package var columns: [Field]?
    package var parameterTypes: [ParameterType]
}

extension Database {
    /// The columns of a statement's result and the types of its parameters, without running it.
    ///
    /// - Parameter declared: Types of `$1` and so on; nil, and what is beyond the list, is found out.
    /// - Throws: `Diagnostic` of kind `query` as running it would; for a parameter whose type nothing decides.
    package func describe(
        _ parsed: ParsedStatement, text: String, declared: [ParameterType?] = []
    ) throws -> StatementShape {
        func shape(_ columns: [Field]?) -> StatementShape { StatementShape(columns: columns, parameterTypes: []) }
        switch parsed.statement {
        case .select(let query): return try describe(query, text: text, declared: declared)
        case .explain: return shape([Field(name: "plan", type: .text)])
        case .showTables: return shape(try tableRows().schema.fields)
        case .describe(let source): return shape(try describeRows(source, text: text).schema.fields)
        case .summarize(let source): return shape(try summaryFields(source, text: text))
        case .show(let name, let position): return shape(try settingRows(name, position: position, text: text).schema.fields)
        case .createView, .createTableAs, .drop, .copyTo, .set: return shape(nil)
        }
    }

    private func describe(_ query: Query, text: String, declared: [ParameterType?]) throws -> StatementShape {
        let catalog = try catalog()
        var planning = options.planning
        planning.parameters = .declared(declared)
        planning.showsLongNumbers = true
        let options = planning
        let outcome = LargeStack.run { () -> Result<DescribedQuery, PlanningError> in
            do throws(PlanningError) {
                return .success(try Planner.describe(query, catalog: catalog, options: options))
            } catch {
                return .failure(error)
            }
        }
        guard let outcome else { throw Diagnostic(.busy, "the system refused a thread", mend: "raise the limit on threads") }
        let described: DescribedQuery
        switch outcome {
        case .success(let value): described = value
        case .failure(let error): throw error.diagnostic(in: text)
        }
        let count = max(described.parameterTypes.keys.max() ?? 0, declared.count)
        var types: [ParameterType] = []
        for number in stride(from: 1, through: count, by: 1) {
            let declaredType = number <= declared.count ? declared[number - 1] : nil
            guard let type = described.parameterTypes[number] ?? declaredType else {
                throw Diagnostic(.query, "could not determine data type of parameter $\(number)", statement: text)
            }
            types.append(type)
        }
        let columns = described.columns.map { Field(name: $0.name, type: $0.type, isNullable: $0.isNullable) }
        return StatementShape(columns: columns, parameterTypes: types)
    }

    /// The columns of `summarize`.
    private func summaryFields(_ source: RelationSource, text: String) throws -> [Field] {
        let fields = try fields(of: source, text: text)
        let statement = SummaryStatement.text(of: source, fields: fields)
        guard !fields.isEmpty, case .select(let query)? = try Database.parse(statement).first?.statement else { return [] }
        return try plan(query, text: statement).columns.map { Field(name: $0.name, type: $0.type) }
    }
}
