/// Reads one indicator file: `-- key: value` metadata, then sections that begin with `-- query: name`.
///
/// A value goes on over lines that begin with `--` and at least two blanks. A parameter is
/// `name | type | default | minimum | maximum | English | Chinese | source`.
package struct IndicatorFileReader {
    private let file: String
    private let text: String
    private var values: [String: String] = [:]
    private var lineOfKey: [String: Int] = [:]
    private var parameterTexts: [(text: String, line: Int)] = []
    private var sections: [String: (text: String, line: Int)] = [:]
    private var caseReader: CaseReader

    private static let textKeys = [
        "id", "version", "title_en", "title_zh", "theme_en", "theme_zh", "kind", "result", "subject_en", "subject_zh",
        "exposure_en", "exposure_zh", "event_en", "event_zh", "formula_unit_en", "formula_unit_zh", "formula_event_en", "formula_event_zh",
        "formula_amount_en", "formula_amount_zh", "reading_en", "reading_zh", "basis_kind", "basis_en", "basis_zh", "false_alarms_en",
        "false_alarms_zh", "needs", "shares",
    ]
    private static let sectionNames = ["common", "figures", "evidence", "lines", "claims"]
    /// Placeholders that every file may use beside its parameters.
    static let reservedPlaceholders = ["lines", "institution"]

    /// - Throws: `IndicatorError.badFile` with the line.
    package static func read(_ text: String, file: String, isBuiltIn: Bool = false) throws(IndicatorError) -> Indicator {
        var reader = IndicatorFileReader(file: file, text: text)
        try reader.split()
        var indicator = try reader.indicator()
        indicator.file = isBuiltIn ? nil : file
        return indicator
    }

    private init(file: String, text: String) {
        self.file = file
        self.text = text
        caseReader = CaseReader(file: file)
    }

    private func failure(_ line: Int, _ message: String, _ mend: String) -> IndicatorError {
        .badFile(file: file, line: line, message: message, mend: mend)
    }

    private mutating func split() throws(IndicatorError) {
        var section: String?
        var openKey: String?
        var lineNumber = 0
        for rawLine in text.split(separator: "\n", omittingEmptySubsequences: false) {
            lineNumber += 1
            let line = rawLine.last == "\r" ? rawLine.dropLast() : rawLine
            if !caseReader.cases.isEmpty || line.hasPrefix("-- test:") {
                try caseReader.take(String(line), number: lineNumber)
            } else if line.hasPrefix("-- query:") {
                let name = trimmed(line.dropFirst(9))
                guard IndicatorFileReader.sectionNames.contains(name) else {
                    throw failure(lineNumber, "unknown query \"\(name)\"", "use common, figures, evidence, lines or claims")
                }
                guard sections[name] == nil else {
                    throw failure(lineNumber, "query \"\(name)\" appears twice", "keep one")
                }
                section = name
                sections[name] = ("", lineNumber)
            } else if let name = section {
                sections[name]?.text += line + "\n"
            } else if line.hasPrefix("--  "), let key = openKey {
                append(trimmed(line.dropFirst(2)), to: key)
            } else if line.hasPrefix("-- ") {
                openKey = try readKey(line.dropFirst(3), lineNumber)
            } else if !trimmed(line).isEmpty {
                throw failure(lineNumber, "text before the first query", "begin the SQL with \"-- query: figures\"")
            }
        }
    }

    private mutating func append(_ text: String, to key: String) {
        if key == "parameter" {
            parameterTexts[parameterTexts.count - 1].text += " " + text
        } else {
            values[key, default: ""] += " " + text
        }
    }

    private mutating func readKey(_ line: Substring, _ lineNumber: Int) throws(IndicatorError) -> String {
        guard let colon = line.firstIndex(of: ":") else {
            throw failure(lineNumber, "a metadata line without a key", "write \"-- key: value\"")
        }
        let key = trimmed(line[..<colon])
        let value = trimmed(line[line.index(after: colon)...])
        if key == "parameter" {
            parameterTexts.append((value, lineNumber))
        } else {
            guard IndicatorFileReader.textKeys.contains(key) else {
                throw failure(lineNumber, "unknown key \"\(key)\"", "known keys are \(IndicatorFileReader.textKeys.joined(separator: ", ")), parameter")
            }
            guard values[key] == nil else { throw failure(lineNumber, "key \"\(key)\" appears twice", "keep one") }
            values[key] = value
            lineOfKey[key] = lineNumber
        }
        return key
    }

    private func required(_ key: String) throws(IndicatorError) -> String {
        guard let value = values[key], !value.isEmpty else {
            throw failure(1, "no \"\(key)\" in the metadata", "add \"-- \(key): …\" above the first query")
        }
        return value
    }

    private func bilingual(_ key: String) throws(IndicatorError) -> BilingualText {
        BilingualText(try required(key + "_en"), try required(key + "_zh"))
    }

    /// Nil if none of its keys is there; one without the others is a mistake.
    private func formula() throws(IndicatorError) -> IndicatorFormula? {
        let isRead = values["reading_en"] != nil || values["reading_zh"] != nil
        guard isRead || values.keys.contains(where: { $0.hasPrefix("formula_") }) else { return nil }
        return IndicatorFormula(
            unit: try bilingual("formula_unit"), event: try bilingual("formula_event"), amount: try bilingual("formula_amount"),
            reading: isRead ? try bilingual("reading") : nil)
    }

    private func choice<T: RawRepresentable & CaseIterable>(_ key: String, _: T.Type) throws(IndicatorError) -> T
    where T.RawValue == String {
        let text = try required(key)
        guard let value = T(rawValue: text) else {
            let known = T.allCases.map(\.rawValue).joined(separator: " or ")
            throw failure(lineOfKey[key] ?? 1, "\(key) is \"\(text)\"", "write \(known)")
        }
        return value
    }

    private func query(_ name: String) throws(IndicatorError) -> String {
        guard let section = sections[name], !trimmed(section.text[...]).isEmpty else {
            throw failure(1, "no query \"\(name)\"", "add a section \"-- query: \(name)\"")
        }
        return section.text
    }

    private func indicator() throws(IndicatorError) -> Indicator {
        let id = try required("id")
        guard IndicatorFileReader.isName(id) else {
            throw failure(lineOfKey["id"] ?? 1, "id \"\(id)\" is not a plain name", "use a to z, digits and _")
        }
        guard let version = Int(try required("version")), version > 0 else {
            throw failure(lineOfKey["version"] ?? 1, "version is not a whole number from 1", "write \"-- version: 1\"")
        }
        var parameters: [IndicatorParameter] = []
        for (text, line) in parameterTexts {
            let parameter = try self.parameter(text, line)
            guard !parameters.contains(where: { $0.name == parameter.name }) else {
                throw failure(line, "parameter \"\(parameter.name)\" appears twice", "keep one")
            }
            parameters.append(parameter)
        }
        var indicator = Indicator(
            id: id, version: version, title: try bilingual("title"), theme: try bilingual("theme"),
            kind: try choice("kind", Indicator.Kind.self), result: try choice("result", Indicator.ResultType.self),
            subject: try bilingual("subject"), exposure: try bilingual("exposure"), event: try bilingual("event"),
            formula: try formula(), basisKind: try choice("basis_kind", Indicator.BasisKind.self), basis: try bilingual("basis"),
            falseAlarms: try bilingual("false_alarms"),
            needs: (values["needs"] ?? "").split(separator: ",").map { trimmed($0) }.filter { !$0.isEmpty }, shares: values["shares"],
            parameters: parameters,
            queries: IndicatorQueries(
                common: sections["common"]?.text ?? "", figures: try query("figures"), evidence: try query("evidence"),
                lines: sections["lines"]?.text, claims: sections["claims"]?.text),
            file: file, source: text)
        if let claims = sections["claims"], sections["lines"] != nil {
            throw failure(claims.line, "both a query \"lines\" and a query \"claims\"", "keep one")
        }
        indicator.cases = caseReader.cases
        try checkPlaceholders(of: indicator)
        return indicator
    }

    private func checkPlaceholders(of indicator: Indicator) throws(IndicatorError) {
        let known = IndicatorFileReader.reservedPlaceholders + indicator.parameters.map(\.name)
        var used: Set<String> = []
        for name in IndicatorFileReader.sectionNames {
            guard let section = sections[name] else { continue }
            for placeholder in QueryTemplate(section.text).placeholders {
                guard known.contains(placeholder) else {
                    throw failure(
                        section.line, "query \"\(name)\" uses \":\(placeholder)\", which is no parameter",
                        "add \"-- parameter: \(placeholder) | …\"")
                }
                if placeholder == "institution", name != "evidence" {
                    throw failure(section.line, "query \"\(name)\" uses \":institution\"", "only evidence may use it")
                }
                used.insert(placeholder)
            }
        }
        for (parameter, text) in zip(indicator.parameters, parameterTexts) where !used.contains(parameter.name) {
            throw failure(text.line, "parameter \"\(parameter.name)\" is used by no query", "take it out")
        }
        guard used.contains("lines") else {
            throw failure(1, "no query reads \":lines\"", "begin with \"with lines as (:lines), …\"")
        }
    }

    private func parameter(_ text: String, _ line: Int) throws(IndicatorError) -> IndicatorParameter {
        let fields = text.split(separator: "|", omittingEmptySubsequences: false).map { trimmed($0) }
        guard fields.count == 8 else {
            throw failure(
                line, "a parameter with \(fields.count) fields",
                "write name | type | default | minimum | maximum | English | Chinese | source")
        }
        guard IndicatorFileReader.isName(fields[0]), !IndicatorFileReader.reservedPlaceholders.contains(fields[0]) else {
            throw failure(line, "\"\(fields[0])\" cannot be a parameter's name", "use a to z, digits and _; not lines or institution")
        }
        guard let type = IndicatorParameter.ValueType(rawValue: fields[1]) else {
            throw failure(line, "unknown type \"\(fields[1])\"", "use integer, decimal, text, date, boolean or column")
        }
        func value(_ text: String) throws(IndicatorError) -> ParameterValue {
            guard let value = ParameterValue(text, type: type) else {
                throw failure(line, "\"\(text)\" is not \(type.expectation)", "mend the default or the range")
            }
            return value
        }
        let parameter = IndicatorParameter(
            name: fields[0], type: type, defaultValue: try value(fields[2]),
            minimum: fields[3].isEmpty ? nil : try value(fields[3]),
            maximum: fields[4].isEmpty ? nil : try value(fields[4]), description: BilingualText(fields[5], fields[6]),
            source: fields[7])
        if case .failure(let mismatch) = parameter.value(of: fields[2]) {
            throw failure(line, "the default \"\(fields[2])\" is not \(mismatch.expected)", "mend the default or the range")
        }
        return parameter
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x61...0x7A).contains(first), text.utf8.count <= 64 else { return false }
        return text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }

    private func trimmed(_ text: Substring) -> String {
        var slice = text
        while let first = slice.first, first == " " || first == "\t" || first == "\n" { slice.removeFirst() }
        while let last = slice.last, last == " " || last == "\t" || last == "\n" { slice.removeLast() }
        return String(slice)
    }
}
