/// One SQL statement as the user wrote it, before any name is looked up.
///
/// Every `position` in the tree is a UTF-8 byte offset into the whole text given to ``PostgresParser``, or -1 when the
/// grammar does not record one.
package indirect enum Statement: Sendable {
    /// `select`, `values`, `table x`, with or without `with`.
    case select(Query)
    case createView(CreateView)
    case createTableAs(CreateTableAs)
    case drop(Drop)
    case explain(Explain)
    /// `copy … to 'path'`; `copy … from` is refused by the parser.
    case copyTo(CopyTo)
    /// `describe x`, `describe select …`: names and types of the columns.
    case describe(RelationSource)
    /// `summarize x`, `summarize select …`: one row of statistics for each column.
    case summarize(RelationSource)
    /// `show tables`, or `describe` alone.
    case showTables(position: Int)
    /// `show name`: the value of one setting.
    case show(name: String, position: Int)
    case set(Setting)
}

/// What `copy`, `describe` and `summarize` read: a table or view by name, or a query.
package enum RelationSource: Sendable {
    case table(QualifiedName)
    case query(Query)
}

/// `create [or replace] view name [(columns)] as query`.
package struct CreateView: Sendable {
    package var name: QualifiedName
    /// New names for the leading columns; empty when the query's own names are kept.
    package var columns: [String]
    package var query: Query
    package var orReplace: Bool

    package init(name: QualifiedName, columns: [String], query: Query, orReplace: Bool) {
        self.name = name
        self.columns = columns
        self.query = query
        self.orReplace = orReplace
    }
}

/// `create table [if not exists] name [(columns)] as query`.
package struct CreateTableAs: Sendable {
    package var name: QualifiedName
    /// New names for the leading columns; empty when the query's own names are kept.
    package var columns: [String]
    package var query: Query
    package var ifNotExists: Bool

    package init(name: QualifiedName, columns: [String], query: Query, ifNotExists: Bool) {
        self.name = name
        self.columns = columns
        self.query = query
        self.ifNotExists = ifNotExists
    }
}

/// `drop table|view [if exists] names`.
package struct Drop: Sendable {
    package enum Kind: Sendable, Equatable {
        case table
        case view
    }

    package var kind: Kind
    package var names: [QualifiedName]
    package var ifExists: Bool

    package init(kind: Kind, names: [QualifiedName], ifExists: Bool) {
        self.kind = kind
        self.names = names
        self.ifExists = ifExists
    }
}

/// `explain [analyze] statement`.
package struct Explain: Sendable {
    package var statement: Statement
    package var analyze: Bool
    package var formatJSON: Bool

    package init(statement: Statement, analyze: Bool, formatJSON: Bool) {
        self.statement = statement
        self.analyze = analyze
        self.formatJSON = formatJSON
    }
}

/// `copy table|(query) to 'path' [(options)]`.
package struct CopyTo: Sendable {
    /// One option, its name in lower case; without a value it is a flag that is on.
    package struct Option: Sendable {
        package var name: String
        package var value: Literal?
        package var position: Int

        package init(name: String, value: Literal?, position: Int) {
            self.name = name
            self.value = value
            self.position = position
        }
    }

    package var source: RelationSource
    /// Columns of the table to write, in this order; empty means all.
    package var columns: [String]
    /// File to write; nil for `to stdout`.
    package var path: String?
    package var options: [Option]

    package init(source: RelationSource, columns: [String], path: String?, options: [Option]) {
        self.source = source
        self.columns = columns
        self.path = path
        self.options = options
    }
}

/// `set name = value`.
package struct Setting: Sendable {
    /// Name in lower case, parts joined by a dot.
    package var name: String
    package var value: Literal
    package var position: Int

    package init(name: String, value: Literal, position: Int) {
        self.name = name
        self.value = value
        self.position = position
    }
}

/// The name of a table or view, with its schema when one was written.
package struct QualifiedName: Sendable {
    /// Where a table is read it may stand behind the name of the database it is in.
    package var database: String?
    package var schema: String?
    package var name: String
    package var position: Int

    package init(schema: String? = nil, name: String, position: Int = -1) {
        self.schema = schema
        self.name = name
        self.position = position
    }
}
