import Columns
import Planning

/// Texts put together for other programs.
enum QuotingFunctions {
    static let all: [String: RowFunction] = [
        "format": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            guard case .text(let pattern) = values[0] else { return .null }
            return .text(try format(pattern, values.dropFirst().map { ArrayFunctions.text($0) }))
        },
        "format array": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            guard case .text(let pattern) = values[0] else { return .null }
            return .text(try format(pattern, values[1].isNull ? [] : try ArrayFunctions.elements(values[1])))
        },
        "quote_literal": RowFunction { (values, _, _) throws(RowFailure) in
            .text(literal(ArrayFunctions.text(values[0]) ?? ""))
        },
        "quote_nullable": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            .text(ArrayFunctions.text(values[0]).map(literal) ?? "NULL")
        },
        "quote_ident": RowFunction { (values, _, _) throws(RowFailure) in
            .text(identifier(ArrayFunctions.text(values[0]) ?? ""))
        },
        "parse_ident": RowFunction { (values, _, _) throws(RowFailure) in
            let text = ArrayFunctions.text(values[0]) ?? ""
            return .text(ArrayText.write(try IdentifierParts.read(text, isStrict: values.count < 2 || values[1] == .boolean(true))))
        },
        "unistr": RowFunction { (values, _, _) throws(RowFailure) in
            .text(try EscapedScalars.read(ArrayFunctions.text(values[0]) ?? ""))
        },
        "num_nulls": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            .integer(Int64(values.filter(\.isNull).count))
        },
        "num_nonnulls": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            .integer(Int64(values.filter { !$0.isNull }.count))
        },
    ]

    private static func literal(_ text: String) -> String {
        let inner = doubled("'", in: doubled("\\", in: text))
        return (text.contains("\\") ? "E" : "") + "'\(inner)'"
    }

    /// Scalar by scalar: an accent behind the mark makes no other character of it.
    private static func doubled(_ mark: Unicode.Scalar, in text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == mark { result.append(mark) }
            result.append(scalar)
        }
        return String(result)
    }

    /// In double quotes unless it reads the same without.
    private static func identifier(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
            && !(text.utf8.first.map { (0x30...0x39).contains($0) } ?? true) && !ReservedWords.contains(text)
        if isPlain { return text }
        return "\"" + doubled("\"", in: text) + "\""
    }

    /// `%[position$][-][width]type` with `s`, `I`, `L`, and `%%`.
    private static func format(_ pattern: String, _ arguments: [String?]) throws(RowFailure) -> String {
        var result = ""
        var rest = Substring(pattern)
        var used = 0
        func number(_ text: inout Substring) -> Int? {
            let digits = text.prefix { $0.isASCII && $0.isNumber }
            guard let value = Int(digits) else { return nil }
            text = text.dropFirst(digits.count)
            return value
        }
        func argument(_ position: Int?) throws(RowFailure) -> String? {
            if let position {
                if position == 0 { throw RowFailure("format specifies argument 0, but arguments are numbered from 1") }
                used = position
            } else {
                used += 1
            }
            guard used <= arguments.count else { throw RowFailure("too few arguments for format()") }
            return arguments[used - 1]
        }
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            if rest.isEmpty { throw RowFailure("unterminated format() type specifier") }
            if rest.hasPrefix("%") {
                result += "%"
                rest = rest.dropFirst()
                continue
            }
            var position: Int?
            var ahead = rest
            if let value = number(&ahead), ahead.hasPrefix("$") {
                position = value
                rest = ahead.dropFirst()
            }
            var isLeft = false
            while rest.hasPrefix("-") {
                isLeft = true
                rest = rest.dropFirst()
            }
            var width = 0
            if rest.hasPrefix("*") {
                rest = rest.dropFirst()
                var widthPosition: Int?
                var following = rest
                if let value = number(&following), following.hasPrefix("$") {
                    widthPosition = value
                    rest = following.dropFirst()
                }
                if let text = try argument(widthPosition) {
                    guard let value = Int(text) else {
                        throw RowFailure("invalid input syntax for type integer: \"\(text)\"")
                    }
                    width = value
                }
            } else if let value = number(&rest) {
                width = value
            }
            guard let type = rest.first else { throw RowFailure("unterminated format() type specifier") }
            rest = rest.dropFirst()
            let value: String
            switch type {
            case "s": value = try argument(position) ?? ""
            case "L": value = try argument(position).map(literal) ?? "NULL"
            case "I":
                guard let name = try argument(position) else {
                    throw RowFailure("null values cannot be formatted as an SQL identifier")
                }
                value = identifier(name)
            default: throw RowFailure("unrecognized format() type specifier \"\(type)\"")
            }
            if width < 0 {
                isLeft = true
                width = width == .min ? 0 : -width
            }
            if width > 1 << 20 { throw RowFailure("number is out of range") }
            let padding = String(repeating: " ", count: max(0, width - value.unicodeScalars.count))
            result += isLeft ? value + padding : padding + value
        }
        return result + rest
    }
}
