import Columns
import Engine
import Knowledge

/// What an import found, a row for each list.
enum KnowledgeListRows {
    static func result(_ imported: ImportedKnowledge) -> QueryResult {
        var rows = ResultRows(fields: [
            Field(name: "file", type: .text), Field(name: "sheet", type: .text), Field(name: "batch", type: .text),
            Field(name: "points", type: .bigint), Field(name: "codes", type: .bigint), Field(name: "rejected", type: .bigint),
            Field(name: "captions", type: .bigint),
        ])
        for list in imported.lists {
            rows.append([
                .text(list.file), .text(list.sheet), .text(list.batch), .integer(Int64(list.pointCount)),
                .integer(Int64(list.codeCount)), .integer(Int64(list.rejectedCount)), .integer(Int64(list.captionCount)),
            ])
        }
        return rows.result()
    }
}
