import Columns

extension CanonicalTable {
    /// Leads that were looked into, and what came of it. Every file adds to it: the last review of a lead counts.
    package static let feedback = CanonicalTable(
        name: "feedback",
        columns: [
            CanonicalColumn(
                "institution_id", .text, required: true, identifier: true,
                headers: ["fixmedins_code", "定点医药机构编码", "机构编码", "医疗机构编码", "机构编号", "机构代码"]),
            CanonicalColumn("indicator", .text, required: true, headers: ["indicator_id", "指标", "指标编码", "指标ID", "规则"]),
            CanonicalColumn(
                "result", .text, required: true, vocabulary: .reviewResult,
                headers: ["label", "review_result", "核查结果", "核实结果", "结果", "结论"]),
            CanonicalColumn("reason", .text, headers: ["reason_code", "原因", "理由", "说明"]),
            CanonicalColumn(
                "confirmed_amount", .numeric(precision: 16, scale: 2),
                headers: ["amount_confirmed", "核实金额", "认定金额", "确认金额", "违规金额"]),
            CanonicalColumn("reviewed_on", .date, headers: ["date", "review_date", "核查日期", "核实日期", "日期"]),
            CanonicalColumn("reviewer", .text, headers: ["reviewer_hash", "核查人", "审核人"]),
            CanonicalColumn("lead_id", .text, identifier: true, headers: ["finding_id", "线索编号", "线索ID"]),
        ],
        loading: LoadingRule(keyColumns: [], repetition: .kept, replacesTable: false))
}
