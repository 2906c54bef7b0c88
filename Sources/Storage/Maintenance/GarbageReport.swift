/// Files of a store that its newest commit does not name.
package struct GarbageReport: Sendable {
    package struct File: Hashable, Sendable {
        /// Inside the store, such as `segments/00000042-1-00000000.seg`.
        package var path: String
        package var size: Int
        /// When the first commit was made that does not name it any more, microseconds since 1970-01-01 00:00 UTC.
        package var unusedSince: Int64
    }

    /// Manifests of neighbouring commits.
    package struct Pack: Hashable, Sendable {
        /// Of the commits.
        package var numbers: Range<Int>
        /// Bytes of the manifests.
        package var size: Int
        /// Bytes of the pack; 0 as long as it is not there.
        package var packedSize = 0

        /// Inside the store.
        package var path: String { "commits/" + ManifestPack.fileName(numbers) }
    }

    /// Unused for long enough: what is removed, or would be.
    package var removable: [File] = []
    /// Unused, and not for long enough yet.
    package var tooYoung: [File] = []

    /// Manifests that are put into one file each, or would be.
    package var packs: [Pack] = []

    package var removableSize: Int { removable.reduce(0) { $0 + $1.size } }
}
