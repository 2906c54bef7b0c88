import Columns

extension CanonicalTable {
    /// One row is one billed line.
    package static let claims = CanonicalTable(
        name: "claims", columns: claimColumns + claimLineColumns,
        loading: LoadingRule(
            keyColumns: ["claim_id", "line_id"], repetition: .rejected(reason: "duplicate"), replacesTable: false))

    /// What is said of the claim: the same on each of its lines.
    private static let claimColumns: [CanonicalColumn] = [
        CanonicalColumn(
            "claim_id", .text, required: true, identifier: true, many: true,
            headers: ["setl_id", "结算ID", "结算流水号", "结算编号", "结算单号"]),
        CanonicalColumn(
            "line_id", .text, required: true, identifier: true,
            headers: ["feedetl_sn", "bkkp_sn", "line_no", "费用明细流水号", "明细序号", "明细流水号", "记账流水号"]),
        CanonicalColumn(
            "original_claim_id", .text, identifier: true, many: true, headers: ["init_setl_id", "原结算ID", "原结算流水号"]),
        CanonicalColumn(
            "institution_id", .text, required: true, identifier: true,
            headers: [
                "fixmedins_code", "定点医药机构编码", "机构编码", "定点医药机构编号", "定点医药机构代码", "定点机构编码", "定点机构编号",
                "医疗机构编码", "医疗机构代码", "机构编号", "机构代码",
            ]),
        CanonicalColumn(
            "department", .text,
            headers: ["bilg_dept_codg", "acord_dept_codg", "科室编码", "开单科室编码", "受单科室编码", "科室代码", "开单科室", "科室"]),
        CanonicalColumn(
            "doctor_id", .text, identifier: true,
            headers: ["bilg_dr_codg", "bilg_dr_code", "开单医生编码", "开单医师编码", "医生编码", "医师编码", "医师代码"]),
        CanonicalColumn(
            "patient_id", .text, required: true, identifier: true, many: true,
            headers: ["psn_no", "人员编号", "参保人编号", "个人编号"]),
        CanonicalColumn("sex", .text, vocabulary: .sex, headers: ["gend", "性别"]),
        CanonicalColumn("birth_date", .date, headers: ["brdy", "出生日期"]),
        CanonicalColumn("visit_type", .text, required: true, vocabulary: .visitType, headers: ["med_type", "医疗类别"]),
        CanonicalColumn(
            "diagnosis_code", .text,
            headers: ["dise_codg", "diag_code", "dscg_maindiag_code", "诊断编码", "主诊断编码", "疾病诊断编码", "诊断代码"]),
        CanonicalColumn("admission_date", .date, headers: ["begndate", "adm_date", "入院日期"]),
        CanonicalColumn("discharge_date", .date, headers: ["enddate", "dscg_date", "出院日期"]),
    ]

    /// What is said of the line.
    private static let claimLineColumns: [CanonicalColumn] = [
        CanonicalColumn(
            "service_time", .timestamp, required: true, headers: ["fee_ocur_time", "费用发生时间", "费用发生日期"]),
        CanonicalColumn("settled_at", .timestamp, required: true, headers: ["setl_time", "结算时间", "结算日期"]),
        CanonicalColumn(
            "prescription_id", .text, identifier: true, many: true, headers: ["rx_drord_no", "处方号", "处方/医嘱号", "处方编号"]),
        CanonicalColumn(
            "item_code", .text, required: true, identifier: true,
            headers: ["med_list_codg", "hilist_code", "医保目录编码", "项目编码", "医疗目录编码", "项目代码"]),
        CanonicalColumn(
            "item_name", .text, headers: ["medins_list_name", "hilist_name", "项目名称", "医保目录名称", "医疗目录名称"]),
        CanonicalColumn(
            "item_category", .text, vocabulary: .itemCategory, headers: ["list_type", "目录类别", "项目类别"]),
        CanonicalColumn("quantity", .numeric(precision: 16, scale: 4), required: true, headers: ["cnt", "数量"]),
        CanonicalColumn("unit_price", .numeric(precision: 16, scale: 6), required: true, headers: ["pric", "单价"]),
        CanonicalColumn(
            "amount", .numeric(precision: 16, scale: 2), required: true,
            headers: ["det_item_fee_sumamt", "金额", "明细项目费用总额"]),
        CanonicalColumn(
            "fund_amount", .numeric(precision: 16, scale: 2),
            headers: ["inscp_amt", "inscp_scp_amt", "统筹支付", "基金支付", "符合政策范围金额"]),
        CanonicalColumn("days_supply", .numeric(precision: 8, scale: 2), headers: ["prd_days", "用药天数", "用药周期天数"]),
        CanonicalColumn("trace_code", .text, identifier: true, many: true, headers: ["drug_trac_codg", "追溯码", "药品追溯码"]),
        CanonicalColumn("region", .text, headers: ["insu_admdvs", "参保区划", "参保地区划", "参保地医保区划"]),
    ]
}
