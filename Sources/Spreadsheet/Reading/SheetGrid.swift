/// A sheet as a grid of texts.
package struct SheetGrid: Hashable, Sendable {
    package struct Cell: Hashable, Sendable {
        package var text: String
        /// Whether it is a number in the file: an id of many digits has lost some of them then.
        package var isNumber = false
        /// Whether it lies under another cell's merged area and has that one's value.
        package var isMerged = false

        package init(_ text: String, isNumber: Bool = false, isMerged: Bool = false) {
            self.text = text
            self.isNumber = isNumber
            self.isMerged = isMerged
        }
    }

    package struct Row: Hashable, Sendable {
        /// 1-based row of the sheet, or line of the file.
        package var number: Int
        /// 0-based column → cell; blank ones are left out.
        package var cells: [Int: Cell]

        package init(number: Int, cells: [Int: Cell]) {
            self.number = number
            self.cells = cells
        }
    }

    package var name: String
    package var isHidden: Bool
    /// Rows with a cell that is not blank, in order.
    package var rows: [Row]

    package init(name: String, isHidden: Bool = false, rows: [Row]) {
        self.name = name
        self.isHidden = isHidden
        self.rows = rows
    }
}
