import CKernels
import Columns

/// A LIKE pattern made ready: `%` any characters, `_` any one, the escape character takes the next one literally.
struct LikePattern: Sendable {
    private enum Token: Sendable {
        case byte(UInt8)
        case anyCharacter
        case anyCharacters
        /// The escape character at the end: an error, where matching gets there.
        case unfinishedEscape
    }
    struct UnfinishedEscape: Error {}
    private enum Form: Sendable {
        case equal([UInt8])
        case prefix([UInt8])
        case suffix([UInt8])
        case contains([UInt8])
        case general([Token])
    }

    private let form: Form
    private let caseInsensitive: Bool

    init(_ pattern: Span<UInt8>, escape: UInt8?, caseInsensitive: Bool) {
        var tokens: [Token] = []
        var index = 0
        while index < pattern.count {
            let byte = pattern[index]
            if byte == escape {
                index += 1
                guard index < pattern.count else {
                    tokens.append(.unfinishedEscape)
                    break
                }
                tokens.append(.byte(caseInsensitive ? TextFunctions.lower(pattern[index]) : pattern[index]))
            } else if byte == 0x25 {
                if case .anyCharacters? = tokens.last {} else { tokens.append(.anyCharacters) }
            } else if byte == 0x5F {
                tokens.append(.anyCharacter)
            } else {
                tokens.append(.byte(caseInsensitive ? TextFunctions.lower(byte) : byte))
            }
            index += 1
        }
        self.caseInsensitive = caseInsensitive
        if case .unfinishedEscape? = tokens.last { form = .general(tokens) } else { form = LikePattern.form(tokens) }
    }

    /// Whether a constant pattern can be used without an error.
    static func isComplete(_ pattern: ScalarValue?, _ operation: ExpressionNode.Operation) -> Bool {
        guard case .like(let escape, _, _) = operation, case .text(let text)? = pattern else { return pattern == .null }
        let bytes = Array(text.utf8)
        return LikePattern(bytes.span, escape: escape, caseInsensitive: false).isComplete
    }

    private var isComplete: Bool {
        if case .general(let tokens) = form, case .unfinishedEscape? = tokens.last { return false }
        return true
    }

    /// The literal of a pattern `literal%` or one without wildcards, where bytes decide; for codes of identifiers.
    var exactPrefix: [UInt8]? {
        if case .prefix(let bytes) = form, !caseInsensitive { return bytes }
        return nil
    }

    /// Bytes that every text that matches has; nil where there are none, or too few to look for them first.
    var requiredBytes: [UInt8]? {
        guard !caseInsensitive, isComplete else { return nil }
        switch form {
        case .contains(let literal): return literal.isEmpty ? nil : literal
        case .general(let tokens):
            var longest: [UInt8] = []
            var literal: [UInt8] = []
            for token in tokens {
                if case .byte(let byte) = token { literal.append(byte) } else { literal = [] }
                if literal.count > longest.count { longest = literal }
            }
            return longest.count < 2 ? nil : longest
        case .equal, .prefix, .suffix: return nil
        }
    }

    /// Whether a text that has the required bytes matches.
    fileprivate var isContained: Bool { if case .contains = form { true } else { false } }

    private static func form(_ tokens: [Token]) -> Form {
        var literal: [UInt8] = []
        var opens = false
        var closes = false
        for (index, token) in tokens.enumerated() {
            switch token {
            case .byte(let byte): literal.append(byte)
            case .anyCharacters where index == 0: opens = true
            case .anyCharacters where index == tokens.count - 1: closes = true
            default: return .general(tokens)
            }
        }
        switch (opens, closes) {
        case (false, false): return .equal(literal)
        case (false, true): return .prefix(literal)
        case (true, false): return tokens.count == 1 ? .prefix([]) : .suffix(literal)
        case (true, true): return .contains(literal)
        }
    }

    func matches(_ text: Span<UInt8>) throws(UnfinishedEscape) -> Bool {
        switch form {
        case .equal(let literal): return literal.count == text.count && hasLiteral(literal, in: text, at: 0)
        case .prefix(let literal): return literal.count <= text.count && hasLiteral(literal, in: text, at: 0)
        case .suffix(let literal):
            return literal.count <= text.count && hasLiteral(literal, in: text, at: text.count - literal.count)
        case .contains(let literal):
            guard literal.count <= text.count else { return false }
            for start in 0...(text.count - literal.count) where hasLiteral(literal, in: text, at: start) { return true }
            return false
        case .general(let tokens): return try matches(tokens, text)
        }
    }

    private func hasLiteral(_ literal: [UInt8], in text: Span<UInt8>, at start: Int) -> Bool {
        for index in 0..<literal.count where !same(literal[index], text[start + index]) { return false }
        return true
    }

    private func same(_ patternByte: UInt8, _ byte: UInt8) -> Bool {
        patternByte == (caseInsensitive ? TextFunctions.lower(byte) : byte)
    }

    /// Greedy with one point to return to, the last `%`: O(pattern × text).
    private func matches(_ tokens: [Token], _ text: Span<UInt8>) throws(UnfinishedEscape) -> Bool {
        var token = 0
        var index = 0
        var returnPoint: (token: Int, index: Int)?
        while index < text.count {
            if token < tokens.count {
                switch tokens[token] {
                case .anyCharacters:
                    returnPoint = (token, index)
                    token += 1
                    if isBeforeEnd(tokens, token, text, index) { throw UnfinishedEscape() }
                    continue
                case .unfinishedEscape: throw UnfinishedEscape()
                case .anyCharacter:
                    index = TextFunctions.nextCharacter(text, index)
                    token += 1
                    continue
                case .byte(let byte) where same(byte, text[index]):
                    index += 1
                    token += 1
                    continue
                case .byte: break
                }
            }
            guard let point = returnPoint else { return false }
            index = TextFunctions.nextCharacter(text, point.index)
            token = point.token + 1
            returnPoint = (point.token, index)
        }
        while token < tokens.count, case .anyCharacters = tokens[token] { token += 1 }
        return token == tokens.count
    }

    /// Whether nothing but single characters, which the text has, stands between a `%` and the escape character at the end:
    /// PostgreSQL looks at what it would search for, even if there is no text left.
    private func isBeforeEnd(_ tokens: [Token], _ token: Int, _ text: Span<UInt8>, _ index: Int) -> Bool {
        guard case .unfinishedEscape? = tokens.last else { return false }
        var place = index
        for next in tokens[token...] {
            switch next {
            case .unfinishedEscape: return true
            case .anyCharacters: continue
            case .anyCharacter where place < text.count: place = TextFunctions.nextCharacter(text, place)
            default: return false
            }
        }
        return false
    }
}

/// LIKE and ILIKE over vectors.
struct LikeEvaluation {
    let escape: UInt8?
    let caseInsensitive: Bool
    let negated: Bool
    let position: Int

    func vector(_ text: Vector, pattern: Vector, count: Int) throws(ExecutionError) -> Vector {
        if text.isConstantNull || pattern.isConstantNull { return .null(.boolean, count: count) }
        let validity = Validity.common([text, pattern])
        let mask = try mask(text.flatOrConstant(), pattern, validity, count: count)
        return .boolean(negated ? Mask.not(mask) : mask, validity: validity)
    }

    private func mask(
        _ text: Vector, _ pattern: Vector, _ validity: Validity, count: Int
    ) throws(ExecutionError) -> [UInt8] {
        if case .text(let constant)? = pattern.constantValue {
            let matcher = prepared(Array(constant.utf8).span)
            if case .identifier(let codes, let domain) = text.values, let prefix = matcher.exactPrefix {
                return IdentifierLimit(prefix: prefix, domain).mask(codes, text.validity)
            }
            let texts = text.textOperand()
            if !texts.isConstant, let required = matcher.requiredBytes {
                return try searched(texts.strings, validity, matcher, required, count: count)
            }
            let bytes = texts.strings.bytes.span
            var mask = [UInt8](repeating: 0, count: count)
            for row in 0..<count where validity.isPresent(row) {
                mask[row] = try outcome(matcher, bytes.extracting(texts.range(row)))
            }
            return mask
        }
        let texts = text.textOperand()
        let patterns = pattern.textOperand()
        let bytes = texts.strings.bytes.span
        let patternBytes = patterns.strings.bytes.span
        var mask = [UInt8](repeating: 0, count: count)
        for row in 0..<count where validity.isPresent(row) {
            let matcher = prepared(patternBytes.extracting(patterns.range(row)))
            mask[row] = try outcome(matcher, bytes.extracting(texts.range(row)))
        }
        return mask
    }

    /// Looks for the required bytes in all texts at once, and then only at the texts that have them.
    private func searched(
        _ strings: StringColumn, _ validity: Validity, _ matcher: LikePattern, _ required: [UInt8], count: Int
    ) throws(ExecutionError) -> [UInt8] {
        precondition(strings.count == count)
        let bytes = strings.bytes.span
        var mask = [UInt8](repeating: 0, count: count)
        var row = 0
        var place = 0
        while true {
            // Both arrays are read within their counts.
            place = unsafe ck_find_bytes(ck_level(), strings.bytes, place, bytes.count, required, required.count)
            if place == bytes.count { return mask }
            while strings.offsets[row + 1] <= place { row += 1 }
            let range = strings.range(row)
            if place + required.count > range.upperBound {
                // It reaches into the next text.
                place += 1
                continue
            }
            if validity.isPresent(row) { mask[row] = matcher.isContained ? 1 : try outcome(matcher, bytes.extracting(range)) }
            place = range.upperBound
        }
    }

    private func prepared(_ pattern: Span<UInt8>) -> LikePattern {
        LikePattern(pattern, escape: escape, caseInsensitive: caseInsensitive)
    }

    private func outcome(_ pattern: LikePattern, _ text: Span<UInt8>) throws(ExecutionError) -> UInt8 {
        do throws(LikePattern.UnfinishedEscape) {
            return try pattern.matches(text) ? 1 : 0
        } catch {
            throw ExecutionError(
                .invalidArgument("LIKE pattern must not end with escape character"), position: position)
        }
    }
}
