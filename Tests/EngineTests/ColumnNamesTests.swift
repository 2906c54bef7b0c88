import Engine
import Testing

@Suite("Names of columns")
struct ColumnNamesTests {
    @Test(
        "names stay as they are, blank ones go by place, repeated ones are numbered",
        arguments: [
            (["a", "b"], ["a", "b"]),
            (["编号", "金额(元)", "unit price"], ["编号", "金额(元)", "unit price"]),
            (["a", "a", "A", "b"], ["a", "a_1", "A_2", "b"]),
            (["a", "a_1", "a"], ["a", "a_1", "a_1_1"]),
            (["a", "", "c", "  "], ["a", "column1", "c", "column3"]),
            (["column1", ""], ["column1", "column1_1"]),
            (["É", "é"], ["É", "é"]),
            ([], []),
        ] as [([String], [String])])
    func unique(headers: [String], names: [String]) {
        #expect(ColumnNames.unique(headers) == names)
    }

    @Test("places have as many digits as the last one needs") func places() {
        #expect(ColumnNames.unique([String](repeating: "", count: 10)).last == "column9")
        let names = ColumnNames.unique([String](repeating: "", count: 11))
        #expect(names.first == "column00" && names.last == "column10")
    }

    @Test("however often names repeat, no two are the same") func manyRepeats() {
        let headers = (0..<500).flatMap { ["x", "x_1", "X_\($0 % 7)", ""] }
        let names = ColumnNames.unique(headers)
        #expect(Set(names.map { $0.lowercased() }).count == headers.count)
    }
}
