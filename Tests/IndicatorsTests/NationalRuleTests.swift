import Foundation
import Indicators
import Testing

@Suite("National rules and templates")
struct NationalRuleTests {
    @Test("88 rules in order, each covered by an indicator that exists or with the input that is missing") func rules() throws {
        let rules = try NationalRule.all()
        #expect(rules.map(\.number) == Array(1...88))
        let codes = rules.map(\.code).filter { !$0.isEmpty }
        // Of the 79 rules of the first edition one has another name now.
        #expect(Set(codes).count == 78 && codes.count == 78)
        #expect(codes.allSatisfy { $0.utf8.count == 16 && ($0.hasPrefix("GZ1000") || $0.hasPrefix("ZB1000")) })
        let known = Set(try IndicatorCatalog.builtIn().indicators.map(\.id) + IndicatorCatalog.templates().map(\.id))
        for rule in rules {
            #expect(!rule.indicators.isEmpty || rule.missing != nil, "rule \(rule.number)")
            #expect(rule.indicators.allSatisfy(known.contains), "rule \(rule.number): \(rule.indicators)")
            #expect(!rule.name.english.isEmpty && !rule.name.chinese.isEmpty && rule.missing?.chinese != "", "rule \(rule.number)")
        }
        let used = Set(rules.flatMap(\.indicators))
        for template in try IndicatorCatalog.templates() { #expect(used.contains(template.id), "\(template.id) covers no rule") }
    }

    @Test("the embedded templates are the folder's files, all of them; their ids are their own") func templates() throws {
        let templates = try IndicatorCatalog.templates()
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Indicators/Templates")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        #expect(Set(names) == Set(templates.map { $0.id + ".sql" }))
        let builtIn = Set(try IndicatorCatalog.builtIn().indicators.map(\.id))
        #expect(builtIn.isDisjoint(with: templates.map(\.id)))
        for template in templates {
            #expect(try String(contentsOf: folder.appending(path: template.id + ".sql"), encoding: .utf8) == template.source)
            let bound = try BoundIndicator(template, period: ReportingPeriod(from: "2025-01-01", to: nil))
            for query in [bound.figuresQuery, bound.evidenceQuery(institutionID: "H1"), bound.linesQuery].compactMap({ $0 }) {
                #expect(QueryTemplate(query).placeholders == [])
            }
        }
        #expect(templates.filter(\.needs.isEmpty).map(\.id) == ["charge_outside_stay"])
    }
}
