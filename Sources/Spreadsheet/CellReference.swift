/// Places in a sheet as spreadsheets write them: `A1`, `AB12`.
package enum CellReference {
    /// Rows and columns of a sheet.
    package static let rowLimit = 1_048_576
    package static let columnLimit = 16_384

    /// - Parameters: 0-based row and column.
    package static func text(row: Int, column: Int) -> String { letters(column) + String(row + 1) }

    /// `A` for 0, `Z` for 25, `AA` for 26.
    package static func letters(_ column: Int) -> String {
        var rest = column + 1
        var letters: [UInt8] = []
        while rest > 0 {
            letters.append(UInt8(0x41 + (rest - 1) % 26))
            rest = (rest - 1) / 26
        }
        return String(decoding: letters.reversed(), as: UTF8.self)
    }

    /// 0-based row and column of `AB12`; nil if it is no place within the limits. `$` before either part is passed over.
    package static func parse(_ text: Substring) -> (row: Int, column: Int)? {
        var column = 0
        var row = 0
        var hasDigits = false
        for byte in text.utf8 {
            switch byte {
            case 0x24: continue
            case 0x41...0x5A, 0x61...0x7A:
                if hasDigits || column > columnLimit { return nil }
                column = column * 26 + Int(byte & 0x1F)
            case 0x30...0x39:
                if row > rowLimit { return nil }
                hasDigits = true
                row = row * 10 + Int(byte - 0x30)
            default: return nil
            }
        }
        guard (1...columnLimit).contains(column), (1...rowLimit).contains(row) else { return nil }
        return (row - 1, column - 1)
    }
}
