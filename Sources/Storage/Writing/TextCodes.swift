/// The codes of some strings in their table's text domain, one for each string.
package enum TextCodes: Sendable {
    case codes32([UInt32])
    case codes64([UInt64])
    /// The column is plain text: it has no codes.
    case plain
}
