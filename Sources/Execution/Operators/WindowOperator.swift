import Columns
import Planning

struct WindowOperator {
    init(_ items: [WindowColumn], _ input: Relation, _ context: ExecutionContext) {}
    func relation(columns: [PlanColumn]) throws(ExecutionError) -> Relation {
        throw ExecutionError(.unsupported("window functions are not supported"))
    }
}
