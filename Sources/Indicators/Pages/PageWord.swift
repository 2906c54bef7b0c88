/// The words of an indicator's page that are not its own.
enum PageWord {
    static let unit = BilingualText("Unit", "单位")
    static let event = BilingualText("Event", "异常")
    static let amount = BilingualText("Amount", "金额")
    static let reading = BilingualText("Reading", "说明")
    static let source = BilingualText("Source", "依据")
    static let falseAlarms = BilingualText("False alarms", "可能的误报")
    static let example = BilingualText("Example", "示例")
    static let found = BilingualText("Found", "结果")
    static let parameter = BilingualText("Parameter", "参数")
    static let defaultValue = BilingualText("Default", "默认值")
    static let chosen = BilingualText("here", "此处")
    static let meaning = BilingualText("Meaning", "含义")
    static let institution = BilingualText("institution", "机构")
    static let events = BilingualText("events", "异常数")
    static let amountOfFigure = BilingualText("amount", "金额")
    static let atIssue = BilingualText("at issue", "涉及金额")
    static let rows = BilingualText("rows", "行数")
    static let reads = BilingualText("reads ", "读取 ")
    static let ordinaryRows = BilingualText("What a row does not say is ordinary: ", "各行未写明的列取常见值: ")

    static func exposure(_ subject: BilingualText) -> BilingualText {
        BilingualText("exposure (\(subject.english))", "总数 (\(subject.chinese))")
    }

    static func version(_ number: Int) -> BilingualText { BilingualText("version \(number)", "第 \(number) 版") }

    static func points(_ attributes: String) -> BilingualText {
        BilingualText(" (points of \(attributes); without one it finds nothing)", " (\(attributes) 知识点; 没有则查不出异常)")
    }

    static func finds(event: String, exposure: String) -> BilingualText {
        BilingualText("Finds \(event), out of \(exposure).", "在“\(exposure)”中查找“\(event)”.")
    }

    static func with(_ settings: String) -> BilingualText { BilingualText("With \(settings).", "其中 \(settings).") }

    static func kind(_ kind: Indicator.Kind) -> BilingualText {
        switch kind {
        case .rule: BilingualText("rule", "规则")
        case .statistical: BilingualText("statistical", "统计")
        }
    }

    static func kind(_ kind: Indicator.BasisKind) -> BilingualText {
        switch kind {
        case .legal: BilingualText("legal", "法规")
        case .statistical: BilingualText("statistical", "统计")
        }
    }

    static func result(_ result: Indicator.ResultType) -> BilingualText {
        switch result {
        case .violation: BilingualText("violation", "违规")
        case .suspicious: BilingualText("suspicious", "可疑")
        }
    }
}
