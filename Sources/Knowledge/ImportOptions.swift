/// What the importer says of points beside what the sheets say.
package struct KnowledgeImportOptions: Hashable, Sendable {
    /// Nil: from the file's name (`batch-7 …`, `第七批…`), else the name itself.
    package var batch: String?
    /// Days such as `2025-12-12`; a sheet's own dates come first.
    package var validFrom: String?
    package var validTo: String?

    package init(batch: String? = nil, validFrom: String? = nil, validTo: String? = nil) {
        self.batch = batch
        self.validFrom = validFrom
        self.validTo = validTo
    }

    func batch(ofFile name: String) -> String {
        if let batch { return batch }
        let stem = name.split(separator: ".").first.map(String.init) ?? name
        let lowered = stem.lowercased()
        if let range = lowered.firstRange(of: /batch[-_ ]?[0-9]+(-[0-9]+)?/) { return String(lowered[range]) }
        if let range = stem.firstRange(of: /第[一二三四五六七八九十0-9]+批/) { return String(stem[range]) }
        return stem
    }
}

/// What was read from the files.
package struct ImportedKnowledge: Sendable {
    /// One list of a file.
    package struct List: Hashable, Sendable {
        package var file: String
        package var sheet: String
        package var batch: String
        /// Rows of the sheet that are points, and codes they have.
        package var pointCount: Int
        package var codeCount: Int
        package var rejectedCount: Int
        /// Totals, footnotes and repeated headers.
        package var captionCount: Int
    }

    package var points: [ImportedPoint] = []
    package var rejected: [RejectedPoint] = []
    package var lists: [List] = []
    /// Sheets without a table, or hidden.
    package var passedOver: [String] = []

    package init() {}
}
