import Columns

/// Bound expressions as SQL.
package struct ExpressionPrinter {
    let names: [ColumnID: String]

    /// Binding strength, weakest first: an operand weaker than its place gets parentheses.
    private enum Strength: Int { case or, and, not, comparison, sum, product, unary, atom }

    package func text(_ expression: BoundExpression) -> String { print(expression).text }

    /// The text as one part of a chain of ANDs.
    func conjunct(_ expression: BoundExpression) -> String { print(expression, atLeast: .not) }

    private func print(_ expression: BoundExpression, atLeast strength: Strength) -> String {
        let printed = print(expression)
        return printed.strength.rawValue < strength.rawValue ? "(\(printed.text))" : printed.text
    }

    private func print(_ expression: BoundExpression) -> (text: String, strength: Strength) {
        switch expression {
        case .constant(let value, let type): return (constant(value, type), .atom)
        case .column(let id, _): return (names[id] ?? "column\(id.number)", .atom)
        case .outerColumn(let id, _): return ("outer." + (names[id] ?? "column\(id.number)"), .atom)
        case .cast(let operand, let type, _): return ("\(print(operand, atLeast: .atom))::\(typeName(type))", .atom)
        case .comparison(let comparison, let left, let right):
            return (binary(left, comparison.rawValue, right, .sum, .sum), .comparison)
        case .distinct(let left, let right, let negated):
            return (binary(left, "IS \(negated ? "NOT " : "")DISTINCT FROM", right, .sum, .sum), .comparison)
        case .arithmetic(let operation, let left, let right, _, _):
            switch operation {
            case .add, .subtract: return (binary(left, operation.rawValue, right, .sum, .product), .sum)
            case .multiply, .divide, .modulo:
                return (binary(left, operation.rawValue, right, .product, .unary), .product)
            }
        case .negate(let operand, _, _): return ("-" + print(operand, atLeast: .atom), .unary)
        case .and(let items): return (items.map { print($0, atLeast: .not) }.joined(separator: " AND "), .and)
        case .or(let items): return (items.map { print($0, atLeast: .and) }.joined(separator: " OR "), .or)
        case .not(let operand): return ("NOT " + print(operand, atLeast: .comparison), .not)
        case .isNull(let operand, let negated):
            return (print(operand, atLeast: .sum) + (negated ? " IS NOT NULL" : " IS NULL"), .comparison)
        case .isTruth(let operand, let value, let negated):
            return (
                print(operand, atLeast: .sum) + " IS \(negated ? "NOT " : "")\(value ? "TRUE" : "FALSE")", .comparison
            )
        case .inList(let operand, let items, let negated):
            let list = items.map(text).joined(separator: ", ")
            return ("\(print(operand, atLeast: .sum)) \(negated ? "NOT " : "")IN (\(list))", .comparison)
        case .like(let operand, let pattern, let escape, let caseInsensitive, let negated):
            var text = binary(
                operand, "\(negated ? "NOT " : "")\(caseInsensitive ? "ILIKE" : "LIKE")", pattern, .sum, .sum)
            if escape != 0x5C {
                text += " ESCAPE \(quoted(escape.map { String(decoding: [$0], as: UTF8.self) } ?? ""))"
            }
            return (text, .comparison)
        case .caseWhen(let branches, let otherwise, _):
            var text = "CASE"
            for branch in branches { text += " WHEN \(self.text(branch.condition)) THEN \(self.text(branch.result))" }
            return (text + " ELSE \(self.text(otherwise)) END", .atom)
        case .coalesce(let items, _): return ("coalesce(\(items.map(text).joined(separator: ", ")))", .atom)
        case .call("concat_op", let arguments, _, _) where arguments.count == 2:
            return (binary(arguments[0], "||", arguments[1], .sum, .product), .sum)
        case .call(let name, let arguments, _, _):
            return ("\(name)(\(arguments.map(text).joined(separator: ", ")))", .atom)
        case .subquery: return ("(subquery)", .atom)
        }
    }

    private func binary(
        _ left: BoundExpression, _ name: String, _ right: BoundExpression, _ leftStrength: Strength,
        _ rightStrength: Strength
    ) -> String {
        "\(print(left, atLeast: leftStrength)) \(name) \(print(right, atLeast: rightStrength))"
    }

    private func typeName(_ type: LogicalType) -> String { type == .double ? "double" : type.name }

    private func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    private func constant(_ value: ScalarValue, _ type: LogicalType) -> String {
        switch value {
        case .null: return "NULL"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .numeric(let unscaled, let scale): return DecimalText.string(unscaled: unscaled, scale: scale)
        case .double(let value): return "\(value)"
        case .text(let value): return quoted(value)
        case .date(let day): return "date '\(date(Int(day)))'"
        case .timestamp(let time): return "timestamp '\(timestamp(time))'"
        case .interval(let interval):
            return "interval '\(interval.months) mons \(interval.days) days \(interval.microseconds) us'"
        }
    }

    private func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private func date(_ day: Int) -> String {
        if let infinite = Int32(exactly: day), CivilTime.isInfinite(day: infinite) { return day < 0 ? "-infinity" : "infinity" }
        let date = CivilDate(daysSinceEpoch: day)
        return "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))"
    }

    private func timestamp(_ time: Int64) -> String {
        let day = CivilTime.day(ofMicroseconds: time)
        if CivilTime.isInfinite(microseconds: time) { return date(Int(day)) }
        let rest = Int(time - Int64(day) * CivilTime.microsecondsPerDay)
        let seconds = rest / 1_000_000
        var text =
            "\(date(Int(day))) \(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        if rest % 1_000_000 != 0 { text += "." + padded(rest % 1_000_000, 6) }
        return text
    }

    func sortKey(_ key: PlanSortKey) -> String {
        var text = self.text(key.expression) + (key.descending ? " DESC" : "")
        if key.nullsFirst != key.descending { text += key.nullsFirst ? " NULLS FIRST" : " NULLS LAST" }
        return text
    }

    /// An aggregate or window call without OVER.
    func call(_ call: AggregateCall) -> String {
        var inside = call.arguments.map(text).joined(separator: ", ")
        if call.arguments.isEmpty, call.name == "count" { inside = "*" }
        // Rows: behind a first argument that is always there come their fields.
        if call.name == "count", call.arguments.count > 1 { inside = "(\(call.arguments.dropFirst().map(text).joined(separator: ", ")))" }
        if call.isDistinct { inside = "DISTINCT " + inside }
        var result: String
        let order = call.orderBy.map(sortKey).joined(separator: ", ")
        if AggregateSignatures.orderedSets.contains(call.name) {
            result = "\(call.name)(\(inside)) WITHIN GROUP (ORDER BY \(order))"
        } else {
            result = "\(call.name)(\(inside)\(order.isEmpty ? "" : " ORDER BY \(order)"))"
        }
        if let filter = call.filter { result += " FILTER (WHERE \(text(filter)))" }
        return result
    }

    func frame(_ frame: WindowFrame) -> String {
        func bound(_ bound: WindowFrame.Bound) -> String {
            switch bound {
            case .unboundedPreceding: "unbounded preceding"
            case .preceding(let offset): "\(text(offset)) preceding"
            case .currentRow: "current row"
            case .following(let offset): "\(text(offset)) following"
            case .unboundedFollowing: "unbounded following"
            }
        }
        let mode = frame.mode == .rows ? "rows" : (frame.mode == .range ? "range" : "groups")
        let exclusion: String =
            switch frame.exclusion {
            case .none: ""
            case .currentRow: " exclude current row"
            case .group: " exclude group"
            case .ties: " exclude ties"
            }
        return "\(mode) between \(bound(frame.start)) and \(bound(frame.end))\(exclusion)"
    }
}
