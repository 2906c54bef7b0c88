/// What a column of a published sheet says.
enum SheetField: Hashable, CaseIterable {
    case sequence, pointSequence, name, code, pairedName, pairedCode, type, value
    case sex, age, level, visitType, insurance, course, quantity, unit, period, periodUnit, window
    case logic, basis, codeCount, remark, validFrom, validTo

    /// The field a heading names; nil if it is none.
    init?(heading: String) {
        let text = HeadingText.normalized(heading)
        guard !text.isEmpty, text.count <= 40 else { return nil }
        func has(_ words: String...) -> Bool { words.contains { text.contains($0) } }
        let isName = has("名称", "通用名", "品名")
        let isCode = has("编码", "代码") && !has("数量", "个数")
        if has("知识点序号", "知识点编号", "对应序号") { self = .pointSequence; return }
        if has("代码数", "编码数", "代码数量", "编码数量", "代码个数", "编码个数") { self = .codeCount; return }
        if ["序号", "编号", "no", "no."].contains(text) { self = .sequence; return }
        if has("规则编码", "规则代码", "规则编号") { return nil }
        let isSecond = (isCode || isName) && (text.hasSuffix("b") || text.hasSuffix("2") || text.hasSuffix("二"))
        if isSecond || has("从项", "子项", "被包含", "b项", "项目b", "b编码", "b代码", "b名称", "配对", "重复项", "项目二", "项目2") {
            if isCode { self = .pairedCode; return }
            self = .pairedName
            return
        }
        if isCode { self = .code; return }
        if has("限定类型", "规则名称", "规则类型", "规则分类", "限制类型") { self = .type; return }
        if isName { self = .name; return }
        if has("检出逻辑", "逻辑描述", "规则逻辑", "审核逻辑") { self = .logic; return }
        if has("依据", "说明", "支付范围", "备注来源") { self = .basis; return }
        if has("生效", "启用日期", "有效期起") { self = .validFrom; return }
        if has("失效", "停用日期", "有效期止") { self = .validTo; return }
        if has("备注") { self = .remark; return }
        if has("性别") { self = .sex; return }
        if has("年龄") { self = .age; return }
        if has("机构等级", "机构级别", "医院等级", "医院级别", "医疗机构等级") { self = .level; return }
        if has("就医方式", "就医类型", "就诊类型", "医疗类别", "就诊方式") { self = .visitType; return }
        if has("险种", "保险类型", "参保类型") { self = .insurance; return }
        if has("疗程", "支付天数", "限定天数", "最大天数") { self = .course; return }
        if has("单位") {
            self = has("周期") ? .periodUnit : .unit
            return
        }
        if has("周期") { self = .period; return }
        if has("频次上限", "数量上限", "限制数量", "上限数量", "最大数量", "限定数量", "限定频次", "次数上限", "限制频次", "单日上限", "每日上限") {
            self = .quantity
            return
        }
        if has("频度", "时间区间", "时间窗", "时间范围", "频率") { self = .window; return }
        if has("限定对象", "限定值", "限定内容", "限制内容", "限定条件", "限定范围", "限制对象", "限制值") { self = .value; return }
        return nil
    }
}
