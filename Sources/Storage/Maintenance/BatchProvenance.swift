import Diagnostics

/// Tells which batches the rows of segments belong to.
struct BatchProvenance {
    /// The batch of each commit that was looked up, 0 for none.
    private var batchOfCommit: [Int: Int] = [:]
    private var history: ManifestHistory

    init(folder: StoreFolder) { history = ManifestHistory(folder) }

    /// The batches of a segment's rows, in the order of the rows.
    ///
    /// Manifests once did not tell: then the segment's rows are of the batch its commit loaded. Throws if that commit's
    /// manifest is missing or damaged.
    mutating func parts(of segment: SegmentRecord) throws(StorageError) -> [BatchPart] {
        if !segment.parts.isEmpty || segment.rowCount == 0 { return segment.parts }
        return [BatchPart(batchID: try batch(of: segment), rowCount: segment.rowCount)]
    }

    private mutating func batch(of segment: SegmentRecord) throws(StorageError) -> Int {
        // A segment's name begins with the number of the commit that wrote it.
        guard let commit = segment.fileName.split(separator: "-").first.flatMap({ Int($0) }) else {
            throw .damaged("the name does not begin with the number of a commit", file: "segments/" + segment.fileName)
        }
        if let known = batchOfCommit[commit] { return known }
        let name = "commits/" + Manifest.fileName(commit)
        let bytes = try history.manifest(commit)?.bytes
        guard let (manifest, _) = bytes.flatMap({ Manifest.read($0) }) else {
            throw .damaged(
                "the manifest is missing or damaged; it would tell the batch of segments/\(segment.fileName)", file: name)
        }
        batchOfCommit[commit] = manifest.batchID ?? 0
        return manifest.batchID ?? 0
    }
}
