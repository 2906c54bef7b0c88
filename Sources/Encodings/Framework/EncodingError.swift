/// Bytes that no encoder writes: damage, or a newer version's file.
package struct EncodingError: Error, Hashable, Sendable {
    /// What was found and what was expected.
    package var message: String

    package init(_ message: String) { self.message = message }
}
