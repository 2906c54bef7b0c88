import Columns

extension CanonicalTable {
    /// What is known of an institution.
    package static let institutions = CanonicalTable(
        name: "institutions",
        columns: [
            CanonicalColumn(
                "institution_id", .text, required: true, identifier: true,
                headers: [
                    "fixmedins_code", "定点医药机构编码", "机构编码", "定点医药机构编号", "定点医药机构代码", "定点机构编码", "定点机构编号",
                    "医疗机构编码", "医疗机构代码", "机构编号", "机构代码",
                ]),
            CanonicalColumn(
                "name", .text, headers: ["fixmedins_name", "定点医药机构名称", "机构名称", "定点机构名称", "医疗机构名称", "名称"]),
            CanonicalColumn(
                "region", .text,
                headers: ["fix_blng_admdvs", "fixmedins_poolarea", "admdvs", "机构归属区划", "归属区划", "所属区划", "医保区划"]),
            CanonicalColumn(
                "level", .text, vocabulary: .institutionLevel, headers: ["hosp_lv", "医院等级", "机构等级", "等级"]),
            CanonicalColumn(
                "kind", .text, vocabulary: .institutionKind,
                headers: ["fixmedins_type", "定点医药机构类型", "机构类型", "机构类别", "类型"]),
            CanonicalColumn("beds", .bigint, headers: ["bed_cnt", "床位数", "编制床位数"]),
            CanonicalColumn("contract_start", .date, headers: ["begndate", "协议开始日期", "协议开始", "协议生效日期"]),
            CanonicalColumn("contract_end", .date, headers: ["enddate", "协议结束日期", "协议结束", "协议终止日期"]),
        ],
        loading: LoadingRule(
            keyColumns: ["institution_id"], repetition: .rejected(reason: "duplicate"), replacesTable: true))

    /// Knowledge points: what is said of an item, from when to when, on whose authority.
    package static let knowledge = CanonicalTable(
        name: "knowledge",
        columns: [
            CanonicalColumn("rule_id", .text, required: true, headers: ["rule_code", "规则编码", "规则编号", "规则ID"]),
            CanonicalColumn(
                "item_code", .text, required: true, identifier: true,
                headers: ["med_list_codg", "hilist_code", "医保目录编码", "项目编码", "医疗目录编码", "项目代码"]),
            CanonicalColumn("item_name", .text, headers: ["medins_list_name", "hilist_name", "项目名称", "医保目录名称"]),
            CanonicalColumn("attribute", .text, required: true, headers: ["attr", "属性", "限定属性"]),
            CanonicalColumn("value", .text, required: true, headers: ["val", "属性值", "限定值", "值"]),
            CanonicalColumn("paired_item_code", .text, identifier: true, headers: ["item_code_b", "配对项目编码", "对应项目编码"]),
            CanonicalColumn("window_days", .bigint, headers: ["win_days", "周期天数", "周期(天)", "时间窗天数"]),
            CanonicalColumn("result", .text, headers: ["result_type", "结果", "检出结果", "结果类型"]),
            CanonicalColumn("basis", .text, headers: ["逻辑依据", "依据"]),
            CanonicalColumn("valid_from", .date, headers: ["生效日期", "有效期起"]),
            CanonicalColumn("valid_to", .date, headers: ["失效日期", "有效期止"]),
            CanonicalColumn("batch", .text, headers: ["批次", "发布批次"]),
        ],
        loading: LoadingRule(keyColumns: [], repetition: .kept, replacesTable: true))

    /// Deaths from a register.
    package static let deaths = CanonicalTable(
        name: "deaths",
        columns: [
            CanonicalColumn(
                "patient_id", .text, required: true, identifier: true, many: true,
                headers: ["psn_no", "人员编号", "参保人编号", "个人编号"]),
            CanonicalColumn("death_date", .date, required: true, headers: ["die_date", "死亡日期"]),
        ],
        loading: LoadingRule(
            keyColumns: ["patient_id"], repetition: .smallestCounts(column: "death_date"), replacesTable: true))
}
