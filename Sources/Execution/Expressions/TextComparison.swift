import Columns
import Planning

/// Text comparison, bytewise; on codes wherever both sides draw from domains that can be related.
enum TextComparison {
    static func mask(
        _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector, count: Int, _ state: inout ExpressionState
    ) -> [UInt8] {
        let first = left.flatOrConstant()
        let second = right.flatOrConstant()
        if let mask = codeMask(comparison, first, second, count: count, &state) { return mask }
        if let mask = codeMask(comparison.mirrored, second, first, count: count, &state) { return mask }
        return byteMask(comparison, first.textOperand(), second.textOperand(), count: count)
    }

    private static func codeMask(
        _ comparison: ComparisonOperator, _ left: Vector, _ right: Vector, count: Int, _ state: inout ExpressionState
    ) -> [UInt8]? {
        let isEquality = comparison == .equal || comparison == .notEqual
        switch (left.values, right.values) {
        case (.dictionary(let codes, let dictionary), .constant(.text(let text))):
            guard isEquality else { return nil }
            guard let code = dictionary.code(of: text) else { return never(comparison, count) }
            return Comparison.mask(comparison, .rows(codes), .constant(code), count: count)
        case (.dictionary(let codes, let dictionary), .dictionary(let others, let other)):
            if dictionary === other {
                if isEquality { return Comparison.mask(comparison, .rows(codes), .rows(others), count: count) }
                guard state.knowsRanks(of: dictionary) || dictionary.count < 4 * count else { return nil }
                let ranks = state.entryRanks(of: dictionary)
                return Comparison.mask(
                    comparison, .rows(translated(codes, left.validity, ranks, missing: 0)),
                    .rows(translated(others, right.validity, ranks, missing: 0)), count: count)
            }
            // Entries of the smaller dictionary are looked up in the larger one.
            guard isEquality, dictionary.count <= other.count, dictionary.count < 4 * count else { return nil }
            let map = state.codes(of: dictionary, in: other)
            let own = translated(codes, left.validity, map, missing: UInt32.max)
            return Comparison.mask(comparison, .rows(own), .rows(others), count: count)
        case (.dictionary(let codes, let dictionary), .identifier(let others, let domain)):
            guard isEquality, dictionary.count < 4 * count else { return nil }
            let map = state.codes(of: dictionary, in: domain)
            let own = translated(codes, left.validity, map, missing: UInt64.max)
            return Comparison.mask(comparison, .rows(own), .rows(others), count: count)
        case (.identifier(let codes, let domain), .constant(.text(let text))):
            if isEquality {
                guard let code = domain.code(of: Array(text.utf8)) else { return never(comparison, count) }
                return Comparison.mask(comparison, .rows(codes), .constant(code), count: count)
            }
            return IdentifierLimit(comparison, Array(text.utf8), domain).mask(codes, left.validity)
        case (.identifier(let codes, let domain), .identifier(let others, let other)):
            guard domain === other else { return nil }
            if isEquality { return Comparison.mask(comparison, .rows(codes), .rows(others), count: count) }
            guard isOneFormat(codes, others) else { return nil }
            return Comparison.mask(comparison, .rows(codes), .rows(others), count: count)
        default: return nil
        }
    }

    private static func never(_ comparison: ComparisonOperator, _ count: Int) -> [UInt8] {
        [UInt8](repeating: comparison == .notEqual ? 1 : 0, count: count)
    }

    /// `map[code]` for each row; NULL rows, whose code means nothing, give `missing`.
    static func translated<Code: Sendable>(
        _ codes: [UInt32], _ validity: Validity, _ map: [Code], missing: Code
    ) -> [Code] {
        switch validity {
        case .allPresent: mapRows(codes, filler: missing) { map[Int($0)] }
        case .mask(let present):
            mapPairs(.rows(codes), .rows(present), count: codes.count, filler: missing) {
                $1 != 0 ? map[Int($0)] : missing
            }
        }
    }

    /// Whether all codes are of one format, so that their order is that of the strings.
    private static func isOneFormat(_ codes: [UInt64], _ others: [UInt64]) -> Bool {
        guard let first = codes.first, (first >> 60) != IdentifierDomain.exceptionFormat else { return false }
        var difference: UInt64 = 0
        for code in codes { difference |= code ^ first }
        for code in others { difference |= code ^ first }
        return difference >> 60 == 0
    }

    private static func byteMask(
        _ comparison: ComparisonOperator, _ left: TextOperand, _ right: TextOperand, count: Int
    ) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: count)
        let first = left.strings.bytes.span
        let second = right.strings.bytes.span
        for row in 0..<count {
            let a = first.extracting(left.range(row))
            let b = second.extracting(right.range(row))
            switch comparison {
            case .equal: mask[row] = ByteOrder.isEqual(a, b) ? 1 : 0
            case .notEqual: mask[row] = ByteOrder.isEqual(a, b) ? 0 : 1
            default: mask[row] = Comparison.holds(comparison, ByteOrder.compare(a, b)) ? 1 : 0
            }
        }
        return mask
    }
}

/// An ordering comparison of identifiers with a literal: for each format, the number where the answer changes.
struct IdentifierLimit {
    private let domain: IdentifierDomain
    private let test: @Sendable ([UInt8]) -> Bool
    /// For each format, the numbers for which the test holds.
    private let ranges: [Range<UInt64>]

    init(_ comparison: ComparisonOperator, _ text: [UInt8], _ domain: IdentifierDomain) {
        self.init(domain) { candidate in
            Comparison.holds(comparison, ByteOrder.compare(candidate.span, text.span))
        }
    }

    /// `like 'prefix%'`.
    init(prefix: [UInt8], _ domain: IdentifierDomain) {
        self.domain = domain
        test = { $0.starts(with: prefix) }
        ranges = domain.formats.indices.map { format in
            let from = IdentifierLimit.first(domain, format) { ByteOrder.compare($0.span, prefix.span) >= 0 }
            let end = IdentifierLimit.first(domain, format) {
                ByteOrder.compare($0.span, prefix.span) >= 0 && !$0.starts(with: prefix)
            }
            return from..<max(from, end)
        }
    }

    /// - Parameter test: Monotonic in the bytewise order of strings.
    private init(_ domain: IdentifierDomain, _ test: @escaping @Sendable ([UInt8]) -> Bool) {
        self.domain = domain
        self.test = test
        ranges = domain.formats.indices.map { format in
            let end = IdentifierLimit.size(domain.formats[format])
            let holdsFirst = test(IdentifierLimit.bytes(domain, format, 0))
            let change = IdentifierLimit.first(domain, format) { test($0) != holdsFirst }
            return holdsFirst ? 0..<change : change..<end
        }
    }

    func mask(_ codes: [UInt64], _ validity: Validity) -> [UInt8] {
        var mask = [UInt8](repeating: 0, count: codes.count)
        let bounds = ranges + Array(repeating: 0..<0, count: 16 - ranges.count)
        for row in 0..<codes.count {
            let format = Int(codes[row] >> 60)
            let number = codes[row] & IdentifierDomain.payloadMask
            let range = bounds[format]
            mask[row] = number >= range.lowerBound && number < range.upperBound ? 1 : 0
            if format == Int(IdentifierDomain.exceptionFormat), validity.isPresent(row) {
                mask[row] = test(Array(domain.exceptions.entries[bytesAt: Int(number)])) ? 1 : 0
            }
        }
        return mask
    }

    private static func size(_ format: IdentifierDomain.Format) -> UInt64 {
        UInt64(DecimalText.powers64[format.digitCount])
    }

    private static func bytes(_ domain: IdentifierDomain, _ format: Int, _ number: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        domain.appendBytes(of: (UInt64(format) << 60) | number, to: &bytes)
        return bytes
    }

    /// The first number of a format whose string passes a test that, once true, stays so; the format's size if none
    /// does.
    private static func first(_ domain: IdentifierDomain, _ format: Int, _ passes: ([UInt8]) -> Bool) -> UInt64 {
        var low: UInt64 = 0
        var high = size(domain.formats[format])
        while low < high {
            let middle = (low + high) / 2
            if passes(bytes(domain, format, middle)) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
