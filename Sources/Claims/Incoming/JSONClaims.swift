package import Diagnostics
import FoundationEssentials

/// Reads claims as JSON: an object is a billed line, or a claim with its `lines`; its members have the names of the columns.
package struct JSONClaims: Sendable {
    private let headers = IncomingHeaders()
    private static let lineKeys = ["lines", "details", "feedetail", "明细"]

    package init() {}

    /// One object, or an array of them.
    package struct Content: Sendable {
        /// Whether the lines are a whole claim, rather than lines that others may follow.
        package var isWholeClaim: Bool
        package var lines: [IncomingLine]
    }

    /// Reads one JSON text.
    ///
    /// - Returns: A content for each object of it.
    /// - Throws: `badData` with the place.
    package func read(_ text: [UInt8], at place: SourceLocation) throws(Diagnostic) -> [Content] {
        let value: JSONTree
        do {
            value = try JSONDecoder().decode(JSONTree.self, from: Data(text))
        } catch {
            throw Diagnostic(
                .badData, "the line is no JSON", at: place,
                mend: "write one object a line, such as {\"item_code\": \"001100021000000\", \"sex\": \"male\", \"quantity\": 1}")
        }
        let objects: [JSONTree]
        if case .array(let values) = value { objects = values } else { objects = [value] }
        var contents: [Content] = []
        for object in objects { contents.append(try content(object, place)) }
        return contents
    }

    private func content(_ value: JSONTree, _ place: SourceLocation) throws(Diagnostic) -> Content {
        guard case .object(let members) = value else {
            throw Diagnostic(.badData, "a claim is a JSON object", at: place)
        }
        guard let key = JSONClaims.lineKeys.first(where: { members[$0] != nil }), case .array(let nested)? = members[key] else {
            return Content(isWholeClaim: false, lines: [try line([members], place)])
        }
        var lines: [IncomingLine] = []
        for (number, item) in nested.enumerated() {
            guard case .object(let own) = item else {
                throw Diagnostic(.badData, "\(key)[\(number)] is no object", at: place)
            }
            // What a line does not say, its claim says.
            lines.append(try line([own, members.filter { $0.key != key }], place))
        }
        return Content(isWholeClaim: true, lines: lines)
    }

    private func line(_ levels: [[String: JSONTree]], _ place: SourceLocation) throws(Diagnostic) -> IncomingLine {
        var values: [String: String] = [:]
        for level in levels {
            let names = level.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            for (column, index) in headers.places(of: names) where values[column] == nil {
                switch level[names[index]] {
                case .text(let text)?: values[column] = text
                case .null?, nil: break
                default:
                    throw Diagnostic(.badData, "\(names[index]) is neither a text nor a number", at: place)
                }
            }
        }
        return try IncomingLine(at: place) { values[$0] }
    }
}

/// Any JSON; numbers as they are written.
private indirect enum JSONTree: Decodable {
    case null
    /// A text, a number or a truth value.
    case text(String)
    case array([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: AnyKey.self) {
            var members: [String: JSONTree] = [:]
            for key in container.allKeys { members[key.stringValue] = try container.decode(JSONTree.self, forKey: key) }
            self = .object(members)
        } else if var container = try? decoder.unkeyedContainer() {
            var values: [JSONTree] = []
            while !container.isAtEnd { values.append(try container.decode(JSONTree.self)) }
            self = .array(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let flag = try? container.decode(Bool.self) {
                self = .text(flag ? "true" : "false")
            } else {
                // Exact to 38 digits: an identifier written as a number keeps them.
                self = .text(try container.decode(Decimal.self).description)
            }
        }
    }

    private struct AnyKey: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
