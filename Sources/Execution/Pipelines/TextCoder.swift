import Columns
import Synchronization

/// One 64-bit code for each string of a query's column, whatever shape or domain its vectors have: equal codes mean equal
/// strings, and the codes of a stored column pass through unchanged or nearly so.
///
/// A coder has a home domain, whose codes it uses: those of a dictionary from 0, those of an identifier domain packed
/// format after format. Strings outside of it are numbered after the home codes in order of arrival.
final class TextCoder: Sendable {
    enum Home: Sendable {
        case dictionary(TextDictionary)
        case identifier(IdentifierDomain)
        /// No home: every string is numbered on arrival.
        case open

        /// Entries of a dictionary of one segment above which it is no home: the next segment's strings are others.
        private static let localLimit = 4096

        /// The domain of a flat text vector.
        init(of vector: Vector) {
            switch vector.values {
            case .dictionary(_, let domain):
                self = domain.isLocal && domain.count > Home.localLimit ? .open : .dictionary(domain)
            case .identifier(_, let domain): self = .identifier(domain)
            case .runs(let child, _): self.init(of: child)
            default: self = .open
            }
        }
    }

    private struct Extras: Sendable {
        var strings = StringColumn()
        var index = StringHashIndex()
        /// For each foreign dictionary, the code of each entry, or `absent` where it is not known yet.
        var translations: [ObjectIdentifier: Translation] = [:]
        var wideTranslations: [ObjectIdentifier: WideTranslation] = [:]
        /// Dictionaries of single segments, or of few, among those of `translations`, the one last met last.
        private var locals: [ObjectIdentifier] = []
        /// The strings as a dictionary, as long as none has been added since.
        var dictionary: TextDictionary?

        /// Local dictionaries of which translations are kept: all of them would keep the text of all segments.
        private static let localCount = 4

        /// Lets go of local dictionaries that were not met for long.
        mutating func forgetLocals(except latest: ObjectIdentifier) {
            locals.removeAll { $0 == latest }
            locals.append(latest)
            if locals.count > Extras.localCount { translations[locals.removeFirst()] = nil }
        }
    }
    private struct Translation: Sendable {
        let dictionary: TextDictionary
        var codes: [UInt64]
    }
    private struct WideTranslation: Sendable {
        let domain: IdentifierDomain
        var codes: [UInt64: UInt64]
    }

    static let absent = UInt64.max
    let home: Home
    /// First code of each identifier format, and of the exceptions last.
    private let bases: [UInt64]
    /// Codes below this belong to the home domain.
    let homeCount: UInt64
    private let extras = Mutex<Extras>(Extras())

    init(_ home: Home) {
        self.home = home
        switch home {
        case .dictionary(let domain):
            bases = []
            homeCount = UInt64(domain.count)
        case .identifier(let domain):
            var next: UInt64 = 0
            var bases: [UInt64] = []
            for format in domain.formats {
                bases.append(next)
                next += UInt64(DecimalText.powers64[format.digitCount])
            }
            bases.append(next)
            self.bases = bases
            homeCount = next + UInt64(domain.exceptions.count)
        case .open:
            bases = []
            homeCount = 0
        }
    }

    /// Codes below this are in the order of their texts: those of identifiers, if all have one format.
    var orderedCount: UInt64 {
        if case .identifier(let domain) = home, domain.formats.count == 1 { bases[1] } else { 0 }
    }

    /// Bytes of the strings outside of the home domain.
    var extraByteCount: Int { extras.withLock { $0.strings.bytes.count + $0.strings.offsets.count * 16 } }

    /// Whether a vector's codes need no look-up.
    func isHome(_ vector: Vector) -> Bool {
        switch (vector.values, home) {
        case (.dictionary(_, let domain), .dictionary(let own)): domain === own
        case (.identifier(_, let domain), .identifier(let own)): domain === own
        default: false
        }
    }

    /// Codes of the rows of a flat vector; those of NULL rows mean nothing.
    ///
    /// - Parameter adding: Whether unknown strings get codes; otherwise their code is `absent`.
    /// - Returns: the codes, and whether any of them is `absent` or beyond the home domain.
    func codes(of vector: Vector, adding: Bool) -> (codes: [UInt64], isHome: Bool) {
        switch vector.values {
        case .dictionary(let codes, let domain):
            if case .dictionary(let own) = home, own === domain { return (codes.map { UInt64($0) }, true) }
            return (translated(codes, domain, vector.validity, adding), false)
        case .identifier(let codes, let domain):
            if case .identifier(let own) = home, own === domain { return (packed(codes), true) }
            return (translated(codes, domain, vector.validity, adding), false)
        case .string(let strings): return (coded(strings, vector.validity, adding), false)
        default:
            return codes(of: vector.flattened(), adding: adding)
        }
    }

    private func packed(_ codes: [UInt64]) -> [UInt64] {
        if bases.count == 2, bases[1] == homeCount { return codes }
        let formatCount = bases.count - 1
        var result = [UInt64](repeating: 0, count: codes.count)
        for row in 0..<codes.count {
            let format = Int(codes[row] >> 60)
            result[row] = bases[min(format, formatCount)] &+ (codes[row] & IdentifierDomain.payloadMask)
        }
        return result
    }

    private func unpacked(_ code: UInt64) -> UInt64 {
        let formatCount = bases.count - 1
        if code >= bases[formatCount] { return (IdentifierDomain.exceptionFormat << 60) | (code - bases[formatCount]) }
        var format = formatCount - 1
        while format > 0, bases[format] > code { format -= 1 }
        return (UInt64(format) << 60) | (code - bases[format])
    }

    /// The home code of a string, or that of a known extra.
    private func code(_ text: [UInt8], _ extras: inout Extras, _ adding: Bool) -> UInt64 {
        codes(of: StringColumn(offsets: [0, UInt32(text.count)], bytes: text), &extras, adding)[0]
    }

    /// The home codes of strings, or those of extras.
    private func codes(of texts: StringColumn, _ extras: inout Extras, _ adding: Bool) -> [UInt64] {
        var result = [UInt64](repeating: TextCoder.absent, count: texts.count)
        var missing: [Int32] = []
        switch home {
        case .dictionary(let domain):
            let known = domain.codes(of: texts)
            for place in 0..<known.count {
                if known[place] == .max { missing.append(Int32(place)) } else { result[place] = UInt64(known[place]) }
            }
        case .identifier(let domain):
            for place in 0..<texts.count {
                guard let code = domain.code(of: Array(texts[bytesAt: place])) else {
                    missing.append(Int32(place))
                    continue
                }
                result[place] = packed([code])[0]
            }
        case .open:
            missing = (0..<Int32(texts.count)).map { $0 }
        }
        if missing.isEmpty { return result }
        let rest = missing.count == texts.count ? texts : texts.gathered(missing)
        let entries =
            adding ? extras.index.intern(rest, in: &extras.strings) : extras.index.find(rest, in: extras.strings)
        for place in 0..<missing.count where entries[place] != .max {
            result[Int(missing[place])] = homeCount + UInt64(entries[place])
        }
        return result
    }

    private func translated(
        _ codes: [UInt32], _ domain: TextDictionary, _ validity: Validity, _ adding: Bool
    ) -> [UInt64] {
        let isUsed = domain.usedEntries(of: codes, validity)
        let table = extras.withLock { extras in
            var table =
                extras.translations.removeValue(forKey: ObjectIdentifier(domain))?.codes
                ?? [UInt64](repeating: TextCoder.absent, count: domain.count)
            var wanted: [Int32] = []
            for entry in 0..<table.count where isUsed[entry] != 0 && table[entry] == TextCoder.absent {
                wanted.append(Int32(entry))
            }
            if !wanted.isEmpty {
                let texts = wanted.count == domain.count ? domain.entries : domain.entries.gathered(wanted)
                let found = self.codes(of: texts, &extras, adding)
                for place in 0..<wanted.count { table[Int(wanted[place])] = found[place] }
            }
            extras.translations[ObjectIdentifier(domain)] = Translation(dictionary: domain, codes: table)
            if domain.isLocal { extras.forgetLocals(except: ObjectIdentifier(domain)) }
            return table
        }
        let source = table.span
        let rows = codes.span
        guard case .mask(let mask) = validity else {
            return [UInt64](capacity: codes.count) { output in
                for row in 0..<rows.count { output.append(source[Int(rows[row])]) }
            }
        }
        let present = mask.span
        return [UInt64](capacity: codes.count) { output in
            for row in 0..<rows.count { output.append(present[row] == 0 ? TextCoder.absent : source[Int(rows[row])]) }
        }
    }

    private func translated(
        _ codes: [UInt64], _ domain: IdentifierDomain, _ validity: Validity, _ adding: Bool
    ) -> [UInt64] {
        if let bases = sharedFormatBases(domain) {
            var isCovered = true
            var result = [UInt64](repeating: TextCoder.absent, count: codes.count)
            for row in 0..<codes.count where validity.isPresent(row) {
                let format = Int(codes[row] >> 60)
                if format >= bases.count { isCovered = false; break }
                result[row] = bases[format] &+ (codes[row] & IdentifierDomain.payloadMask)
            }
            if isCovered { return result }
        }
        return extras.withLock { extras in
            var table = extras.wideTranslations.removeValue(forKey: ObjectIdentifier(domain))?.codes ?? [:]
            var result = [UInt64](repeating: TextCoder.absent, count: codes.count)
            var bytes: [UInt8] = []
            for row in 0..<codes.count where validity.isPresent(row) {
                if row > 0, codes[row] == codes[row - 1], validity.isPresent(row - 1) {
                    result[row] = result[row - 1]
                    continue
                }
                if let known = table[codes[row]] {
                    result[row] = known
                    continue
                }
                bytes.removeAll(keepingCapacity: true)
                domain.appendBytes(of: codes[row], to: &bytes)
                result[row] = code(bytes, &extras, adding)
                if result[row] != TextCoder.absent { table[codes[row]] = result[row] }
            }
            extras.wideTranslations[ObjectIdentifier(domain)] = WideTranslation(domain: domain, codes: table)
            return result
        }
    }

    /// First home code of each format of another identifier domain, nil unless each of them is one of the home domain's
    /// and no string can fit two home formats.
    private func sharedFormatBases(_ other: IdentifierDomain) -> [UInt64]? {
        guard case .identifier(let own) = home else { return nil }
        let lengths = own.formats.map { $0.prefix.count + $0.digitCount }
        guard Set(lengths).count == lengths.count else { return nil }
        var result: [UInt64] = []
        for format in other.formats {
            guard let index = own.formats.firstIndex(of: format) else { return nil }
            result.append(bases[index])
        }
        return result
    }

    private func coded(_ strings: StringColumn, _ validity: Validity, _ adding: Bool) -> [UInt64] {
        guard case .mask(let mask) = validity else { return extras.withLock { codes(of: strings, &$0, adding) } }
        var present: [Int32] = []
        for row in 0..<mask.count where mask[row] != 0 { present.append(Int32(truncatingIfNeeded: row)) }
        let texts = strings.gathered(present)
        let found = extras.withLock { codes(of: texts, &$0, adding) }
        var result = [UInt64](repeating: TextCoder.absent, count: strings.count)
        for place in 0..<present.count { result[Int(present[place])] = found[place] }
        return result
    }

    /// The strings of codes: in the home domain's own codes where all are of it.
    func vector(_ codes: [UInt64], validity: Validity) -> Vector {
        var isHome = true
        for row in 0..<codes.count where codes[row] >= homeCount && validity.isPresent(row) { isHome = false }
        let values: VectorValues
        switch home {
        case .dictionary(let domain) where isHome:
            values = .dictionary(codes: codes.map { UInt32(truncatingIfNeeded: $0) }, domain)
        case .identifier(let domain) where isHome:
            values = .identifier(codes: bases.count == 2 && bases[1] == homeCount ? codes : codes.map(unpacked), domain)
        case .open:
            let entries = extras.withLock { extras -> TextDictionary in
                if let known = extras.dictionary, known.count == extras.strings.count { return known }
                if extras.strings.count == 0 { return TextDictionary(single: "") }
                let dictionary = TextDictionary(entries: extras.strings)
                extras.dictionary = dictionary
                return dictionary
            }
            values = .dictionary(codes: codes.map { UInt32(truncatingIfNeeded: $0) }, entries)
        default:
            var strings = StringColumn()
            var bytes: [UInt8] = []
            extras.withLock { extras in
                for row in 0..<codes.count {
                    bytes.removeAll(keepingCapacity: true)
                    if validity.isPresent(row) { appendBytes(of: codes[row], extras, to: &bytes) }
                    strings.append(contentsOf: bytes)
                }
            }
            values = .string(strings)
        }
        return Vector(type: .text, count: codes.count, values: values, validity: validity)
    }

    private func appendBytes(of code: UInt64, _ extras: borrowing Extras, to bytes: inout [UInt8]) {
        if code >= homeCount {
            bytes.append(contentsOf: extras.strings[bytesAt: Int(code - homeCount)])
            return
        }
        switch home {
        case .dictionary(let domain): bytes.append(contentsOf: domain.entries[bytesAt: Int(code)])
        case .identifier(let domain): domain.appendBytes(of: unpacked(code), to: &bytes)
        case .open: break
        }
    }

    /// Bytes of one code.
    func appendBytes(of code: UInt64, to bytes: inout [UInt8]) {
        if code < homeCount {
            switch home {
            case .dictionary(let domain): bytes.append(contentsOf: domain.entries[bytesAt: Int(code)])
            case .identifier(let domain): domain.appendBytes(of: unpacked(code), to: &bytes)
            case .open: break
            }
            return
        }
        extras.withLock { bytes.append(contentsOf: $0.strings[bytesAt: Int(code - homeCount)]) }
    }
}

extension TextDictionary {
    /// For each entry whether a row that is present has it.
    func usedEntries(of codes: [UInt32], _ validity: Validity) -> [UInt8] {
        var isUsed = [UInt8](repeating: 0, count: count)
        var seen = isUsed.mutableSpan
        let rows = codes.span
        switch validity {
        case .allPresent:
            for row in 0..<rows.count { seen[Int(rows[row])] = 1 }
        case .mask(let mask):
            let present = mask.span
            for row in 0..<rows.count where present[row] != 0 { seen[Int(rows[row])] = 1 }
        }
        return isUsed
    }
}
