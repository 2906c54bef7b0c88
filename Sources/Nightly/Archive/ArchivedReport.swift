import FoundationEssentials

/// A whole report of the archive.
package struct ArchivedReport: Hashable, Sendable {
    /// Its folder's name.
    package var name: String
    /// Tells what it was made from and how; see `ReportRequest.identity`.
    package var identity: String
    /// The report it was compared with; nil for a first one.
    package var comparedWith: String?
    /// The last batch in it.
    package var lastBatch: Int

    package init(name: String, identity: String, comparedWith: String? = nil, lastBatch: Int = 0) {
        self.name = name
        self.identity = identity
        self.comparedWith = comparedWith
        self.lastBatch = lastBatch
    }

    /// The file of a report's folder that holds this.
    static let fileName = "nightly.json"

    init?(name: String, file bytes: [UInt8]) {
        struct File: Decodable {
            var identity: String
            var compared_with: String?
            var last_batch: Int
        }
        guard let file = try? JSONDecoder().decode(File.self, from: Data(bytes)) else { return nil }
        self.init(name: name, identity: file.identity, comparedWith: file.compared_with, lastBatch: file.last_batch)
    }
}

/// The report that is due: what it would be made from and what it would be called.
package struct ReportRequest: Hashable, Sendable {
    /// The same for the same data, period, parameters, language and version.
    package var identity: String
    /// `2025-12-31-c000017`: the last day with data and the commit.
    package var label: String

    package init(identity: String, label: String) {
        self.identity = identity
        self.label = label
    }
}
