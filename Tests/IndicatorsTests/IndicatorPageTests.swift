import Columns
import Diagnostics
import Foundation
import Indicators
import Testing

/// The pages of indicators. `FUNDWATCH_GOLDEN=rewrite swift test --filter IndicatorPageTests` writes those of `docs/indicators.md`.
@Suite("Pages of indicators")
struct IndicatorPageTests {
    @Test("docs/indicators.md says what the files of the library say, and what their examples give") func libraryPage() throws {
        let page = try String(contentsOf: LibraryPage.file, encoding: .utf8)
        let made = try #require(LibraryPage.page(page, with: try LibraryPage.made()), "the page has lost its marks")
        if ProcessInfo.processInfo.environment["FUNDWATCH_GOLDEN"] == "rewrite" {
            try Data(made.utf8).write(to: LibraryPage.file)
        } else {
            let lines = [page, made].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
            let same = zip(lines[0], lines[1]).prefix { $0 == $1 }.count
            #expect(
                lines[0].dropFirst(same).first == lines[1].dropFirst(same).first,
                "docs/indicators.md:\(same + 1) is not what the library says; FUNDWATCH_GOLDEN=rewrite writes it anew")
        }
    }

    @Test("every indicator of the library has a formula, and says why its example gives what it gives") func formulas() throws {
        for indicator in try IndicatorCatalog.builtIn().indicators {
            let formula = try #require(indicator.formula, "\(indicator.id)")
            for text in [formula.unit, formula.amount, try #require(formula.reading, "\(indicator.id)")] {
                #expect(text.chinese.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }, "\(indicator.id): \(text.chinese)")
                #expect(text.english.unicodeScalars.allSatisfy { !(0x4E00...0x9FFF).contains($0.value) }, "\(indicator.id)")
            }
            #expect(indicator.cases.first?.reason.isEmpty == false, "\(indicator.id)")
        }
    }

    @Test("an example's money on its rows is the money of its figures, and both are what the file expects") func examples() throws {
        for indicator in try IndicatorCatalog.builtIn().indicators {
            let worked = try WorkedExample(try #require(indicator.cases.first), of: indicator, engine: LibraryPage.engine())
            #expect(worked.figures == worked.example.expected, "\(indicator.id)")
            #expect(worked.figures.contains { $0.events > 0 && $0.events < $0.exposure } || worked.figures.count > 1, "\(indicator.id)")
            guard let money = worked.moneyOfLines else {
                #expect(indicator.id == "spending_growth")
                continue
            }
            #expect(money.joined().compactMap { $0 }.reduce(0, +) == worked.figures.reduce(0) { $0 + $1.amountCents }, "\(indicator.id)")
        }
    }

    /// Counts lines beyond a quantity, and has their Fund at issue.
    private static let file =
        SampleFile.metadata.replacing("-- basis_kind", with: """
            -- formula_unit_en: A line
            -- formula_unit_zh: 一条明细
            -- formula_event_en: quantity > 3
            -- formula_event_zh: 数量 > 3
            -- formula_amount_en: Fund of the line
            -- formula_amount_zh: 明细的基金支付
            -- basis_kind
            """) + """
            -- query: common
            with lines as (:lines)
            -- query: figures
            select institution_id, count(case when quantity > :limit then 1 end) as events, count(*) as exposure,
                   coalesce(sum(case when quantity > :limit then fund_amount end), 0) as amount
            from lines group by institution_id
            -- query: evidence
            select * from lines where institution_id = :institution and quantity > :limit
            -- query: lines
            select institution_id, claim_id, line_id, fund_amount as amount from lines where quantity > :limit

            -- test: many of a thing
            -- deaths: patient_id death_date
            --   P|1 2025-03-10
            -- claims: patient_id department quantity
            --   3x P{n} _ 4
            --   P4 A01 5
            -- claims: patient_id quantity
            --   P5 2
            -- set: limit=4
            -- because: Only one is
            -- because: beyond 4.
            -- expect: H1 9 9 9.00

            """

    @Test("a page has the formula, the parameters as they are set, and the example as it is computed") func page() throws {
        let indicator = try IndicatorFileReader.read(Self.file, file: "sample.sql")
        let bound = try BoundIndicator(indicator, overrides: ["limit": "5"], period: .all)
        let page = try IndicatorPage(bound, engine: LibraryPage.engine()).markdown(level: 3)
        #expect(page == """
            ### `sample` 样例: Sample

            T (题) · rule · violation · version 2 · reads `live_claims`

            Finds claims that are long, out of claims.

            - **Unit.** A line.
            - **Event.** quantity > 3.
            - **Amount.** Fund of the line.

            **Source** (legal). law.

            **False alarms.** none.

            | parameter | default | here | meaning | source |
            |---|---|---|---|---|
            | `limit` | 3 | 5 | a limit | statistical: test |

            **Example.** Many of a thing. With `limit = 4`.

            `deaths`

            | `patient_id` | `death_date` |
            |---|---|
            | P\\|1 | 2025-03-10 |

            `claims`

            | rows | `patient_id` | `department` | `quantity` | `fund_amount` | at issue |
            |---|---|---|---|---|---|
            | 3 | P1 … P3 | – | 4 | 7.00 | – |
            | 1 | P4 | A01 | 5 | 7.00 | 7.00 |

            `claims`

            | `patient_id` | `quantity` | `fund_amount` | at issue |
            |---|---|---|---|
            | P5 | 2 | 7.00 | – |

            **Found.** Only one is beyond 4.

            | institution | events | exposure (claims) | amount |
            |---|---|---|---|
            | H1 | 1 | 5 | 7.00 |

            """)
        let chinese = try IndicatorPage(bound, language: .chinese, engine: LibraryPage.engine()).markdown()
        #expect(chinese.hasPrefix("# `sample` 样例\n\n题 · 规则 · 违规 · 第 2 版 · 读取 `live_claims`\n\n在“结算”中查找“长”.\n\n- **单位.** 一条明细.\n"))
    }

    @Test("a formula is whole or not there", arguments: ["formula_unit_en", "formula_event_zh", "formula_amount_zh"])
    func half(key: String) throws {
        let text = Self.file.split(separator: "\n", omittingEmptySubsequences: false).filter { !$0.hasPrefix("-- \(key):") }.joined(separator: "\n")
        let error = #expect(throws: IndicatorError.self) { try IndicatorFileReader.read(text, file: "sample.sql") }
        #expect(error?.diagnostic.message == "no \"\(key)\" in the metadata")
        #expect(try IndicatorFileReader.read(SampleFile.text, file: "sample.sql").formula == nil)
    }

    @Test("rows that cannot be loaded are told with the line of their test") func unloadable() throws {
        let text = Self.file.replacing("--   P5 2", with: "--   P5 many")
        let indicator = try IndicatorFileReader.read(text, file: "sample.sql")
        let error = #expect(throws: IndicatorError.self) {
            try IndicatorPage(try BoundIndicator(indicator, period: .all), engine: LibraryPage.engine())
        }
        #expect(error?.diagnostic.location.file == "sample.sql")
        #expect(error?.diagnostic.message.hasPrefix("the rows of claims cannot be loaded: ") == true)
    }
}
