/// The small parts that hold a workbook together.
enum WorkbookParts {
    private static let sheetType = "application/vnd.openxmlformats-officedocument.spreadsheetml"

    static func workbook(_ sheets: [WrittenSheet]) -> String {
        var text = XMLText.declaration
            + "<workbook xmlns=\"\(XMLText.mainNamespace)\" xmlns:r=\"\(XMLText.relationshipNamespace)\"><bookViews><workbookView/></bookViews><sheets>"
        for (place, sheet) in sheets.enumerated() {
            text += "<sheet name=\"\(XMLText.attribute(sheet.name))\" sheetId=\"\(place + 1)\" r:id=\"rId\(place + 1)\"/>"
        }
        text += "</sheets>"
        var names = ""
        for (place, sheet) in sheets.enumerated() {
            let quoted = XMLText.attribute("'" + sheet.name.replacing("'", with: "''") + "'")
            if let filter = sheet.filter {
                names += "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"\(place)\" hidden=\"1\">\(quoted)!\(filter)</definedName>"
            }
            if let row = sheet.headerRow {
                names += "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"\(place)\">\(quoted)!$\(row):$\(row)</definedName>"
            }
        }
        if !names.isEmpty { text += "<definedNames>\(names)</definedNames>" }
        return text + "</workbook>"
    }

    static func relationships(sheetCount: Int) -> String {
        var text = XMLText.declaration + "<Relationships xmlns=\"\(XMLText.packageNamespace)/relationships\">"
        for number in 1...sheetCount {
            text += "<Relationship Id=\"rId\(number)\" Type=\"\(XMLText.relationshipNamespace)/worksheet\" Target=\"worksheets/sheet\(number).xml\"/>"
        }
        text += "<Relationship Id=\"rId\(sheetCount + 1)\" Type=\"\(XMLText.relationshipNamespace)/styles\" Target=\"styles.xml\"/>"
        return text + "</Relationships>"
    }

    static var rootRelationships: String {
        XMLText.declaration + "<Relationships xmlns=\"\(XMLText.packageNamespace)/relationships\">"
            + "<Relationship Id=\"rId1\" Type=\"\(XMLText.relationshipNamespace)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    }

    static func contentTypes(sheetCount: Int) -> String {
        var text = XMLText.declaration + "<Types xmlns=\"\(XMLText.packageNamespace)/content-types\">"
        text += "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
        text += "<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
        text += "<Override PartName=\"/xl/workbook.xml\" ContentType=\"\(sheetType).sheet.main+xml\"/>"
        text += "<Override PartName=\"/xl/styles.xml\" ContentType=\"\(sheetType).styles+xml\"/>"
        for number in 1...sheetCount {
            text += "<Override PartName=\"/xl/worksheets/sheet\(number).xml\" ContentType=\"\(sheetType).worksheet+xml\"/>"
        }
        return text + "</Types>"
    }
}
