import Columns
import Planning

/// The functions of regular expressions.
enum PatternFunctions {
    static let all: [String: RowFunction] = [
        "regexp_like": RowFunction { (values, _, context) throws(RowFailure) in
            let expression = try read(values, 1, flags: 2, &context).expression
            return .boolean(try attempt { () throws(PatternError) in try expression.matches(characters(values[0])) })
        },
        "like escape": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .text(let pattern) = values[0], case .text(let escape) = values[1] else { return .null }
            let marks = Array(escape.unicodeScalars)
            if marks.count > 1 { throw RowFailure("invalid escape string") }
            var result = String.UnicodeScalarView()
            var isEscaped = false
            for scalar in pattern.unicodeScalars {
                if scalar == marks.first, !isEscaped {
                    result.append("\\")
                    isEscaped = true
                    continue
                }
                if scalar == "\\", !isEscaped { result.append("\\") }
                result.append(scalar)
                isEscaped = false
            }
            return .text(String(result))
        },
        "similar expression": RowFunction { (values, _, _) throws(RowFailure) in
            guard case .text(let pattern) = values[0], case .text(let escape) = values[1] else { return .null }
            guard let expression = SimilarPattern.expression(pattern, escape: escape.first) else {
                throw RowFailure(SimilarPattern.problem)
            }
            return .text(expression)
        },
        // substring(text from pattern): the first group, else the whole match.
        "substring pattern": RowFunction { (values, _, context) throws(RowFailure) in
            let expression = try read(values, 1, flags: nil, &context).expression
            let text = characters(values[0])
            guard let match = try first(expression, text, from: 0, wantsGroups: true) else { return .null }
            let span = match.count > 1 ? match[1] : match[0]
            return span.map { .text(RegularExpression.text(text[$0])) } ?? .null
        },
        "regexp_match": RowFunction { (values, _, context) throws(RowFailure) in
            let (expression, isGlobal) = try read(values, 1, flags: 2, &context)
            if isGlobal { throw RowFailure("regexp_match() does not support the \"global\" option") }
            let text = characters(values[0])
            guard let match = try first(expression, text, from: 0, wantsGroups: true) else { return .null }
            return .text(array(match, of: text))
        },
        "regexp_count": RowFunction { (values, _, context) throws(RowFailure) in
            let start = try integer(values, 2, "start") ?? 1
            let (expression, isGlobal) = try read(values, 1, flags: 3, &context)
            if isGlobal { throw RowFailure("regexp_count() does not support the \"global\" option") }
            return .integer(Int64(try matches(expression, characters(values[0]), from: start - 1).count))
        },
        "regexp_substr": RowFunction { (values, _, context) throws(RowFailure) in
            let start = try integer(values, 2, "start") ?? 1
            let number = try integer(values, 3, "n") ?? 1
            let group = try integer(values, 5, "subexpr", least: 0) ?? 0
            let expression = try read(values, 1, flags: 4, &context).expression
            let text = characters(values[0])
            guard let span = try part(group, ofMatch: number, expression, text, from: start - 1) else { return .null }
            return .text(RegularExpression.text(text[span]))
        },
        "regexp_instr": RowFunction { (values, _, context) throws(RowFailure) in
            let start = try integer(values, 2, "start") ?? 1
            let number = try integer(values, 3, "n") ?? 1
            let wantsEnd = try integer(values, 4, "endoption", least: 0) ?? 0
            if wantsEnd > 1 { throw RowFailure("invalid value for parameter \"endoption\": \(wantsEnd)") }
            let group = try integer(values, 6, "subexpr", least: 0) ?? 0
            let expression = try read(values, 1, flags: 5, &context).expression
            guard let span = try part(group, ofMatch: number, expression, characters(values[0]), from: start - 1) else {
                return .integer(0)
            }
            return .integer(Int64((wantsEnd == 1 ? span.upperBound : span.lowerBound) + 1))
        },
        "regexp_replace": RowFunction { (values, _, context) throws(RowFailure) in
            // (text, pattern, replacement [, flags]), or (text, pattern, replacement, start [, n [, flags]]).
            var start = 1
            var number: Int?
            var flags: Int? = 3
            if values.count > 3, case .integer = values[3] {
                start = try integer(values, 3, "start") ?? 1
                number = try integer(values, 4, "n", least: 0) ?? 1
                flags = 5
            }
            let (expression, isGlobal) = try read(values, 1, flags: flags, &context)
            let text = characters(values[0])
            let wanted = number ?? (isGlobal ? 0 : 1)
            let replacement = characters(values[2])
            let found = try matches(
                expression, text, from: start - 1, atMost: wanted == 0 ? nil : wanted,
                groupsOf: namesGroup(replacement) ? (wanted == 0 ? .all : .last) : .none)
            let taken = wanted == 0 ? found[...] : found.dropFirst(wanted - 1).prefix(1)
            return .text(replaced(text, taken, by: replacement))
        },
        "regexp_split_to_array": RowFunction { (values, _, context) throws(RowFailure) in
            let parts = try split(values, &context, name: "regexp_split_to_array")
            return .text(ArrayText.write(parts))
        },
    ]

    /// The pieces between the matches.
    static func split(
        _ values: [ScalarValue], _ context: inout RowContext, name: String
    ) throws(RowFailure) -> [String?] {
        let (expression, isGlobal) = try read(values, 1, flags: 2, &context)
        if isGlobal { throw RowFailure("\(name)() does not support the \"global\" option") }
        let text = characters(values[0])
        var parts: [String?] = []
        var begin = 0
        for match in try matches(expression, text, from: 0) {
            guard let span = match[0] else { continue }
            // An empty match cuts nothing off where the last one ended, nor at the end.
            if span.isEmpty, span.upperBound <= begin || span.lowerBound >= text.count { continue }
            parts.append(RegularExpression.text(text[begin..<span.lowerBound]))
            begin = span.upperBound
        }
        parts.append(RegularExpression.text(text[begin...]))
        return parts
    }

    /// The arrays `regexp_matches` gives, one a match.
    static func arrays(_ values: [ScalarValue], _ context: inout RowContext) throws(RowFailure) -> [String] {
        let (expression, isGlobal) = try read(values, 1, flags: 2, &context)
        let text = characters(values[0])
        return try matches(expression, text, from: 0, atMost: isGlobal ? nil : 1, groupsOf: .all).map { array($0, of: text) }
    }

    // MARK: Arguments

    private static func characters(_ value: ScalarValue) -> [UInt32] {
        guard case .text(let text) = value else { return [] }
        return RegularExpression.characters(text)
    }

    /// The pattern of one argument with the flags of another.
    private static func read(
        _ values: [ScalarValue], _ index: Int, flags: Int?, _ context: inout RowContext
    ) throws(RowFailure) -> (expression: RegularExpression, isGlobal: Bool) {
        var options = RegularExpression.Options()
        var isGlobal = false
        if let flags, flags < values.count, case .text(let letters) = values[flags] {
            for letter in letters {
                if letter == "g" {
                    isGlobal = true
                } else if !options.apply(letter) {
                    throw RowFailure("invalid regular expression option: \"\(letter)\"")
                }
            }
        }
        guard case .text(let pattern) = values[index] else { return (try context.expression("", options), isGlobal) }
        return (try context.expression(pattern, options), isGlobal)
    }

    private static func integer(
        _ values: [ScalarValue], _ index: Int, _ name: String, least: Int64 = 1
    ) throws(RowFailure) -> Int? {
        guard index < values.count, case .integer(let value) = values[index] else { return nil }
        if value < least { throw RowFailure("invalid value for parameter \"\(name)\": \(value)") }
        return Int(value)
    }

    // MARK: Matches

    private static func attempt<T>(_ body: () throws(PatternError) -> T) throws(RowFailure) -> T {
        do {
            return try body()
        } catch {
            throw RowFailure(error.message)
        }
    }

    private static func first(
        _ expression: RegularExpression, _ text: [UInt32], from start: Int, wantsGroups: Bool
    ) throws(RowFailure) -> [Range<Int>?]? {
        try attempt { () throws(PatternError) in
            try expression.firstMatch(in: text, from: start, wantsGroups: wantsGroups)
        }
    }

    /// Of which matches the groups are wanted.
    private enum GroupedMatches {
        case none, all
        /// Of the one that `atMost` allows last.
        case last
    }

    /// The matches one behind the other.
    private static func matches(
        _ expression: RegularExpression, _ text: [UInt32], from start: Int, atMost limit: Int? = nil,
        groupsOf grouped: GroupedMatches = .none
    ) throws(RowFailure) -> [[Range<Int>?]] {
        var found: [[Range<Int>?]] = []
        var place = start
        while place <= text.count, limit.map({ found.count < $0 }) ?? true {
            let wantsGroups =
                switch grouped {
                case .none: false
                case .all: true
                case .last: found.count + 1 == limit
                }
            guard let match = try first(expression, text, from: place, wantsGroups: wantsGroups), let span = match[0] else {
                break
            }
            found.append(match)
            place = span.isEmpty ? span.upperBound + 1 : span.upperBound
        }
        return found
    }

    /// A group, or for 0 all, of the match with a number from 1.
    private static func part(
        _ group: Int, ofMatch number: Int, _ expression: RegularExpression, _ text: [UInt32], from start: Int
    ) throws(RowFailure) -> Range<Int>? {
        let found = try matches(expression, text, from: start, atMost: number, groupsOf: group == 0 ? .none : .last)
        guard number == found.count, group < found[number - 1].count else { return nil }
        return found[number - 1][group]
    }

    /// Whether a replacement has `\1` to `\9` in it.
    private static func namesGroup(_ replacement: [UInt32]) -> Bool {
        var isEscaped = false
        for character in replacement {
            if isEscaped, (0x31...0x39).contains(character) { return true }
            isEscaped = !isEscaped && character == 0x5C
        }
        return false
    }

    private static func array(_ match: [Range<Int>?], of text: [UInt32]) -> String {
        let spans = match.count > 1 ? match[1...] : match[...]
        return ArrayText.write(spans.map { span in span.map { RegularExpression.text(text[$0]) } })
    }

    /// `\1` to `\9` and `\&` stand for groups and the whole match.
    private static func replaced(
        _ text: [UInt32], _ matches: ArraySlice<[Range<Int>?]>, by replacement: [UInt32]
    ) -> String {
        var result: [UInt32] = []
        var done = 0
        for match in matches {
            guard let span = match[0] else { continue }
            result += text[done..<span.lowerBound]
            var place = 0
            while place < replacement.count {
                let character = replacement[place]
                place += 1
                guard character == 0x5C, place < replacement.count else {
                    result.append(character)
                    continue
                }
                let following = replacement[place]
                switch following {
                case 0x31...0x39:
                    let group = Int(following - 0x30)
                    if group < match.count, let part = match[group] { result += text[part] }
                    place += 1
                case 0x26:
                    result += text[span]
                    place += 1
                case 0x5C:
                    result.append(0x5C)
                    place += 1
                default: result.append(0x5C)
                }
            }
            done = span.upperBound
        }
        result += text[done...]
        return RegularExpression.text(result[...])
    }
}
