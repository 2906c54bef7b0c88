/// Walks through the XML of a part: elements, attributes and text. Prefixes are left out; document types are refused, so that
/// no entity can grow.
struct XMLScanner {
    enum Event {
        case start(name: String, attributes: [String: String])
        case end(name: String)
        case text(String)
    }

    private static let depthLimit = 64
    private let path: String
    private let part: String
    private let bytes: [UInt8]
    private var place = 0
    private var open: [String] = []
    /// The end of an element that is written as one tag.
    private var waitingEnd: String?

    init(_ bytes: [UInt8], path: String, part: String) throws(SpreadsheetError) {
        self.path = path
        self.part = part
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw failure("bytes that are not UTF-8", "UTF-8") }
    }

    /// nil at the end.
    mutating func next() throws(SpreadsheetError) -> Event? {
        if let name = waitingEnd {
            waitingEnd = nil
            return .end(name: name)
        }
        while place < bytes.count {
            guard bytes[place] == 0x3C else { return .text(try text(until: 0x3C)) }
            if starts("<?") { try skip(past: "?>") } else if starts("<!--") { try skip(past: "-->") } else if starts("<![CDATA[") {
                let start = place + 9
                try skip(past: "]]>")
                return .text(String(decoding: bytes[start..<(place - 3)], as: UTF8.self))
            } else if starts("<!") {
                throw failure("a document type", "none")
            } else if starts("</") {
                place += 2
                let name = name()
                try skip(past: ">")
                guard open.popLast() == name else { throw failure("</\(name)> without its beginning", "elements that close in order") }
                return .end(name: name)
            } else {
                return try start()
            }
        }
        guard open.isEmpty else { throw failure("the end within <\(open[open.count - 1])>", "a whole document") }
        return nil
    }

    private mutating func start() throws(SpreadsheetError) -> Event {
        place += 1
        let name = name()
        guard !name.isEmpty else { throw failure("\"<\" without a name", "an element") }
        var attributes: [String: String] = [:]
        while true {
            skipBlanks()
            guard place < bytes.count else { throw failure("the end within <\(name)", "\">\"") }
            if bytes[place] == 0x3E {
                place += 1
                open.append(name)
                guard open.count <= XMLScanner.depthLimit else { throw failure("elements \(open.count) deep", "at most \(XMLScanner.depthLimit)") }
                return .start(name: name, attributes: attributes)
            }
            if starts("/>") {
                place += 2
                waitingEnd = name
                return .start(name: name, attributes: attributes)
            }
            let attribute = self.name()
            skipBlanks()
            guard !attribute.isEmpty, place < bytes.count, bytes[place] == 0x3D else { throw failure("an attribute of <\(name)> without value", "name=\"value\"") }
            place += 1
            skipBlanks()
            guard place < bytes.count, bytes[place] == 0x22 || bytes[place] == 0x27 else { throw failure("a value of \(attribute) without quotes", "name=\"value\"") }
            let quote = bytes[place]
            place += 1
            attributes[attribute] = try text(until: quote)
            place += 1
        }
    }

    /// A name without its prefix.
    private mutating func name() -> String {
        var start = place
        while place < bytes.count {
            switch bytes[place] {
            case 0x09, 0x0A, 0x0D, 0x20, 0x2F, 0x3D, 0x3E: return String(decoding: bytes[start..<place], as: UTF8.self)
            case 0x3A: start = place + 1
            default: break
            }
            place += 1
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func text(until end: UInt8) throws(SpreadsheetError) -> String {
        var result: [UInt8] = []
        while place < bytes.count, bytes[place] != end {
            guard bytes[place] == 0x26 else {
                result.append(bytes[place])
                place += 1
                continue
            }
            var stop = place + 1
            while stop < bytes.count, stop - place < 12, bytes[stop] != 0x3B { stop += 1 }
            guard stop < bytes.count, bytes[stop] == 0x3B,
                let scalar = XMLScanner.scalar(String(decoding: bytes[(place + 1)..<stop], as: UTF8.self))
            else { throw failure("an entity that is not one of XML's own", "&amp; &lt; &gt; &quot; &apos; or &#…;") }
            result += String(Character(scalar)).utf8
            place = stop + 1
        }
        if end != 0x3C, place >= bytes.count { throw failure("the end within a value", "a quote") }
        return String(decoding: result, as: UTF8.self)
    }

    private static func scalar(_ entity: String) -> Unicode.Scalar? {
        switch entity {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard entity.hasPrefix("#") else { return nil }
            let isHexadecimal = entity.hasPrefix("#x")
            return UInt32(entity.dropFirst(isHexadecimal ? 2 : 1), radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
        }
    }

    private mutating func skipBlanks() {
        while place < bytes.count, [0x09, 0x0A, 0x0D, 0x20].contains(bytes[place]) { place += 1 }
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        return place + count <= bytes.count && bytes[place..<(place + count)].elementsEqual("\(text)".utf8)
    }

    private mutating func skip(past text: StaticString) throws(SpreadsheetError) {
        while place < bytes.count, !starts(text) { place += 1 }
        guard place < bytes.count else { throw failure("the end", "\"\(text)\"") }
        place += text.utf8CodeUnitCount
    }

    private func failure(_ found: String, _ expected: String) -> SpreadsheetError {
        .notUnderstood(path: path, part: part, found: found, expected: expected)
    }
}
