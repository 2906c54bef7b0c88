/// The styles of a workbook, numbered as they come up.
struct StyleTable {
    private var indexes: [CellStyle: Int] = [:]
    private var styles: [CellStyle] = []
    private var formatNumbers: [String: Int] = ["General": 0, "@": 49, "0": 1, "#,##0": 3, "#,##0.00": 4]
    private var formats: [String] = []
    /// Numbers below belong to the program.
    private static let firstFormatNumber = 164

    init() { _ = index(of: CellStyle()) }

    mutating func index(of style: CellStyle) -> Int {
        if let known = indexes[style] { return known }
        let code = style.format.code
        if formatNumbers[code] == nil {
            formatNumbers[code] = StyleTable.firstFormatNumber + formats.count
            formats.append(code)
        }
        indexes[style] = styles.count
        styles.append(style)
        return styles.count - 1
    }

    /// `styles.xml`.
    var document: String {
        var text = XMLText.declaration + "<styleSheet xmlns=\"\(XMLText.mainNamespace)\">"
        if !formats.isEmpty {
            text += "<numFmts count=\"\(formats.count)\">"
            for (place, code) in formats.enumerated() {
                text += "<numFmt numFmtId=\"\(StyleTable.firstFormatNumber + place)\" formatCode=\"\(XMLText.attribute(code))\"/>"
            }
            text += "</numFmts>"
        }
        // In the order of CellEmphasis.
        let fonts = ["", "<b/>", "<b/>", "", "<b/>", "<b/>"]
        let sizes = [11, 11, 15, 10, 11, 11]
        let colors = ["FF1C2430", "FF1C2430", "FF1C2430", "FF5B6675", "FF1C2430", "FF7A5B00"]
        text += "<fonts count=\"\(fonts.count)\">"
        for place in fonts.indices {
            text += "<font>\(fonts[place])<sz val=\"\(sizes[place])\"/><color rgb=\"\(colors[place])\"/><name val=\"Calibri\"/><family val=\"2\"/></font>"
        }
        text += "</fonts><fills count=\"4\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill>"
        for color in ["FFE6EAEF", "FFFFF6DD"] {
            text += "<fill><patternFill patternType=\"solid\"><fgColor rgb=\"\(color)\"/><bgColor indexed=\"64\"/></patternFill></fill>"
        }
        text += "</fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
        text += "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs>"
        text += "<cellXfs count=\"\(styles.count)\">"
        for style in styles { text += record(style) }
        text += "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
        return text
    }

    private func record(_ style: CellStyle) -> String {
        let fill: Int =
            switch style.emphasis {
            case .header: 2
            case .notice: 3
            default: 0
            }
        let number = formatNumbers[style.format.code] ?? 0
        let wrap = style.isWrapped ? " wrapText=\"1\"" : ""
        return "<xf numFmtId=\"\(number)\" fontId=\"\(style.emphasis.rawValue)\" fillId=\"\(fill)\" borderId=\"0\" xfId=\"0\""
            + " applyNumberFormat=\"1\" applyFont=\"1\" applyFill=\"1\" applyAlignment=\"1\"><alignment vertical=\"top\"\(wrap)/></xf>"
    }
}
