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
        if table.unreadHeadings.contains("rule_id"), table.unreadHeadings.contains("attribute") {
            throw Diagnostic(
                .badData, "this file has the columns of the table knowledge itself", at: SourceLocation(file: path),
                mend: "load it with ingest --table knowledge")
        }
        let words = ([file] + table.titles).reversed().map { $0 }
        let named = words.lazy.compactMap { Restriction(words: $0) }.first
        var listed = Restriction.all(fields: table.fields, headings: table.headings)
        // A column of quantities alone may be a day's, a period's or a course's: the title says which.
        if listed == [.dailyMaximum], let named, [.course, .period].contains(named) { listed = [named] }
        if listed.isEmpty, let named { listed = [named] }
        // A column of types that says nothing known of any row is another classification.
        let hasTypes = table.rows.contains { row in row.text(.type).map { Restriction(words: $0) != nil } ?? false }
        guard !listed.isEmpty || hasTypes || table.fields.contains(.value) else {
            throw Diagnostic(
                .badData, "sheet \"\(table.sheetName)\": found no restriction in its headings, title or name",
                at: SourceLocation(file: path),
                mend: "expected a column such as 限定性别, 限定年龄, 限制数量, 周期(天), 限定机构等级, 从项编码, or 限定类型")
        }
        if !table.unreadHeadings.isEmpty {
            knowledge.passedOver.append(
                "\(file)\(table.sheetName.isEmpty ? "" : ", sheet \"\(table.sheetName)\""): columns that are not read: \(table.unreadHeadings.joined(separator: ", "))")
        }
        let item = words.lazy.compactMap { ItemClass(words: $0) }.first
        let before = (points: knowledge.points.count, rejected: knowledge.rejected.count)
        var pointCount = 0
        for row in table.rows {
            let limits: [Limit]
            do throws(ValueReader.Misfit) {
                limits = try self.limits(of: row, in: table, listed: listed, hasTypes: hasTypes, words: words)
            } catch {
                reject(row, in: table, file: file, cause: error.isType ? "no restriction" : "value", message: "found \"\(error.found)\", expected \(error.expected)")
                continue
            }
            let made = make(row, in: table, file: file, limits: limits, item: item, codes: &codes)
            if made > 0 { pointCount += 1 }
        }
        knowledge.lists.append(
            ImportedKnowledge.List(
                file: file, sheet: table.sheetName, batch: options.batch(ofFile: file), pointCount: pointCount,
                codeCount: Set(knowledge.points[before.points...].map(\.itemCode)).count,
                rejectedCount: knowledge.rejected.count - before.rejected, captionCount: table.captionCount))
    }

    /// A value and what it restricts.
    private typealias Limit = (restriction: Restriction, value: PointValue)

    /// What a row says: by its type, by the columns of the sheet, or in words.
    private func limits(
        of row: SheetTable.Row, in table: SheetTable, listed: [Restriction], hasTypes: Bool, words: [String]
    ) throws(ValueReader.Misfit) -> [Limit] {
        var restrictions = listed
        if hasTypes, let type = row.text(.type), !type.isEmpty {
            guard let typed = Restriction(words: type) else {
                throw ValueReader.Misfit(found: type, expected: "a 限定类型 such as 限定性别对象", isType: true)
            }
            restrictions = [typed]
        }
        if restrictions.isEmpty {
            guard !hasTypes else { throw ValueReader.Misfit(found: "nothing", expected: "a 限定类型 such as 限定性别对象", isType: true) }
            return try PointValue.values(inWords: row.text(.value) ?? "")
        }
        if restrictions.count > 1 {
            restrictions = restrictions.filter { $0.isNamed(in: row) }
            guard !restrictions.isEmpty else { throw ValueReader.Misfit(found: "nothing", expected: "a value in one of the columns that restrict") }
        }
        var limits: [Limit] = []
        for restriction in restrictions {
            let refined = refined(restriction, words: words)
            limits += try PointValue.values(of: row, restriction: refined, headings: table.headings).map { (refined, $0) }
        }
        return limits
    }

    /// A column 年龄 within a list of children's or newborns' items.
    private func refined(_ restriction: Restriction, words: [String]) -> Restriction {
        guard restriction == .age, let special = words.lazy.compactMap({ Restriction(words: $0) }).first else { return restriction }
        return [.newborn, .childOnly, .childForbidden].contains(special) ? special : restriction
    }

    /// Makes the points of a row, one for each code and value, and returns how many.
    private mutating func make(
        _ row: SheetTable.Row, in table: SheetTable, file: String, limits: [Limit], item: ItemClass?, codes: inout CodeLists
    ) -> Int {
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
                    made += add(limit, code: code, row: row, table: table, file: file, item: ItemClass(code: code) ?? item ?? .service)
                }
            }
        }
        return made
    }

    /// Adds a point, or one for each item it is paired with, and returns how many.
    private mutating func add(_ limit: Limit, code: String, row: SheetTable.Row, table: SheetTable, file: String, item: ItemClass) -> Int {
        var pairedCodes: [String?] = [nil]
        if limit.restriction == .pair {
            guard let cell = row.cells[.pairedCode] else {
                reject(row, in: table, file: file, cause: "no code", message: "no code of the item that is contained")
                return 0
            }
            pairedCodes = []
            for paired in ItemCodes.split(cell.text) {
                if let problem = ItemCodes.problem(paired, isNumber: cell.isNumber) ?? (paired == code ? "an item paired with itself" : nil) {
                    reject(row, in: table, file: file, cause: "code", message: problem)
                } else {
                    pairedCodes.append(paired)
                }
            }
        }
        let days: (first: String?, last: String?)
        do throws(ValueReader.Misfit) {
            let span = try DayText.span(row.text(.validity) ?? "")
            days = (try DayText.day(row.text(.validFrom) ?? "") ?? span.first ?? options.validFrom, try DayText.day(row.text(.validTo) ?? "") ?? span.last ?? options.validTo)
            if let first = days.first, let last = days.last, first > last { throw ValueReader.Misfit(found: "\(first) to \(last)", expected: "the first day not after the last") }
        } catch {
            reject(row, in: table, file: file, cause: "day", message: "found \"\(error.found)\", expected \(error.expected)")
            return 0
        }
        var made = 0
        for paired in pairedCodes where add(limit, code: code, pairedCode: paired, days: days, row: row, table: table, file: file, item: item) { made += 1 }
        return made
    }

    private mutating func add(
        _ limit: Limit, code: String, pairedCode: String?, days: (first: String?, last: String?), row: SheetTable.Row, table: SheetTable, file: String,
        item: ItemClass
    ) -> Bool {
        let ruleID = RuleCode.id(limit.restriction, item, value: limit.value.value, words: [file] + table.titles + [row.text(.type) ?? ""])
        let batch = options.batch(ofFile: file)
        let identity = [
            batch, ruleID, code, limit.value.attribute.rawValue, limit.value.value, pairedCode ?? "", limit.value.windowDays.map { String($0) } ?? "", days.first ?? "",
            days.last ?? "",
        ]
        guard seen.insert(identity).inserted else {
            reject(row, in: table, file: file, cause: "repeated", message: "\(code): expected each point once")
            return false
        }
        let basis = [row.text(.basis), row.text(.remark), row.text(.logic)].compactMap { $0 }.filter { !$0.isEmpty }
        knowledge.points.append(
            ImportedPoint(
                ruleID: ruleID, itemCode: code, itemName: row.text(.name), attribute: limit.value.attribute, value: limit.value.value,
                pairedItemCode: pairedCode, windowDays: limit.value.windowDays, result: RuleCode.result(ruleID: ruleID),
                basis: basis.isEmpty ? nil : basis.joined(separator: "; "),
                validFrom: days.first, validTo: days.last, batch: batch,
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
