import Foundation

/// Headers of the national interface for columns of `claims`.
enum NationalHeaders {
    static let english = [
        "claim_id": "setl_id", "line_id": "feedetl_sn", "original_claim_id": "init_setl_id",
        "institution_id": "fixmedins_code",
        "department": "bilg_dept_codg", "doctor_id": "bilg_dr_codg", "patient_id": "psn_no", "sex": "gend",
        "birth_date": "brdy", "visit_type": "med_type", "diagnosis_code": "dise_codg", "admission_date": "begndate",
        "discharge_date": "enddate", "service_time": "fee_ocur_time", "settled_at": "setl_time",
        "prescription_id": "rx_drord_no", "item_code": "med_list_codg", "item_name": "medins_list_name",
        "item_category": "list_type", "quantity": "cnt", "unit_price": "pric", "amount": "det_item_fee_sumamt",
        "fund_amount": "inscp_amt", "days_supply": "prd_days", "trace_code": "drug_trac_codg", "region": "insu_admdvs",
    ]
    static let chinese = [
        "claim_id": "结算ID", "line_id": "明细序号", "original_claim_id": "原结算ID", "institution_id": "定点医药机构编码",
        "department": "科室编码", "doctor_id": "开单医生编码", "patient_id": "人员编号", "sex": "性别", "birth_date": "出生日期",
        "visit_type": "医疗类别", "diagnosis_code": "诊断编码", "admission_date": "入院日期", "discharge_date": "出院日期",
        "service_time": "费用发生时间", "settled_at": "结算时间", "prescription_id": "处方号", "item_code": "医保目录编码",
        "item_name": "项目名称", "item_category": "目录类别", "quantity": "数量", "unit_price": "单价", "amount": "金额",
        "fund_amount": "统筹支付", "days_supply": "用药天数", "trace_code": "追溯码", "region": "参保区划",
    ]
}

/// Files of the project beside the tests.
enum SourceFolder {
    static func path(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent(name).path
    }
}
