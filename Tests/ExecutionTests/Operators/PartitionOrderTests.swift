import Columns
import Testing

@testable import Execution

@Suite("Order of partitions")
struct PartitionOrderTests {
    /// Positions of groups in so many partitions, some of which have none.
    private static func positions(_ seed: UInt64, partitionCount: Int, rowCount: Int, isDense: Bool, isAscending: Bool) -> [[UInt64]] {
        var random = SeededGenerator(seed: seed)
        var partitions = [[UInt64]](repeating: [], count: partitionCount)
        for morsel in [0, 1, 4] as [UInt64] {
            for row in 0..<UInt64(rowCount) {
                if Int.random(in: 0..<(isDense ? 2 : 40), using: &random) > 0 { continue }
                partitions[Int.random(in: 0..<partitionCount, using: &random) & ~1].append(morsel << 32 | row)
            }
        }
        return isAscending ? partitions : partitions.map { $0.shuffled(using: &random) }
    }

    @Test(
        "groups come in the order of their positions",
        arguments: [(1, true, true), (7, true, false), (7, false, true), (256, false, false), (256, true, true)])
    func order(partitionCount: Int, isDense: Bool, isAscending: Bool) {
        let positions = Self.positions(
            UInt64(partitionCount), partitionCount: partitionCount, rowCount: 3000, isDense: isDense, isAscending: isAscending)
        var expected: [(position: UInt64, id: UInt64)] = []
        for (partition, own) in positions.enumerated() {
            for (place, position) in own.enumerated() { expected.append((position, UInt64(partition) << 32 | UInt64(place))) }
        }
        expected.sort { $0.position < $1.position }
        for workerCount in [1, 3] {
            let order = PartitionOrder(positions, workerCount: workerCount)
            #expect(order.count == expected.count)
            #expect(order.ids(0..<order.count) == expected.map(\.id))
            for first in stride(from: 0, to: order.count, by: 37) {
                let range = first..<min(order.count, first + 53)
                #expect(order.ids(range) == expected[range].map(\.id))
            }
        }
    }

    @Test("no groups, and partitions without any") func empty() {
        #expect(PartitionOrder([], workerCount: 2).ids(0..<0).isEmpty)
        #expect(PartitionOrder([[], []], workerCount: 2).count == 0)
    }

    @Test("columns are gathered from the partitions their rows lie in, whatever the parts hold")
    func columns() throws {
        var random = SeededGenerator(seed: 5)
        let sizes = [40, 0, 33, 1]
        let narrow = sizes.map { size in
            Vector(
                type: .bigint, count: size, values: .int64((0..<size).map { _ in Int64.random(in: -9...9, using: &random) }),
                validity: size == 33 ? Validity(compacting: (0..<size).map { UInt8($0 % 2) }) : .allPresent)
        }
        let wide = sizes.map { size in
            let numbers = (0..<size).map { _ in Int64.random(in: -9...9, using: &random) }
            return Vector(
                type: .numeric(precision: 38, scale: 0), count: size,
                values: size == 33 ? .int64(numbers) : .int128(numbers.map { Int128($0) << 70 }))
        }
        let doubles = sizes.map { size in
            Vector(type: .double, count: size, values: .double((0..<size).map { _ in Double.random(in: 0...1, using: &random) }))
        }
        let texts = sizes.map { size in
            var strings = StringColumn()
            for _ in 0..<size { strings.append("t\(Int.random(in: 0..<20, using: &random))") }
            return Vector(type: .text, count: size, values: .string(strings))
        }
        var ids: [UInt64] = []
        for (partition, size) in sizes.enumerated() { for place in 0..<size { ids.append(UInt64(partition) << 32 | UInt64(place)) } }
        ids.shuffle(using: &random)
        let range = 5..<60
        let places = PartitionPlaces(Array(ids[range]), partitionCount: sizes.count)
        for parts in [narrow, wide, doubles, texts] {
            let gathered = PartedColumn(parts, type: parts[0].type).gathered(places)
            #expect(gathered.count == range.count)
            for (row, id) in ids[range].enumerated() {
                #expect(gathered.scalar(at: row) == parts[Int(id >> 32)].scalar(at: Int(id & 0xFFFF_FFFF)))
            }
        }
    }
}
