import Indicators
import Testing

@Suite("Query template")
struct QueryTemplateTests {
    @Test("finds placeholders outside of strings, quoted names, comments and casts", arguments: [
        ("select :a, :b_2, :a", ["a", "b_2"]),
        ("select ':a', \"x:b\", 'it''s :c' -- :d\n, :e", ["e"]),
        ("select x::bigint /* :a */, y::text", []),
        ("select a[1:2], :é", []),
        ("", []), (":", []), ("':a", []), ("/* :a", []), ("::a", []), (":::a", ["a"]),
    ] as [(String, [String])])
    func placeholders(text: String, names: [String]) {
        #expect(QueryTemplate(text).placeholders == names)
        #expect(QueryTemplate(text).bound([:]) == text)
    }

    @Test("replaces every placeholder once, never inside a value")
    func binding() {
        let template = QueryTemplate("select :a + :b from :lines where x = ':a'")
        #expect(
            template.bound(["a": "':b'", "b": "2", "lines": "t"]) == "select ':b' + 2 from t where x = ':a'")
    }
}
