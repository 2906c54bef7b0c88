/// The place of an operator in a plan: which input to take at each step from the top.
package struct PlanPath: Hashable, Sendable {
    private var steps: [Int]

    package static let root = PlanPath(steps: [])
    /// The top of a plan that is computed once, wherever it is read.
    package static func shared(_ id: Int) -> PlanPath { PlanPath(steps: [-1 - id]) }

    /// The place of an operator's input with this index.
    package func input(_ index: Int) -> PlanPath { PlanPath(steps: steps + [index]) }
}
