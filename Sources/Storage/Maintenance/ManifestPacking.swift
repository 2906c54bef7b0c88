/// When manifests are put together into a pack.
package struct ManifestPacking: Sendable {
    /// Manifests of a pack.
    package var count: Int
    /// A pack is full before its manifests have more bytes.
    package var size: Int
    /// The newest stay files of their own: opening needs two, and an older program more to fall back on.
    package var keptCount: Int

    package static let usual = ManifestPacking(count: 64, size: 64 << 20, keptCount: 16)

    package init(count: Int, size: Int, keptCount: Int) {
        self.count = count
        self.size = size
        self.keptCount = keptCount
    }
}
