import Claims
import Diagnostics
import Spreadsheet

/// Reads the points of published files.
package struct PointReader {
    private let options: KnowledgeImportOptions
    private var knowledge = ImportedKnowledge()
    private var seen: Set<[String]> = []

    package init(options: KnowledgeImportOptions) { self.options = options }

    /// - Throws: the reader's errors, or a `Diagnostic` for a file in which no list is found.
    package static func read(_ paths: [String], options: KnowledgeImportOptions) throws -> ImportedKnowledge {
        var reader = PointReader(options: options)
        for path in paths { try reader.add(path) }
        return reader.knowledge
    }

    private mutating func add(_ path: String) throws {
        let file = try PublishedFile(path: path)
        knowledge.passedOver += file.hiddenSheetNames.map { "\(file.name), hidden sheet \"\($0)\"" }
        var tables: [SheetTable] = []
        for sheet in file.sheets {
            if let table = SheetTable(sheet) { tables.append(table) } else {
                knowledge.passedOver.append("\(file.name), sheet \"\(sheet.name)\": no header with known names")
            }
        }
        var codes = CodeLists()
        for table in tables where CodeLists.isCodeList(table) && tables.contains(where: { !CodeLists.isCodeList($0) }) { codes.add(table) }
        let lists = tables.filter { !CodeLists.isCodeList($0) || tables.allSatisfy(CodeLists.isCodeList) }
        guard !lists.isEmpty else {
            throw Diagnostic(
                .badData, "no sheet has a row of headings such as 项目名称, 项目编码, 限定性别", at: SourceLocation(file: path),
                mend: "keep the published header row; sheets of other kinds are loaded with ingest --table knowledge")
        }
        for table in lists { try add(table, file: file.name, path: path, codes: &codes) }
        for (table, row) in codes.unused {
            reject(row, in: table, file: file.name, cause: "no point", message: "\(row.text(.name) ?? "no name"): expected a point of this name on another sheet")
        }
    }

    private mutating func add(_ table: SheetTable, file: String, path: String, codes: inout CodeLists) throws {
        let words = ([file] + table.titles).reversed().map { $0 }
        let named = words.lazy.compactMap { Restriction(words: $0) }.first
        var general = Restriction(fields: table.fields) ?? named
        // A column of quantities alone may be a day's, a period's or a course's: the title says which.
        if general == .dailyMaximum, let named { general = named }
        guard general != nil || table.fields.contains(.type) else {
            throw Diagnostic(
                .badData, "sheet \"\(table.sheetName)\": found no restriction in its headings, title or name",
                at: SourceLocation(file: path),
                mend: "expected a column such as 限定性别, 限定年龄, 限制数量, 周期(天), 限定机构等级, 从项编码, or 限定类型")
        }
        let item = words.lazy.compactMap { ItemClass(words: $0) }.first
        let before = (points: knowledge.points.count, rejected: knowledge.rejected.count)
        var pointCount = 0
        for row in table.rows {
            let restriction = row.text(.type).flatMap { Restriction(words: $0) } ?? general
            guard let restriction else {
                reject(row, in: table, file: file, cause: "no restriction", message: "限定类型 \"\(row.text(.type) ?? "")\": expected such as 限定性别对象")
                continue
            }
            let made = make(row, in: table, file: file, restriction: refined(restriction, words: words), item: item, codes: &codes)
            if made > 0 { pointCount += 1 }
        }
        knowledge.lists.append(
            ImportedKnowledge.List(
                file: file, sheet: table.sheetName, batch: options.batch(ofFile: file), pointCount: pointCount,
                codeCount: Set(knowledge.points[before.points...].map(\.itemCode)).count,
                rejectedCount: knowledge.rejected.count - before.rejected, captionCount: table.captionCount))
    }

    /// A column 年龄 within a list of children's or newborns' items.
    private func refined(_ restriction: Restriction, words: [String]) -> Restriction {
        guard restriction == .age, let special = words.lazy.compactMap({ Restriction(words: $0) }).first else { return restriction }
        return [.newborn, .childOnly, .childForbidden].contains(special) ? special : restriction
    }

    /// Makes the points of a row, one for each code and value, and returns how many.
    private mutating func make(
        _ row: SheetTable.Row, in table: SheetTable, file: String, restriction: Restriction, item: ItemClass?,
        codes: inout CodeLists
    ) -> Int {
        let limits: [PointValue]
        do throws(ValueReader.Misfit) {
            limits = try PointValue.values(of: row, restriction: restriction)
        } catch {
            reject(row, in: table, file: file, cause: "value", message: "found \"\(error.found)\", expected \(error.expected)")
            return 0
        }
        var coded: [(code: SheetGrid.Cell, source: SheetTable.Row)] = row.cells[.code].map { [($0, row)] } ?? []
        if coded.isEmpty {
            coded = codes.codes(name: row.text(.name), sequence: row.text(.sequence)).compactMap { listed in listed.cells[.code].map { ($0, listed) } }
        }
        if coded.isEmpty {
            reject(row, in: table, file: file, cause: "no code", message: "\(row.text(.name) ?? "no name"): expected a code here or on another sheet")
            return 0
        }
        var made = 0
        for (cell, _) in coded {
            for code in ItemCodes.split(cell.text) {
                if let problem = ItemCodes.problem(code, isNumber: cell.isNumber) {
                    reject(row, in: table, file: file, cause: "code", message: problem)
                    continue
                }
                for limit in limits {
                    guard add(limit, code: code, row: row, table: table, file: file, restriction: restriction, item: ItemClass(code: code) ?? item ?? .service) else { continue }
                    made += 1
                }
            }
        }
        return made
    }

    private mutating func add(
        _ limit: PointValue, code: String, row: SheetTable.Row, table: SheetTable, file: String, restriction: Restriction, item: ItemClass
    ) -> Bool {
        let ruleID = RuleCode.id(restriction, item, value: limit.value)
        var pairedCode: String?
        if restriction == .pair {
            guard let cell = row.cells[.pairedCode] else {
                reject(row, in: table, file: file, cause: "no code", message: "no code of the item that is contained")
                return false
            }
            let paired = HeadingText.trimmed(cell.text)
            if let problem = ItemCodes.problem(paired, isNumber: cell.isNumber) ?? (paired == code ? "an item paired with itself" : nil) {
                reject(row, in: table, file: file, cause: "code", message: problem)
                return false
            }
            pairedCode = paired
        }
        let (validFrom, validTo): (String?, String?)
        do throws(ValueReader.Misfit) {
            validFrom = try DayText.day(row.text(.validFrom) ?? "") ?? options.validFrom
            validTo = try DayText.day(row.text(.validTo) ?? "") ?? options.validTo
        } catch {
            reject(row, in: table, file: file, cause: "day", message: "found \"\(error.found)\", expected \(error.expected)")
            return false
        }
        let batch = options.batch(ofFile: file)
        guard seen.insert([batch, ruleID, code, limit.attribute.rawValue, limit.value, pairedCode ?? "", limit.windowDays.map { String($0) } ?? ""]).inserted else {
            reject(row, in: table, file: file, cause: "repeated", message: "\(code): expected each point once")
            return false
        }
        let basis = [row.text(.basis), row.text(.remark), row.text(.logic)].compactMap { $0 }.filter { !$0.isEmpty }
        knowledge.points.append(
            ImportedPoint(
                ruleID: ruleID, itemCode: code, itemName: row.text(.name), attribute: limit.attribute, value: limit.value,
                pairedItemCode: pairedCode, windowDays: limit.windowDays, result: RuleCode.result(ruleID: ruleID),
                basis: basis.isEmpty ? nil : basis.joined(separator: "; "),
                validFrom: validFrom, validTo: validTo, batch: batch,
                source: PointReader.source(row, in: table, file: file)))
        return true
    }

    private mutating func reject(_ row: SheetTable.Row, in table: SheetTable, file: String, cause: String, message: String) {
        knowledge.rejected.append(
            RejectedPoint(source: PointReader.source(row, in: table, file: file), cause: cause, message: message, cells: row.texts))
    }

    private static func source(_ row: SheetTable.Row, in table: SheetTable, file: String) -> String {
        file + (table.sheetName.isEmpty ? "" : ", sheet \"\(table.sheetName)\"") + ", row \(row.number)"
            + (row.text(.sequence).map { ", point \($0)" } ?? "")
    }
}
