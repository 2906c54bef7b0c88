import Columns

/// A segment as the manifest names it.
struct SegmentRecord: Hashable, Sendable {
    var fileName: String
    var sha256: String
    var size: Int
    var rowCount: Int
    var timeRange: ClosedRange<Int64>?
    /// The batches its rows belong to, in the order of the rows; empty if the manifest does not tell: then all are of the
    /// batch of the commit that wrote the file.
    var parts: [BatchPart] = []
    /// The checksum in the file's trailer, by which a reader knows the file for the one that was written; nil in manifests
    /// that do not tell.
    var checksum: UInt64?
}

/// A dictionary file: the entries `firstEntry ..< firstEntry + entryCount` of a column's dictionary.
struct DictionaryRecord: Hashable, Sendable {
    var fileName: String
    var sha256: String
    var size: Int
    var firstEntry: Int
    var entryCount: Int
    /// The checksum in the file's header, as a segment's.
    var checksum: UInt64?
}

/// How a text column is coded, and where its strings are.
struct TextRecord: Hashable, Sendable {
    var kind: TextKind
    /// Of an identifier domain.
    var formats: [IdentifierDomain.Format] = []
    /// In the order of their entries: the dictionary, or the exceptions of an identifier domain.
    var dictionaries: [DictionaryRecord] = []

    var entryCount: Int { dictionaries.reduce(0) { $0 + $1.entryCount } }
}

struct ColumnRecord: Hashable, Sendable {
    var field: Field
    /// nil for a column that is not text, or whose kind is not decided because it has no rows.
    var text: TextRecord?
}

struct TableRecord: Hashable, Sendable {
    var name: String
    var columns: [ColumnRecord]
    var segments: [SegmentRecord] = []
    var layout = TableLayout()

    var schema: Schema { Schema(columns.map { $0.field }) }
}

/// Everything a commit says: the whole store, with all tables, so that one file suffices to open it.
struct Manifest: Hashable, Sendable {
    static let formatVersion = 1
    /// Far more commits than a store will see, few enough that the next number is always one.
    static let maximumCommitNumber = 1 << 48
    static let noHash = String(repeating: "0", count: 64)

    var commitNumber = 0
    /// SHA-256 of the manifest before, 64 zeros for the first.
    var previousHash = Manifest.noHash
    var time: Int64 = 0
    var tool = ""
    /// The batch this commit loaded, nil if it loaded none.
    var batchID: Int?
    /// What else this commit did, in words: a batch dropped, a table compacted.
    var note: String?
    var tables: [TableRecord] = []
    var views: [String: String] = [:]
    var batches: [BatchSummary] = []

    static func fileName(_ commitNumber: Int) -> String { padded(commitNumber) + ".json" }

    /// At least eight digits.
    static func padded(_ number: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }
}
