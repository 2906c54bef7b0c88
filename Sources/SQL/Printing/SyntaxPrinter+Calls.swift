extension SyntaxPrinter {
    /// Writes the expressions that look like calls.
    mutating func print(call kind: ExpressionKind) {
        switch kind {
        case .caseWhen(let expression): print(expression)
        case .cast(let operand, let type):
            write("cast(")
            print(operand)
            write(" as ")
            print(type)
            write(")")
        case .function(let call): print(call)
        case .extract(let field, let operand):
            write("extract(")
            write(string: field)
            write(" from ")
            print(operand: operand)
            write(")")
        case .coalesce(let items): print(items, of: "coalesce(")
        case .nullIf(let left, let right): print([left, right], of: "nullif(")
        case .greatest(let items): print(items, of: "greatest(")
        case .least(let items): print(items, of: "least(")
        case .row(let items): print(items, of: "row(")
        case .grouping(let items): print(items, of: "grouping(")
        case .array(let items): print(items, of: "array[", closing: "]")
        case .currentValue(let value): print(value)
        default: break
        }
    }

    private mutating func print(_ items: [Expression], of opening: String, closing: String = ")") {
        write(opening)
        print(list: items)
        write(closing)
    }

    private mutating func print(_ expression: CaseExpression) {
        write("case")
        if let operand = expression.operand {
            write(" ")
            print(operand: operand)
        }
        for branch in expression.branches {
            write(" when ")
            print(branch.condition)
            write(" then ")
            print(branch.result)
        }
        if let otherwise = expression.otherwise {
            write(" else ")
            print(otherwise)
        }
        write(" end")
    }

    private mutating func print(_ value: CurrentValue) {
        func with(_ precision: Int?) -> String { precision.map { "(\($0))" } ?? "" }
        switch value {
        case .date: write("current_date")
        case .time(let precision): write("current_time" + with(precision))
        case .timestamp(let precision): write("current_timestamp" + with(precision))
        case .localTime(let precision): write("localtime" + with(precision))
        case .localTimestamp(let precision): write("localtimestamp" + with(precision))
        case .user: write("current_user")
        case .shortUser: write("user")
        case .sessionUser: write("session_user")
        case .role: write("current_role")
        case .catalog: write("current_catalog")
        case .schema: write("current_schema")
        }
    }
}

// MARK: - Functions

extension SyntaxPrinter {
    mutating func print(_ call: FunctionCall) {
        if call.isKeywordForm { return print(keywordForm: call) }
        write(Identifier.quoted(call.name))
        write(call.isDistinct ? "(distinct " : "(")
        if call.isStar { write("*") }
        let last = call.isVariadic ? call.arguments.count - 1 : nil
        separated(Array(call.arguments.enumerated())) { printer, item in
            let (index, argument) = item
            if index == last { printer.write("variadic ") }
            if let name = argument.name {
                printer.write(name: name)
                printer.write(" => ")
            }
            printer.print(argument.value)
        }
        if !call.isWithinGroup { print(orderBy: call.orderBy) }
        write(")")
        if call.isWithinGroup {
            write(" within group (")
            print(orderBy: call.orderBy, prefix: "order by ")
            write(")")
        }
        if let filter = call.filter {
            write(" filter (where ")
            print(filter)
            write(")")
        }
        if let over = call.over { print(over) }
    }

    private mutating func print(keywordForm call: FunctionCall) {
        let items = call.arguments.map(\.value)
        switch call.name[0] {
        case "position": print([items[1], items[0]], of: "position(", separators: [" in "])
        case "substring": print(items, of: "substring(", separators: [" from ", " for "])
        case "overlay": print(items, of: "overlay(", separators: [" placing ", " from ", " for "])
        case "btrim": print(items, of: "trim(both ")
        case "ltrim": print(items, of: "trim(leading ")
        case "rtrim": print(items, of: "trim(trailing ")
        default:
            print(Array(items.prefix(2)), of: "row(")
            write(" overlaps ")
            print(Array(items.dropFirst(2)), of: "row(")
        }
    }

    private mutating func print(_ items: [Expression], of opening: String, separators: [String]) {
        write(opening)
        for (index, item) in items.enumerated() {
            if index > 0 { write(separators[min(index, separators.count) - 1]) }
            print(operand: item)
        }
        write(")")
    }

    private mutating func print(_ window: Window) {
        write(" over ")
        switch window {
        case .named(let name, _): write(name: name)
        case .specification(let specification): print(specification)
        }
    }

    mutating func print(_ window: WindowSpecification) {
        write("(")
        var separator = ""
        if let base = window.base {
            write(name: base)
            separator = " "
        }
        if !window.partitionBy.isEmpty {
            write(separator + "partition by ")
            print(list: window.partitionBy)
            separator = " "
        }
        if !window.orderBy.isEmpty {
            print(orderBy: window.orderBy, prefix: separator + "order by ")
            separator = " "
        }
        if let frame = window.frame {
            write(separator)
            print(frame)
        }
        write(")")
    }

    private mutating func print(_ frame: WindowFrame) {
        write(frame.mode.rawValue + " between ")
        print(frame.start)
        write(" and ")
        print(frame.end)
        switch frame.exclusion {
        case .none: break
        case .currentRow: write(" exclude current row")
        case .group: write(" exclude group")
        case .ties: write(" exclude ties")
        }
    }

    private mutating func print(_ bound: WindowFrame.Bound) {
        switch bound {
        case .unboundedPreceding: write("unbounded preceding")
        case .currentRow: write("current row")
        case .unboundedFollowing: write("unbounded following")
        case .preceding(let distance):
            print(operand: distance)
            write(" preceding")
        case .following(let distance):
            print(operand: distance)
            write(" following")
        }
    }
}
