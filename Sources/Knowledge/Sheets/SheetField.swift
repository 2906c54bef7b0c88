/// What a column of a published sheet says.
enum SheetField: Hashable, CaseIterable {
    case sequence, pointSequence, name, code, pairedName, pairedCode, type, value
    case sex, age, lowestAge, highestAge, level, visitType, insurance, course, quantity, unit, period, periodUnit, window
    case logic, basis, codeCount, remark, validFrom, validTo, validity

    /// Columns of codes and names that are not the item's.
    private static let others = [
        "诊断", "疾病", "病种", "科室", "机构编", "机构代", "机构名", "企业", "厂家", "生产", "信用", "区划", "atc", "手术操作", "术式", "批准", "文号", "剂型", "分类编码", "分类代码",
        "分类名称", "类别编码", "类别代码", "类别名称", "规则编", "规则代",
    ]

    /// The field a heading names; nil if it is none.
    init?(heading: String) {
        let text = HeadingText.normalized(heading)
        guard !text.isEmpty, text.count <= 40 else { return nil }
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        if text.utf8.allSatisfy({ $0 < 0x80 }), let field = EnglishHeadings.field(text) {
            self = field
            return
        }
        let isForeign = SheetField.others.contains(where: text.contains)
        let isName = has("名称", "通用名", "品名") && !isForeign
        let isCode = has("编码", "代码", "国家码", "医保码", "贯标码", "项目编号", "药品编号", "耗材编号") && !has("数量", "个数") && !isForeign
        if has("知识点序号", "知识点编号", "对应序号") { self = .pointSequence; return }
        if has("代码数", "编码数", "代码数量", "编码数量", "代码个数", "编码个数") { self = .codeCount; return }
        if ["序号", "编号", "no", "no."].contains(text) { self = .sequence; return }
        let isSecond = (isCode || isName) && (text.hasSuffix("b") || text.hasSuffix("2") || text.hasSuffix("二"))
        if isSecond || has("从项", "子项", "被包含", "b项", "项目b", "b编码", "b代码", "b名称", "配对", "重复项", "项目二", "项目2", "同时收", "互斥") {
            if isCode { self = .pairedCode; return }
            self = .pairedName
            return
        }
        if isCode { self = .code; return }
        if has("限定类型", "规则名称", "规则类型", "规则分类", "限制类型") { self = .type; return }
        if isName { self = .name; return }
        if has("检出逻辑", "逻辑描述", "规则逻辑", "审核逻辑") { self = .logic; return }
        if has("依据", "说明", "支付范围", "备注来源") { self = .basis; return }
        if has("生效", "启用日期", "有效期起", "执行日期", "执行时间", "实施日期", "施行日期", "开始日期", "起始日期") { self = .validFrom; return }
        if has("失效", "停用日期", "有效期止", "终止日期", "截止日期", "结束日期") { self = .validTo; return }
        if has("有效期", "执行期", "适用时间", "有效时间") { self = .validity; return }
        if has("备注") { self = .remark; return }
        // 禁用性别 and 禁用年龄 say the contrary of 限定性别: their values would be taken for what is allowed.
        if has("禁用", "禁忌", "不适用", "排除") { return nil }
        if has("性别") { self = .sex; return }
        if has("年龄") {
            // Months and days would be taken for years.
            if has("月", "天", "日") { return nil }
            if has("最小", "最低", "下限", "起始") { self = .lowestAge } else if has("最大", "最高", "上限", "终止") { self = .highestAge } else { self = .age }
            return
        }
        if has("机构等级", "机构级别", "医院等级", "医院级别", "限定等级", "限定级别", "限制等级", "限制级别", "最低等级", "最低级别") { self = .level; return }
        if has("就医方式", "就医类型", "就诊类型", "医疗类别", "就医类别", "就诊方式", "就医场景", "适用场景", "支付场景") { self = .visitType; return }
        if has("险种", "保险类型", "参保类型") { self = .insurance; return }
        if has("疗程", "支付天数", "限定天数", "最大天数") { self = .course; return }
        if has("单位") {
            self = has("周期") ? .periodUnit : .unit
            return
        }
        if has("周期内") { self = .quantity; return }
        if has("周期") { self = .period; return }
        if has("频次", "次数") || has("数量", "限量", "用量", "单日上限", "每日上限") && has("限", "最", "每") {
            // A limit of a month or a stay would be taken for a day's.
            if has("周", "月", "年", "季", "住院", "就诊", "疗程", "处方", "终身") { return nil }
            self = .quantity
            return
        }
        if has("频度", "时间区间", "时间窗", "时间范围", "频率") { self = .window; return }
        if has("限定对象", "限定值", "限定内容", "限制内容", "限定条件", "限制条件", "限定范围", "限制范围", "限制对象", "限制值", "限制使用", "使用限制", "支付限制", "支付条件") {
            self = .value
            return
        }
        return nil
    }

    /// The unit in brackets at the end of a heading such as 周期(月); empty if there is none.
    static func unit(heading: String) -> String {
        HeadingText.normalized(heading).firstMatch(of: /[(](天|日|周|个?月|年|小时)[)]$/).map { String($0.output.1) } ?? ""
    }

    /// Whether a heading of a quantity says that it is a day's.
    static func speaksOfDay(_ heading: String) -> Bool {
        let text = HeadingText.normalized(heading)
        return ["单日", "每日", "每天", "日最", "perday", "daily"].contains(where: text.contains)
    }

    /// Which of two columns of one field is read: the smaller number, the first of equals.
    ///
    /// A sheet with a national and a local code has the national one read, one with a generic name and a brand the generic name.
    func order(heading: String) -> Int {
        let text = HeadingText.normalized(heading)
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        switch self {
        case .code: return has("国家", "国标", "医保", "national") ? 0 : (has("地方", "本地", "省", "市", "院内", "自编", "原", "local") ? 2 : 1)
        case .name: return has("通用名", "项目名称", "药品名称", "耗材名称", "generic") ? 0 : 1
        default: return 0
        }
    }
}
