import Columns
import Planning
import Testing

@testable import Execution

@Suite("Remembered filters")
struct FilterMemoryTests {
    private static func question(_ number: Int) -> FilterMemory.Question {
        FilterMemory.Question(
            table: "t", fields: [number], others: .values(columns: [], rows: []), places: [0], isNullSafe: [false])
    }

    @Test("what is asked again stays, however many others are asked once; room comes back from those that go")
    func bound() {
        let memory = FilterMemory(byteCount: 100)
        memory.answer(Self.question(0), segmentCount: 1).keep([UInt8](repeating: 1, count: 40), ofSegment: 0)
        for number in 1...200 {
            memory.answer(Self.question(number), segmentCount: 1).keep([UInt8](repeating: 0, count: 50), ofSegment: 0)
            #expect(memory.answer(Self.question(0), segmentCount: 1)[0]?.count == 40)
        }
        #expect(memory.answer(Self.question(1), segmentCount: 1)[0] == nil)
        // The first one took the room that was left and has gone: another one has it.
        let kept = (101...200).filter { memory.answer(Self.question($0), segmentCount: 1)[0] != nil }
        #expect(kept.count <= 1)
        for number in 201...220 { _ = memory.answer(Self.question(number), segmentCount: 1) }
        let late = memory.answer(Self.question(221), segmentCount: 1)
        late.keep([UInt8](repeating: 1, count: 90), ofSegment: 0)
        #expect(late.isComplete)
    }

    @Test("what finds no room is not kept") func room() {
        let memory = FilterMemory(byteCount: 10)
        let matches = memory.answer(Self.question(0), segmentCount: 2)
        matches.keep([UInt8](repeating: 1, count: 8), ofSegment: 1)
        matches.keep([UInt8](repeating: 1, count: 8), ofSegment: 0)
        #expect(matches[0] == nil && matches[1]?.count == 8 && !matches.isComplete)
    }
}
