import Columns
import Foundation
import Indicators
import Ranking
import Reporting
import Testing

@Suite("Report tables")
struct TableFileTests {
    @Test("ranking.csv has the contract's columns, raw data and exact decimals") func ranking() throws {
        let lines = TableFiles.rankingCSV(try SampleReport.report()).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(
            lines[0]
                == "rank,institution_id,name,region,level,kind,claims,fund_amount,score,grade,amount_at_issue,reason_1,reason_2,reason_3")
        #expect(lines.count == 42 && lines[41].isEmpty)
        let hostile = try #require(lines.first { $0.contains(",H100000,") })
        #expect(hostile.contains(",\"<script>alert(1)</script>\u{202E}\"\"'&\",,primary,hospital,1000,1234567.89,"))
        #expect(hostile.contains(",9999.99,\"prescription_size: 200 of 1,000 prescriptions (20.0 %) stand out; "))
        #expect(lines.contains { $0.contains(",H100001,\"=1+1,\"\"x\"\"\",520115,") })
        #expect(lines.contains { $0.contains(",H100002,,520115,primary") })
        #expect(lines.contains { $0.contains(",H100003,\"\",,primary") })
        #expect(lines.contains { $0.hasSuffix(",A,0.00,,,") })
    }

    @Test("indicators.csv has a row for each figure, doubles that read back") func indicators() throws {
        let report = try SampleReport.report()
        let lines = TableFiles.indicatorsCSV(report).split(separator: "\n")
        #expect(lines[0] == "indicator,institution_id,events,exposure,rate,expected_rate,z,contribution,amount,significant")
        #expect(lines.count == 1 + 3 * 40)
        let fields = lines[2].split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields[0...3] == ["prescription_size", "H100001", "190", "1001"])
        #expect(Double(fields[4]) == 190.0 / 1001)
        #expect(Double(fields[6]) == report.ranking.indicators[0].figures[1].comparison?.adjustedDistance)
        #expect(fields[8] == "50000.00" && fields[9] == "true")
    }

    @Test("JSON files parse and carry the same numbers") func json() throws {
        let report = try SampleReport.report()
        let ranking = try JSONSerialization.jsonObject(with: Data(TableFiles.rankingJSON(report).utf8)) as? [String: Any]
        let institutions = try #require(ranking?["institutions"] as? [[String: Any]])
        #expect(institutions.count == 40)
        #expect(institutions.contains { $0["name"] as? String == SampleReport.hostileName })
        #expect(institutions[0]["score"] as? Double == Double(report.ranking.institutions[0].scoreTenths) / 10)
        let run = try JSONSerialization.jsonObject(with: Data(RunFile.text(report).utf8)) as? [String: Any]
        #expect(run?["store_head"] as? String == "ab12")
        #expect((run?["period"] as? [String: Any])?["to"] as? String == "2026-01-01")
        #expect((run?["ranking_parameters"] as? [String: Any])?["minimum_peers"] as? Double == 10)
        #expect((run?["indicators"] as? [[String: Any]])?.count == 3)
    }

    @Test("values are written as the contract says", arguments: [
        (.null, nil), (.boolean(true), "true"), (.integer(-5), "-5"), (.numeric(unscaled: -5, scale: 2), "-0.05"),
        (.double(0.1), "0.1"), (.double(1.0 / 3), "0.3333333333333333"), (.date(20_119), "2025-01-31"),
        (.timestamp(1_738_310_678_000_000), "2025-01-31 08:04:38"), (.timestamp(-1), "1969-12-31 23:59:59.999999"),
        (.timestamp(500_000), "1970-01-01 00:00:00.5"), (.text(""), ""),
    ] as [(ScalarValue, String?)])
    func values(value: ScalarValue, text: String?) {
        #expect(ValueText.nonNull(value) == text)
    }

    @Test("percentages show as many decimals as they need", arguments: [
        (0, "0 %"), (0.135, "13.5 %"), (1, "100.0 %"), (0.0044, "0.44 %"), (0.00083, "0.083 %"), (0.00004, "0.0040 %"),
        (0.0000005, "0.000050 %"),
    ] as [(Double, String)])
    func percent(rate: Double, text: String) {
        #expect(ValueText.percent(rate) == text)
    }

    @Test("a reason says the figure against its peers") func reason() throws {
        let report = try SampleReport.report()
        let scored = try #require(report.ranking.institutions[0].reasons.first)
        let words = ReasonText.words(scored, subject: BilingualText("prescriptions", "处方"))
        #expect(words.english.hasPrefix("200 of 1,000 prescriptions (20.0 %) stand out; "))
        #expect(words.english.contains(" among 39 peers; z = "))
        #expect(words.english.hasSuffix("; ¥ 50,000.00 at issue"))
        #expect(words.chinese.hasPrefix("1,000 个处方中有 200 个异常 (20.0 %)"))
        let apart = ReasonText.words(scored, subject: BilingualText("months", "月"), isCounted: false)
        #expect(apart.english.hasSuffix("; ¥ 50,000.00, not counted in the amount at issue") && apart.chinese.hasSuffix("金额 ¥ 50,000.00 (不计入涉及金额)"))
    }
}
