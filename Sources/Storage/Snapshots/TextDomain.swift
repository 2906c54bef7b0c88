package import Columns

/// What the codes of a text column of a table mean; the objects are the same for all segments of a snapshot.
package enum TextDomain: Sendable {
    /// `.dictionary` vectors.
    case dictionary(TextDictionary)
    /// `.identifier` vectors.
    case identifier(IdentifierDomain)
    /// `.string` vectors: no codes.
    case plain
}

/// How a text column of a table is coded, decided once from the first rows it gets.
package enum TextKind: String, Hashable, Sendable {
    case dictionary
    case identifier
    case plain
}
