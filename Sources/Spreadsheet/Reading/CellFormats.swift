/// Which styles of a workbook show a number as a date.
struct CellFormats {
    private var isDate: [Bool] = []

    init() {}

    init(_ bytes: [UInt8], path: String) throws(SpreadsheetError) {
        var scanner = try XMLScanner(bytes, path: path, part: "xl/styles.xml")
        var dateFormats: Set<Int> = []
        var isWithin = false
        while let event = try scanner.next() {
            switch event {
            case .start("numFmt", let attributes):
                if let number = attributes["numFmtId"].flatMap({ Int($0) }), CellFormats.showsDate(attributes["formatCode"] ?? "") {
                    dateFormats.insert(number)
                }
            case .start("cellXfs", _): isWithin = true
            case .end("cellXfs"): isWithin = false
            case .start("xf", let attributes) where isWithin:
                let number = attributes["numFmtId"].flatMap { Int($0) } ?? 0
                isDate.append(CellFormats.builtInDates.contains(number) || dateFormats.contains(number))
            default: break
            }
        }
    }

    func showsDate(style: Int) -> Bool { isDate.indices.contains(style) && isDate[style] }

    /// Numbers of formats that every program knows, those of East Asian locales included.
    private static let builtInDates: Set<Int> = Set(Array(14...22) + Array(27...36) + Array(45...47) + Array(50...58))

    /// Whether a format has parts of a date outside of quotes and brackets.
    static func showsDate(_ code: String) -> Bool {
        var isQuoted = false
        var isBracketed = false
        var isEscaped = false
        for scalar in code.unicodeScalars {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch scalar {
            case "\\": isEscaped = true
            case "\"": isQuoted.toggle()
            case "[" where !isQuoted: isBracketed = true
            case "]": isBracketed = false
            case "y", "Y", "d", "D", "h", "H", "s", "S": if !isQuoted, !isBracketed { return true }
            default: break
            }
        }
        return false
    }
}
