import Claims
import Diagnostics
import Testing

@Suite("Header mapping")
struct HeaderMappingTests {
    static let required = [
        "claim_id", "line_id", "institution_id", "patient_id", "visit_type", "service_time", "settled_at", "item_code",
        "quantity", "unit_price", "amount",
    ]

    func mapping(_ headers: [String], _ table: CanonicalTable = .claims) throws -> [String: Int] {
        let mapping = try HeaderMapping.resolve(headers: headers, table: table)
        var places: [String: Int] = [:]
        for (column, place) in zip(table.columns, mapping.fileIndexes) {
            if let place { places[column.name] = place }
        }
        return places
    }

    @Test("a folder stands for a column that the file has not, and for a required one, too") func folders() throws {
        let headers = Self.required.filter { $0 != "visit_type" }
        func place(_ column: String, _ mapping: HeaderMapping) -> Int? {
            zip(mapping.table.columns, mapping.fileIndexes).first { $0.0.name == column }?.1
        }
        let mapping = try HeaderMapping.resolve(headers: headers, folders: ["month", "Region", "visit_type", "amount"], table: .claims)
        #expect(place("region", mapping) == headers.count + 1)
        #expect(place("visit_type", mapping) == headers.count + 2)
        #expect(place("amount", mapping) == headers.firstIndex(of: "amount"))
        #expect(mapping.extras.isEmpty)
        #expect(throws: HeaderMappingError.self) { try HeaderMapping.resolve(headers: headers, folders: ["month"], table: .claims) }
    }

    @Test("every accepted header of every table finds its column")
    func everyAcceptedHeader() throws {
        for table in CanonicalTable.all {
            for column in table.columns {
                for header in column.namesInOrder {
                    let others = table.columns.filter { $0.isRequired && $0.name != column.name }.map(\.name)
                    let places = try mapping(others + [header], table)
                    #expect(places[column.name] == others.count, "\(table.name): \(header)")
                }
            }
        }
    }

    @Test("no header is accepted for two columns of a table")
    func acceptedHeadersAreUnambiguous() {
        for table in CanonicalTable.all {
            let names = table.columns.flatMap(\.namesInOrder).map { $0.lowercased() }
            #expect(Set(names).count == names.count, "\(table.name)")
        }
    }

    @Test("a national fee list maps; second names and unknown columns are kept")
    func nationalFeeList() throws {
        let headers = [
            "bkkp_sn", "mdtrt_id", "fee_ocur_time", "setl_id", "rx_drord_no", "fixmedins_code", "fixmedins_name",
            "psn_no", "insu_admdvs", "med_type", "cnt", "pric", "det_item_fee_sumamt", "inscp_amt", "hilist_code",
            "hilist_name", "list_type", "med_list_codg", "medins_list_name", "bilg_dept_codg", "bilg_dr_code",
            "acord_dept_codg", "prd_days", "dise_codg", "feedetl_sn", "setl_time",
        ]
        let mapping = try HeaderMapping.resolve(headers: headers, table: .claims)
        let places = try self.mapping(headers)
        #expect(places["line_id"] == 24)
        #expect(places["item_code"] == 17)
        #expect(places["item_name"] == 18)
        #expect(places["department"] == 19)
        #expect(places["fund_amount"] == 13)
        #expect(places["sex"] == nil)
        #expect(
            mapping.extras.map(\.name) == [
                "bkkp_sn", "mdtrt_id", "fixmedins_name", "hilist_code", "hilist_name", "acord_dept_codg",
            ])
    }

    @Test("Chinese headers map in any order")
    func chineseHeaders() throws {
        let headers = [
            "金额", "单价", "数量", "项目编码", "结算时间", "费用发生时间", "医疗类别", "人员编号", "机构编码", "明细序号", "结算流水号", "性别",
            "追溯码", "参保区划",
        ]
        let places = try mapping(headers)
        #expect(places["amount"] == 0)
        #expect(places["claim_id"] == 10)
        #expect(places["sex"] == 11)
        #expect(places["region"] == 13)
    }

    @Test("case, byte-order marks, blanks and full-width letters do not matter")
    func normalization() throws {
        let headers = ["\u{FEFF}Claim_ID", " LINE_ID\u{A0}", "ｓｅｔｌ＿ｔｉｍｅ", "\u{3000}结算id "]
        let places = try mapping(
            headers + [
                "institution_id", "patient_id", "visit_type", "service_time", "item_code",
                "quantity", "unit_price", "amount",
            ])
        #expect(places["claim_id"] == 0)
        #expect(places["line_id"] == 1)
        #expect(places["settled_at"] == 2)
    }

    @Test("the canonical name wins over every other, then the order of the list")
    func priority() throws {
        #expect(try mapping(Self.required + ["hilist_code"])["item_code"] == 7)
        let withoutCode = Self.required.filter { $0 != "item_code" }
        #expect(try mapping(withoutCode + ["hilist_code", "med_list_codg"])["item_code"] == 11)
        #expect(try mapping(withoutCode + ["hilist_code"])["item_code"] == 10)
    }

    @Test("missing required columns are listed with their accepted names and the likely slip")
    func missingColumns() {
        let headers = Self.required.filter { $0 != "amount" && $0 != "claim_id" } + ["amout"]
        let error = #expect(throws: HeaderMappingError.self) {
            try HeaderMapping.resolve(headers: headers, table: .claims)
        }
        guard case .missingColumns(let table, let columns) = error else {
            Issue.record("expected missing columns")
            return
        }
        #expect(table == "claims")
        #expect(columns.map(\.name) == ["claim_id", "amount"])
        #expect(columns[1].suggestion == "amout")
        let text = error.map { DiagnosticRenderer.oneLine($0.diagnostic) } ?? ""
        #expect(text.contains("claim_id (or setl_id, 结算ID, 结算流水号"))
        #expect(text.contains("did you mean \"amout\"?"))
    }

    @Test("a repeated header is refused, an empty one is not")
    func repeatedHeaders() throws {
        #expect(throws: HeaderMappingError.repeatedHeader("amount", firstColumn: 11, secondColumn: 12)) {
            try HeaderMapping.resolve(headers: Self.required + [" AMOUNT"], table: .claims)
        }
        #expect(throws: HeaderMappingError.self) {
            try HeaderMapping.resolve(headers: Self.required + ["memo", "Memo"], table: .claims)
        }
        let mapping = try HeaderMapping.resolve(headers: Self.required + ["", ""], table: .claims)
        #expect(mapping.extras.map(\.name) == ["column_12", "column_13"])
    }

    @Test(
        "extra columns get safe, unique names",
        arguments: [
            (["Memo Text", "memo-text"], ["memo_text", "memo_text_2"]),
            (["claim id"], ["claim_id_2"]),
            (["定点机构（名称）"], ["定点机构_名称"]),
            (["2025年"], ["c_2025年"]),
            (["; drop table--"], ["drop_table"]),
            (["**"], ["column_12"]),
        ] as [([String], [String])])
    func extraNames(headers: [String], names: [String]) throws {
        let mapping = try HeaderMapping.resolve(headers: Self.required + headers, table: .claims)
        #expect(mapping.extras.map(\.name) == names)
        #expect(mapping.extras.map(\.fileIndex) == Array(11..<(11 + headers.count)))
    }

    @Test("an endless header becomes a short name")
    func longHeader() throws {
        let long = String(repeating: "病", count: 500)
        let mapping = try HeaderMapping.resolve(headers: Self.required + [long], table: .claims)
        #expect(mapping.extras[0].name.utf8.count <= 60)
    }
}
