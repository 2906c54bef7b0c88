/// A call of a scalar, aggregate, window or table function.
package struct FunctionCall: Sendable {
    /// An argument, positional or `name => value`.
    package struct Argument: Sendable {
        package var name: String?
        package var value: Expression

        package init(name: String? = nil, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    /// Schema and name, or the name alone; lower case unless quoted.
    ///
    /// SQL's keyword forms come with the arguments in PostgreSQL's order: `position(a in b)` is `position(b, a)`,
    /// `substring(s from 1 for 2)` is `substring(s, 1, 2)`, `trim(both x from s)` is `btrim(s, x)` (`ltrim`, `rtrim`),
    /// `overlay(s placing t from 1 for 2)` is `overlay(s, t, 1, 2)`, `(a, b) overlaps (c, d)` is `overlaps(a, b, c, d)`.
    package var name: [String]
    package var arguments: [Argument]
    /// `f(*)`.
    package var isStar: Bool
    /// `f(distinct …)`.
    package var isDistinct: Bool
    /// `f(…, variadic array)`: the last argument is an array of the arguments from there on.
    package var isVariadic = false
    /// Written in a keyword form (see ``name``); only matters for printing.
    package var isKeywordForm: Bool
    /// `order by` inside the parentheses, or of `within group (…)`.
    package var orderBy: [SortKey]
    /// ``orderBy`` came from `within group (order by …)`.
    package var isWithinGroup: Bool
    /// `filter (where …)`.
    package var filter: Expression?
    package var over: Window?
    package var position: Int

    package init(
        name: [String], arguments: [Argument] = [], isStar: Bool = false, isDistinct: Bool = false,
        isKeywordForm: Bool = false, orderBy: [SortKey] = [], isWithinGroup: Bool = false, filter: Expression? = nil,
        over: Window? = nil, position: Int = -1
    ) {
        self.name = name
        self.arguments = arguments
        self.isStar = isStar
        self.isDistinct = isDistinct
        self.isKeywordForm = isKeywordForm
        self.orderBy = orderBy
        self.isWithinGroup = isWithinGroup
        self.filter = filter
        self.over = over
        self.position = position
    }
}
