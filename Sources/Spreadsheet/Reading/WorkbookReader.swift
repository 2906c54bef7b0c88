import Glibc

/// Reads the sheets of an `.xlsx` workbook as grids of texts. Of a formula its last value counts.
package enum WorkbookReader {
    /// Cells that are not blank, over all sheets, and characters in them.
    static let cellLimit = 4_000_000

    /// - Parameter name: What messages call the workbook; nil for its path.
    /// - Throws: `SpreadsheetError`.
    package static func read(path: String, name: String? = nil) throws(SpreadsheetError) -> [SheetGrid] {
        try sheets(of: try FileBytes.read(path), path: name ?? path)
    }

    /// - Parameter path: What messages call the workbook.
    package static func sheets(of bytes: [UInt8], path: String) throws(SpreadsheetError) -> [SheetGrid] {
        var package = try ZipReader(bytes, path: path)
        let book = try workbookPart(&package, path: path)
        guard let text = try package.part(book) else {
            throw .notUnderstood(path: path, part: book, found: "no such part", expected: "the workbook")
        }
        var scanner = try XMLScanner(text, path: path, part: book)
        var entries: [(name: String, id: String, isHidden: Bool)] = []
        var startsIn1904 = false
        while let event = try scanner.next() {
            guard case .start(let name, let attributes) = event else { continue }
            if name == "sheet" {
                let state = attributes["state"] ?? "visible"
                entries.append((attributes["name"] ?? "", attributes["id"] ?? "", state != "visible"))
            } else if name == "workbookPr" {
                startsIn1904 = ["1", "true"].contains(attributes["date1904"] ?? "")
            }
        }
        let folder = book.split(separator: "/").dropLast().joined(separator: "/")
        let targets = try relationships(of: book, folder: folder, package: &package, path: path)
        var reading = SheetReading(path: path, startsIn1904: startsIn1904)
        if let shared = targets.values.first(where: { $0.type == "sharedStrings" }), let part = try package.part(shared.target) {
            reading.strings = try SharedStrings.read(part, path: path)
        }
        if let styles = targets.values.first(where: { $0.type == "styles" }), let part = try package.part(styles.target) {
            reading.formats = try CellFormats(part, path: path)
        }
        var sheets: [SheetGrid] = []
        for entry in entries {
            // A chart alone on its sheet has no cells.
            guard let target = targets[entry.id], target.type == "worksheet" else { continue }
            guard let part = try package.part(target.target) else {
                throw .notUnderstood(path: path, part: target.target, found: "no such part", expected: "sheet \"\(entry.name)\"")
            }
            sheets.append(
                SheetGrid(name: entry.name, isHidden: entry.isHidden, rows: try reading.rows(of: part, sheet: entry.name)))
        }
        guard !sheets.isEmpty else {
            throw .notUnderstood(path: path, part: book, found: "no sheets", expected: "at least one")
        }
        return sheets
    }

    private static func workbookPart(_ package: inout ZipReader, path: String) throws(SpreadsheetError) -> String {
        let roots = try relationships(in: "_rels/.rels", folder: "", package: &package, path: path)
        return roots.values.first { $0.type == "officeDocument" }?.target ?? "xl/workbook.xml"
    }

    private typealias Target = (type: String, target: String)

    private static func relationships(
        of part: String, folder: String, package: inout ZipReader, path: String
    ) throws(SpreadsheetError) -> [String: Target] {
        let name = part.split(separator: "/").last ?? ""
        return try relationships(in: "\(folder)/_rels/\(name).rels", folder: folder, package: &package, path: path)
    }

    /// Id → last word of the type, and the part's name from the root.
    private static func relationships(
        in part: String, folder: String, package: inout ZipReader, path: String
    ) throws(SpreadsheetError) -> [String: Target] {
        guard let bytes = try package.part(part) else { return [:] }
        var scanner = try XMLScanner(bytes, path: path, part: part)
        var targets: [String: Target] = [:]
        while let event = try scanner.next() {
            guard case .start("Relationship", let attributes) = event, let id = attributes["Id"],
                let target = attributes["Target"], attributes["TargetMode"] != "External"
            else { continue }
            var steps = target.hasPrefix("/") ? [] : folder.split(separator: "/").map(String.init)
            for step in target.split(separator: "/") {
                if step == ".." { _ = steps.popLast() } else if step != "." { steps.append(String(step)) }
            }
            let type = (attributes["Type"] ?? "").split(separator: "/").last.map(String.init) ?? ""
            targets[id] = (type, steps.joined(separator: "/"))
        }
        return targets
    }
}

/// Texts that cells share.
enum SharedStrings {
    static func read(_ bytes: [UInt8], path: String) throws(SpreadsheetError) -> [String] {
        var scanner = try XMLScanner(bytes, path: path, part: "xl/sharedStrings.xml")
        var strings: [String] = []
        var text = ""
        var isText = false
        var isReading = 0
        while let event = try scanner.next() {
            switch event {
            case .start("si", _): text = ""
            // Readings above characters are no part of the text.
            case .start("rPh", _): isReading += 1
            case .end("rPh"): isReading -= 1
            case .start("t", _): isText = isReading == 0
            case .end("t"): isText = false
            case .end("si"): strings.append(CellEscapes.resolved(text))
            case .text(let piece): if isText { text += piece }
            default: break
            }
        }
        return strings
    }
}

/// `_xHHHH_` in the texts of cells.
enum CellEscapes {
    static func resolved(_ text: String) -> String {
        guard text.contains("_x") else { return text }
        let units = Array(text.utf16)
        var result: [UInt16] = []
        var place = 0
        while place < units.count {
            if units[place] == 0x5F, place + 6 < units.count, units[place + 1] == 0x78, units[place + 6] == 0x5F,
                let value = UInt16(String(decoding: units[(place + 2)..<(place + 6)], as: UTF16.self), radix: 16),
                units[place + 2] != 0x2B, units[place + 2] != 0x2D
            {
                result.append(value)
                place += 7
            } else {
                result.append(units[place])
                place += 1
            }
        }
        return String(decoding: result, as: UTF16.self)
    }
}

/// A whole file, within the limit of a package.
enum FileBytes {
    static func read(_ path: String) throws(SpreadsheetError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw .noSuchFile(path: path) }
            throw .cannotRead(path: path, reason: unsafe String(cString: strerror(code)), isPermission: code == EACCES || code == EPERM)
        }
        defer { close(descriptor) }
        let limit = ZipReader.Limits().fileSize
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            // The count is that of the array.
            let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .cannotRead(path: path, reason: unsafe String(cString: strerror(errno)), isPermission: false)
            }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else {
                throw .beyondLimit(path: path, what: "a file of more than \(limit) bytes", limit: "\(limit >> 20) MiB")
            }
        }
    }
}
