/// What follows `over`.
package enum Window: Sendable {
    /// `over name`: a window of the `window` clause, taken whole with its frame.
    case named(String, position: Int)
    /// `over (…)`.
    case specification(WindowSpecification)
}

/// One entry of the `window` clause: `name as (specification)`.
package struct NamedWindow: Sendable {
    package var name: String
    package var specification: WindowSpecification

    package init(name: String, specification: WindowSpecification) {
        self.name = name
        self.specification = specification
    }
}

/// `([base] [partition by …] [order by …] [frame])`.
package struct WindowSpecification: Sendable {
    /// A named window that this one extends.
    package var base: String?
    package var partitionBy: [Expression]
    package var orderBy: [SortKey]
    /// Nil when none was written: `range between unbounded preceding and current row`.
    package var frame: WindowFrame?
    package var position: Int

    package init(
        base: String? = nil, partitionBy: [Expression] = [], orderBy: [SortKey] = [], frame: WindowFrame? = nil,
        position: Int = -1
    ) {
        self.base = base
        self.partitionBy = partitionBy
        self.orderBy = orderBy
        self.frame = frame
        self.position = position
    }
}

/// `rows|range|groups between start and end [exclude …]`.
package struct WindowFrame: Sendable {
    package enum Mode: String, Sendable, Equatable {
        case rows
        case range
        case groups
    }

    package enum Bound: Sendable {
        case unboundedPreceding
        case preceding(Expression)
        case currentRow
        case following(Expression)
        case unboundedFollowing
    }

    package enum Exclusion: Sendable, Equatable {
        case none
        case currentRow
        case group
        case ties
    }

    package var mode: Mode
    package var start: Bound
    /// `currentRow` when only a start was written.
    package var end: Bound
    package var exclusion: Exclusion

    package init(mode: Mode, start: Bound, end: Bound, exclusion: Exclusion = .none) {
        self.mode = mode
        self.start = start
        self.end = end
        self.exclusion = exclusion
    }
}
