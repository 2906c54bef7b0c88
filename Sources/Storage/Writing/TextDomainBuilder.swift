package import Columns

/// The text domain of a column while rows are added: gives every string its code for the whole table, for ever.
///
/// Codes depend on the order of calls alone, so call it once for each chunk of rows, in the order of the chunks; it may
/// be called from any thread, one at a time or not.
package final class TextDomainBuilder: Sendable {
    /// nil until the first strings come.
    package var kind: TextKind? { preconditionFailure() }

    /// The codes of a chunk's distinct strings; strings not seen before get the next codes.
    ///
    /// - Parameter rowCount: Rows that hold these strings; with the number of strings it decides the kind of a new column.
    package func codes(for entries: StringColumn, rowCount: Int) -> TextCodes { preconditionFailure() }
}
