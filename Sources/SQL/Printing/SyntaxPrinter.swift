/// Writes a tree as SQL text that parses to the same tree again, apart from positions.
///
/// Operators are put in parentheses wherever precedence could matter, casts as `cast(… as …)`.
package struct SyntaxPrinter {
    var text = ""

    package static func text(of statement: Statement) -> String {
        var printer = SyntaxPrinter()
        printer.print(statement)
        return printer.text
    }

    package static func text(of query: Query) -> String {
        var printer = SyntaxPrinter()
        printer.print(query)
        return printer.text
    }

    package static func text(of expression: Expression) -> String {
        var printer = SyntaxPrinter()
        printer.print(expression)
        return printer.text
    }

    package static func text(of type: TypeName) -> String {
        var printer = SyntaxPrinter()
        printer.print(type)
        return printer.text
    }

    mutating func write(_ part: String) {
        text += part
    }

    mutating func write(name: String) {
        text += Identifier.quoted(name)
    }

    mutating func write(string: String) {
        text += "'"
        for scalar in string.unicodeScalars {
            text.unicodeScalars.append(scalar)
            if scalar == "'" { text += "'" }
        }
        text += "'"
    }

    /// `(a, b)`, or nothing for no names.
    mutating func write(columns: [String]) {
        if columns.isEmpty { return }
        write(" (" + columns.map { Identifier.quoted($0) }.joined(separator: ", ") + ")")
    }

    mutating func separated<Item>(_ items: [Item], by separator: String = ", ", _ each: (inout Self, Item) -> Void) {
        for (index, item) in items.enumerated() {
            if index > 0 { write(separator) }
            each(&self, item)
        }
    }

    mutating func print(list: [Expression]) {
        separated(list) { $0.print($1) }
    }
}

// MARK: - Statements

extension SyntaxPrinter {
    mutating func print(_ statement: Statement) {
        switch statement {
        case .select(let query): print(query)
        case .createView(let view):
            write(view.orReplace ? "create or replace view " : "create view ")
            print(view.name)
            write(columns: view.columns)
            write(" as ")
            print(view.query)
        case .createTableAs(let table):
            write(table.ifNotExists ? "create table if not exists " : "create table ")
            print(table.name)
            write(columns: table.columns)
            write(" as ")
            print(table.query)
        case .drop(let drop):
            write(drop.kind == .table ? "drop table " : "drop view ")
            if drop.ifExists { write("if exists ") }
            separated(drop.names) { $0.print($1) }
        case .explain(let explain): print(explain)
        case .copyTo(let copy): print(copy)
        case .describe(let source):
            write("describe ")
            print(source, inParentheses: false)
        case .summarize(let source):
            write("summarize ")
            print(source, inParentheses: false)
        case .showTables: write("show tables")
        case .show(let name, _): write("show " + name)
        case .set(let setting):
            write("set \(setting.name) = ")
            print(setting.value)
        }
    }

    mutating func print(_ name: QualifiedName) {
        if let database = name.database {
            write(name: database)
            write(".")
        }
        if let schema = name.schema {
            write(name: schema)
            write(".")
        }
        write(name: name.name)
    }

    private mutating func print(_ explain: Explain) {
        write("explain ")
        var options: [String] = []
        if explain.analyze { options.append("analyze") }
        if explain.formatJSON { options.append("format json") }
        if !options.isEmpty { write("(" + options.joined(separator: ", ") + ") ") }
        print(explain.statement)
    }

    private mutating func print(_ source: RelationSource, inParentheses: Bool) {
        switch source {
        case .table(let name): print(name)
        case .query(let query):
            if inParentheses { write("(") }
            print(query)
            if inParentheses { write(")") }
        }
    }

    private mutating func print(_ copy: CopyTo) {
        write("copy ")
        print(copy.source, inParentheses: true)
        write(columns: copy.columns)
        write(" to ")
        if let path = copy.path { write(string: path) } else { write("stdout") }
        if copy.options.isEmpty { return }
        write(" (")
        separated(copy.options) { printer, option in
            printer.write(name: option.name)
            guard let value = option.value else { return }
            printer.write(" ")
            printer.print(value)
        }
        write(")")
    }
}
