package import Columns

/// One column of a sheet's table.
package struct SheetColumn: Hashable, Sendable {
    package var title: String
    package var format: CellFormat
    /// In characters.
    package var width: Int
    package var isWrapped: Bool

    package init(_ title: String, _ format: CellFormat, width: Int, wrapped isWrapped: Bool = false) {
        self.title = title
        self.format = format
        self.width = width
        self.isWrapped = isWrapped
    }
}

/// One value with its style, for lines outside of a table.
package struct StyledCell: Hashable, Sendable {
    package var value: ScalarValue
    package var style: CellStyle

    package init(_ value: ScalarValue, _ style: CellStyle = CellStyle()) {
        self.value = value
        self.style = style
    }

    package init(_ text: String, _ emphasis: CellEmphasis = .normal, wrapped isWrapped: Bool = false) {
        self.init(.text(text), CellStyle(.text, emphasis, wrapped: isWrapped))
    }
}

/// A sheet before its rows: lines above the table, then the table's header, which stays in sight and filters.
package struct SheetPlan: Sendable {
    package var name: String
    package var columns: [SheetColumn]
    package var lines: [[StyledCell]]
    /// Whether the columns' titles stand above the rows.
    package var hasHeader: Bool

    package init(name: String, columns: [SheetColumn], lines: [[StyledCell]] = [], hasHeader: Bool = true) {
        self.name = name
        self.columns = columns
        self.lines = lines
        self.hasHeader = hasHeader
    }
}
