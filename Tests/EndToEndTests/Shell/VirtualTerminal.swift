/// What a terminal would show of the bytes it is sent: rows of cells, those that scrolled away included.
///
/// It knows what line editors send: cursor movements, erasing, inserting and deleting, wide characters, wrapping at the edge.
struct VirtualTerminal {
    let rowCount: Int
    let columnCount: Int
    /// One cell a character; the second cell of a wide one is empty.
    private(set) var rows: [[String]] = [[]]
    private(set) var row = 0
    private(set) var column = 0
    /// Row at the top of the screen.
    private var top = 0
    private var wraps = false
    private var unread: [UInt8] = []

    init(rowCount: Int, columnCount: Int) {
        self.rowCount = rowCount
        self.columnCount = columnCount
    }

    /// The rows as text, blanks at their ends left out.
    func text(of index: Int) -> String {
        var line = rows.indices.contains(index) ? rows[index].joined() : ""
        while line.hasSuffix(" ") { line.removeLast() }
        return line
    }

    mutating func feed(_ bytes: [UInt8]) {
        unread += bytes
        var position = 0
        while position < unread.count {
            guard let length = take(at: position) else { break }
            position += length
        }
        unread.removeFirst(position)
    }

    /// Takes one character or sequence; nil if its end has not come yet.
    private mutating func take(at start: Int) -> Int? {
        let byte = unread[start]
        switch byte {
        case 0x1B: return takeEscape(at: start)
        case 0x0D: move(to: row, 0)
        case 0x0A: lineFeed()
        case 0x08: move(to: row, max(0, column - 1))
        case 0x09: move(to: row, min(columnCount - 1, (column / 8 + 1) * 8))
        case 0..<0x20, 0x7F: break
        default:
            let length = byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
            guard start + length <= unread.count else { return nil }
            put(String(decoding: unread[start..<start + length], as: UTF8.self))
            return length
        }
        return 1
    }

    private mutating func takeEscape(at start: Int) -> Int? {
        guard start + 1 < unread.count else { return nil }
        switch unread[start + 1] {
        case UInt8(ascii: "["):
            guard let end = unread[(start + 2)...].firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E }) else { return nil }
            let parameters = String(decoding: unread[(start + 2)..<end], as: UTF8.self)
            control(unread[end], parameters.split(separator: ";").map { Int($0) ?? 0 })
            return end - start + 1
        case UInt8(ascii: "]"):
            guard let end = unread[start...].firstIndex(of: 0x07) else { return nil }
            return end - start + 1
        case UInt8(ascii: "("), UInt8(ascii: ")"): return start + 2 < unread.count ? 3 : nil
        case UInt8(ascii: "M"): move(to: max(top, row - 1), column)
        default: break
        }
        return 2
    }

    private mutating func control(_ final: UInt8, _ parameters: [Int]) {
        let count = max(1, parameters.first ?? 1)
        switch final {
        case UInt8(ascii: "A"): move(to: max(top, row - count), column)
        case UInt8(ascii: "B"): move(to: min(top + rowCount - 1, row + count), column)
        case UInt8(ascii: "C"): move(to: row, min(columnCount - 1, column + count))
        case UInt8(ascii: "D"): move(to: row, max(0, column - count))
        case UInt8(ascii: "G"): move(to: row, min(columnCount, count) - 1)
        case UInt8(ascii: "H"): move(to: top + count - 1, (parameters.count > 1 ? max(1, parameters[1]) : 1) - 1)
        case UInt8(ascii: "J"): erase(below: true)
        case UInt8(ascii: "K"): erase(below: false)
        case UInt8(ascii: "P"): edit { cells, column in cells.removeSubrange(column..<min(cells.count, column + count)) }
        case UInt8(ascii: "@"): edit { cells, column in cells.insert(contentsOf: Array(repeating: " ", count: count), at: column) }
        case UInt8(ascii: "X"):
            edit { cells, column in for cell in column..<min(cells.count, column + count) { cells[cell] = " " } }
        default: break
        }
    }

    private mutating func edit(_ change: (inout [String], Int) -> Void) {
        reach(column)
        change(&rows[row], column)
        rows[row] = Array(rows[row].prefix(columnCount))
    }

    private mutating func erase(below: Bool) {
        rows[row] = Array(rows[row].prefix(column))
        if below { rows.removeSubrange((row + 1)...) }
    }

    private mutating func put(_ character: String) {
        let width = Cells.width(character)
        if width == 0 {
            if column > 0 { rows[row][column - 1] += character }
            return
        }
        if wraps || column + width > columnCount {
            move(to: row, 0)
            lineFeed()
        }
        reach(column + width)
        rows[row][column] = character
        if width == 2 { rows[row][column + 1] = "" }
        if column + width >= columnCount { wraps = true } else { column += width }
    }

    /// Fills a row with blanks up to a column.
    private mutating func reach(_ end: Int) {
        while rows[row].count < end { rows[row].append(" ") }
    }

    private mutating func move(to row: Int, _ column: Int) {
        wraps = false
        self.row = row
        self.column = column
        while rows.count <= row { rows.append([]) }
    }

    private mutating func lineFeed() {
        move(to: row + 1, column)
        top = max(top, row - rowCount + 1)
    }
}
