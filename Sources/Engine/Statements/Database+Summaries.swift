import Columns
import Planning
import SQL

/// `summarize`: statistics of every column of a table, view or query.
extension Database {
    /// One row for each column, with DuckDB's names; counts of distinct values are exact, quantiles are values that occur.
    func summaryRows(_ source: RelationSource, text: String) throws -> QueryResult {
        let fields = try fields(of: source, text: text)
        if fields.isEmpty { return try rows(of: Database.query(of: source), text: text) }
        // Names are said in the error of `fields`; the statement made here holds no mistake of the user's.
        let statement = SummaryStatement.text(of: source, fields: fields)
        guard case .select(let query)? = try Database.parse(statement).first?.statement else {
            return ResultRows(fields: []).result()
        }
        return try rows(of: query, text: statement)
    }
}

/// The query behind `summarize`.
enum SummaryStatement {
    static func text(of source: RelationSource, fields: [Field]) -> String {
        switch source {
        case .table(let name):
            // Every part reads its one column from the segments: nothing is held but that.
            let relation = Identifier.quoted([name.schema, name.name].compactMap { $0 })
            return fields.map { select($0) + " from " + relation }.joined(separator: " union all ")
        case .query(let query):
            let names = fields.indices.map { "c\($0)" }
            let renamed = "with relation(\(names.joined(separator: ", "))) as materialized (\(SyntaxPrinter.text(of: query))) "
            return renamed
                + zip(names, fields).map { select($1, column: $0) + " from relation" }.joined(separator: " union all ")
        }
    }

    private static func select(_ field: Field, column: String? = nil) -> String {
        let column = column ?? Identifier.quoted(field.name)
        let least: String
        let greatest: String
        switch field.type {
        case .boolean: (least, greatest) = ("bool_and(\(column))::text", "bool_or(\(column))::text")
        case .interval, .array: (least, greatest) = ("null::text", "null::text")
        default: (least, greatest) = ("min(\(column))::text", "max(\(column))::text")
        }
        let isNumber = field.type.isNumber
        let isOrdered: Bool
        switch field.type {
        case .text, .boolean, .interval, .unknown, .array: isOrdered = false
        default: isOrdered = true
        }
        func quantile(_ fraction: String) -> String {
            isOrdered ? "(percentile_disc(\(fraction)) within group (order by \(column)))::text" : "null::text"
        }
        let distinct = field.type == .interval ? "null::bigint" : "count(distinct \(column))"
        let items = [
            "\(literal(field.name)) as column_name", "\(literal(field.type.name)) as column_type", "\(least) as min",
            "\(greatest) as max", "\(distinct) as distinct_count",
            "\(isNumber ? "avg(\(column))::double precision" : "null::double precision") as avg",
            "\(isNumber ? "stddev_samp(\(column)::double precision)" : "null::double precision") as std", "\(quantile("0.25")) as q25",
            "\(quantile("0.5")) as q50", "\(quantile("0.75")) as q75", "count(*) as count",
            "count(*) - count(\(column)) as null_count",
            "round(100.0 * (count(*) - count(\(column))) / nullif(count(*), 0), 2) as null_percentage",
        ]
        return "select " + items.joined(separator: ", ")
    }

    private static func literal(_ text: String) -> String {
        "'" + text.replacing("'", with: "''") + "'"
    }
}
