/// One statement of a text and where it stands in it.
package struct ParsedStatement: Sendable {
    package var statement: Statement
    /// UTF-8 byte offsets into the parsed text, from the statement's first to past its last token, without the `;`.
    package var range: Range<Int>

    package init(statement: Statement, range: Range<Int>) {
        self.statement = statement
        self.range = range
    }
}
