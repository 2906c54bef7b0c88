/// What other engines' grammars have and PostgreSQL's has not: where it stumbles over one of them, what to write instead.
enum GrammarHabits {
    /// nil for any other mistake.
    ///
    /// - Parameter position: Where the grammar stumbled, its end if it wanted more.
    static func hint(_ bytes: [UInt8], at position: Int) -> String? {
        var scanner = LexicalScanner(bytes)
        var tokens: [LexicalScanner.Token] = []
        var wrong: LexicalScanner.Token?
        while wrong == nil, let token = scanner.next() {
            if token.range.lowerBound >= position { wrong = token } else { tokens.append(token) }
        }
        func word(_ token: LexicalScanner.Token?) -> String {
            token.map { String(decoding: bytes[$0.range], as: UTF8.self).lowercased() } ?? ""
        }
        let (last, found, next) = (word(tokens.last), word(wrong), word(scanner.next()))
        if let wrong, wrong.kind == .string, ["from", "join", ","].contains(last) {
            return file(String(decoding: bytes[wrong.range].dropFirst().dropLast(), as: UTF8.self))
        }
        if tokens.isEmpty, found == "from" { return "begin with `select … from …`" }
        if last == ",", [")", "from", "where", "group", "order", "limit", "having", ""].contains(found) { return "remove the comma before it" }
        if last == "top", tokens.count >= 2, word(tokens[tokens.count - 2]) == "select" { return "write `limit` and the number at the end" }
        if found == "percent" || found.isEmpty && last == "%" { return "a limit is a number of rows" }
        if found == "using" && next == "sample" || found == "tablesample" || last == "tablesample" {
            return "draw by a hash, which gives the same rows again: where md5(claim_id) < '1' is about one in 16"
        }
        if last == "interval", wrong?.kind == .number { return "write interval '1 month'" }
        // Functions that read files take lists of texts, and say so themselves.
        let readsFiles = tokens.contains { word($0).hasPrefix("read_") }
        if found == "[", !readsFiles { return "write array[1, 2, 3]" }
        if found == "{", !readsFiles { return "there are no structures: write columns" }
        if last == "(", tokens.count >= 2, word(tokens[tokens.count - 2]) == "filter" { return "write filter (where …)" }
        if found == "pragma" || last == "show" && found == "create" { return "write `describe` and the table" }
        if last == "columns", found == "from" || found == "in" { return "write `describe` and the table" }
        if found == "use" { return "another store is --store, or .open in the shell" }
        if found == "as", tokens.contains(where: { word($0) == "try_cast" }) { return "write case when x ~ '^[0-9]+$' then x::bigint end" }
        if tokens.contains(where: { word($0) == "`" }) || found == "`" { return "names stand in double quotes" }
        if last == "*", found == "exclude" || tokens.suffix(3).prefix(2).map({ word($0) }) == ["*", "except"] { return "write * exclude (a, b)" }
        if last == "*", ["replace", "rename"].contains(found) { return "write the columns that are wanted, one by one" }
        let before = tokens.suffix(2).map { word($0) }
        if before == ["by", "all"] || found == "all" && last == "by" { return "write the columns, or their numbers: 1, 2" }
        if found == "qualify" || last == "qualify" { return "filter outside: select * from (…) as q where …" }
        if ["pivot", "unpivot"].contains(found) || ["pivot", "unpivot"].contains(last) { return "write sum(x) filter (where …) for each column" }
        if ["asof", "positional"].contains(found) { return "write a lateral subquery with order by and limit 1" }
        return nil
    }

    private static func file(_ path: String) -> String {
        let lowered = path.lowercased()
        func ends(_ endings: String...) -> Bool { endings.contains { lowered.hasSuffix($0) } }
        if path == "-" { return "write read_csv('-') for standard input" }
        if ends(".xlsx") { return "write read_xlsx('\(path)')" }
        if ends(".xls", ".ods") { return "an old workbook is no table here: save it as .xlsx or CSV" }
        if ends(".json", ".jsonl", ".ndjson") { return "JSON is no table here: write it as CSV or Parquet" }
        if ends(".arrow", ".arrows", ".feather", ".orc", ".db", ".duckdb", ".sqlite") { return "CSV, Parquet and workbooks (.xlsx) are read: write it as one of them" }
        let name = lowered.split(separator: "/").last ?? ""
        if path.hasSuffix("/") || !name.contains(".") { return "name the files: read_csv('\(path.hasSuffix("/") ? path : path + "/")*.csv') or read_parquet('…')" }
        return "write read_csv('\(path)') or read_parquet('\(path)')"
    }
}
