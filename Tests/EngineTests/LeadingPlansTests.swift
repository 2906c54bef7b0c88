@testable import Engine
import Columns
import Foundation
import Storage
import Testing

@Suite("Plans of leading segments")
struct LeadingPlansTests {
    /// A segment's plan: which one is no matter.
    private func plan() throws -> SegmentPlan {
        let rows = EncodableColumn(.int64((0..<100).map { Int64($0) * 3 }))
        return try SegmentEncoder.encode(
            schema: Schema([Field(name: "a", type: .bigint)]), columns: [rows], rowCount: 100, groupKeyColumn: nil
        ).plan
    }

    private func isThere(_ plans: LeadingPlans, _ order: Int, waits: Bool = false) -> Bool {
        if case .some = plans.plan(for: order, waits: waits) { return true }
        return false
    }

    @Test("a segment follows the more others the later it comes, and all of them lie far before it") func leading() {
        let counts = (0..<200).map { LeadingPlans.leading($0) }
        #expect(Array(counts.prefix(10)) == [0, 1, 2, 2, 2, 2, 2, 2, 4, 4])
        #expect(counts[16] == 8 && counts[32] == 16 && counts[63] == 16 && counts[64] == 32 && counts[199] == 32)
        for order in 3..<200 {
            #expect(counts[order] >= counts[order - 1])
            #expect(counts[order] * 2 <= max(order, 4))
        }
    }

    @Test("a plan is there once all the leading segments are, in whatever order they end") func order() throws {
        let plans = LeadingPlans()
        #expect(isThere(plans, 0))
        #expect(!isThere(plans, 1))
        plans.add(try plan(), order: 0)
        #expect(isThere(plans, 1))
        #expect(!isThere(plans, 2))
        plans.add(try plan(), order: 1)
        plans.add(try plan(), order: 3)
        for order in 2..<8 { #expect(isThere(plans, order)) }
        #expect(!isThere(plans, 8))
        plans.add(try plan(), order: 2)
        #expect(isThere(plans, 8))
        #expect(!isThere(plans, 16))
        plans.stop()
        #expect(!isThere(plans, 16, waits: true))
        #expect(!isThere(plans, 0, waits: true))
    }

    @Test("who waits for a plan gets it") func waiting() throws {
        let plans = LeadingPlans()
        let known = try plan()
        let thread = Thread { plans.add(known, order: 0) }
        thread.start()
        #expect(isThere(plans, 1, waits: true))
    }
}
