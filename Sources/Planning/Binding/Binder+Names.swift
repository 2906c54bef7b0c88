import Columns
import SQL

/// Column names to columns.
extension Binder {
    func bindColumn(_ parts: [String], at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
    {
        var parts = parts
        if parts.count == 3 {
            guard parts[0] == "public" else {
                throw PlanningError("schema \"\(parts[0])\" does not exist", at: position, hint: "write table.column")
            }
            parts.removeFirst()
        }
        guard parts.count <= 2 else {
            throw PlanningError(
                "improper qualified name (too many dotted names): \(parts.joined(separator: "."))", at: position)
        }
        return parts.count == 2
            ? try qualified(parts[0], parts[1], at: position, context) : try plain(parts[0], at: position, context)
    }

    private func plain(_ name: String, at position: Int, _ context: BindContext) throws(PlanningError)
        -> BoundExpression
    {
        var scope: Scope? = context.scope
        while let current = scope {
            let matches = Scope.matches(name, among: current.visible)
            if matches.count > 1 {
                throw PlanningError(
                    "column reference \"\(name)\" is ambiguous", at: position, hint: ambiguity(name, in: current))
            }
            if let match = matches.first { return reference(match, from: current, at: position, context) }
            scope = current.parent
        }
        scope = context.scope
        while let current = scope {
            if let value = current.relations.first(where: { $0.alias == name && $0.isValue })?.columns.first {
                return reference(value, from: current, at: position, context)
            }
            scope = current.parent
        }
        if context.scope.relations.contains(where: { $0.alias == name }) {
            throw .unsupported("the whole row \"\(name)\" as a value", at: position, hint: "name its columns")
        }
        throw unknownColumn(name, among: allNames(context.scope), at: position)
    }

    private func ambiguity(_ name: String, in scope: Scope) -> String? {
        let owners = scope.relations.filter { relation in relation.columns.contains { $0.name == name } }.map(\.alias)
        return owners.isEmpty ? nil : "write " + owners.map { "\($0).\(name)" }.joined(separator: " or ")
    }

    private func allNames(_ scope: Scope) -> [String] {
        var names: [String] = []
        var current: Scope? = scope
        while let scope = current {
            names += scope.visible.map(\.name)
            current = scope.parent
        }
        return names
    }

    func unknownColumn(_ name: String, among names: [String], at position: Int) -> PlanningError {
        var error = PlanningError(
            "column \"\(name)\" does not exist", at: position, hint: PlanningError.suggestion(for: name, among: names))
        error.missingColumn = name
        return error
    }

    private func qualified(
        _ table: String, _ name: String, at position: Int, _ context: BindContext
    ) throws(PlanningError) -> BoundExpression {
        var scope: Scope? = context.scope
        var aliases: [String] = []
        while let current = scope {
            if let relation = current.relations.first(where: { $0.alias == table }) {
                let matches = Scope.matches(name, among: relation.columns)
                guard let match = matches.first else {
                    throw PlanningError(
                        "column \(table).\(name) does not exist", at: position,
                        hint: PlanningError.suggestion(for: name, among: relation.columns.map(\.name)))
                }
                guard matches.count == 1 else {
                    throw PlanningError("column reference \"\(name)\" is ambiguous", at: position)
                }
                return reference(match, from: current, at: position, context)
            }
            aliases += current.relations.map(\.alias)
            scope = current.parent
        }
        throw PlanningError(
            "missing FROM-clause entry for table \"\(table)\"", at: position,
            hint: PlanningError.suggestion(for: table, among: aliases))
    }

    private func reference(
        _ column: ScopeColumn, from owner: Scope, at position: Int, _ context: BindContext
    ) -> BoundExpression {
        noteReference(to: column.id, at: position)
        let relation = owner.relations.first { $0.columns.contains { $0.id == column.id } }
        let prefix = relation.map { $0.alias.isEmpty ? "" : $0.alias + "." } ?? ""
        let reference = SelectBlock.Reference(id: column.id, displayName: prefix + column.name, position: position)
        guard owner === context.scope else {
            owner.block.innerReferences.append(reference)
            return .outerColumn(column.id, column.type)
        }
        owner.block.references.append(reference)
        return .column(column.id, column.type)
    }

    /// The columns `*` or `t.*` stands for.
    func starColumns(_ qualifier: [String], at position: Int, _ scope: Scope) throws(PlanningError) -> [ScopeColumn] {
        guard let table = qualifier.last else {
            guard !scope.relations.isEmpty else {
                throw PlanningError("SELECT * with no tables specified is not valid", at: position)
            }
            return scope.visible
        }
        guard let relation = scope.relations.first(where: { $0.alias == table }) else {
            if let parent = scope.parent, let columns = try? starColumns(qualifier, at: position, parent) { return columns }
            throw PlanningError(
                "missing FROM-clause entry for table \"\(table)\"", at: position,
                hint: PlanningError.suggestion(for: table, among: scope.relations.map(\.alias)))
        }
        return relation.columns
    }
}
