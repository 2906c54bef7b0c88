/// Words for families of codes that share a prefix; the longest prefix wins.
package struct PrefixMap: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let prefix: String
        package let value: String

        package init(prefix: String, value: String) {
            self.prefix = prefix
            self.value = value
        }
    }

    /// Longest prefix first; of equal prefixes the later given.
    private let entries: [Entry]

    package init(_ entries: [Entry]) {
        let ranked = entries.enumerated().sorted { left, right in
            (-left.element.prefix.utf8.count, -left.offset) < (-right.element.prefix.utf8.count, -right.offset)
        }
        self.entries = ranked.map(\.element)
    }

    package init(_ pairs: KeyValuePairs<String, String>) {
        self.init(pairs.map { Entry(prefix: $0.key, value: $0.value) })
    }

    /// This map with entries added; an added prefix replaces the same prefix.
    package func adding(_ added: [Entry]) -> PrefixMap { PrefixMap(entries.reversed() + added) }

    package func value(for code: String) -> String? {
        entries.first { code.utf8.starts(with: $0.prefix.utf8) }?.value
    }
}
