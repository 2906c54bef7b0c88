/// Where a record batch lies in a file.
package struct ArrowBlock: Sendable {
    let offset: Int
    let metadataSize: Int
    let bodySize: Int

    /// - Parameter message: The bytes of the record batch.
    package init(offset: Int, message: [UInt8]) {
        self.offset = offset
        // The size of the metadata stands behind the mark, and does not count the two of them.
        metadataSize = (4..<8).reversed().reduce(0) { $0 << 8 | Int(message[$1]) } + 8
        bodySize = message.count - metadataSize
    }
}
