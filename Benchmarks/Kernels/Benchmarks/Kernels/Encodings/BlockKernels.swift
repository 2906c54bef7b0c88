import CKernels
import Encodings

private struct BlockInput {
    var values = Segment.numbers(0...4095)
    let others = Segment.numbers(0...4095, seed: 12)
    var flags: [UInt8] = []
    var target = [Int64](repeating: 0, count: Segment.rowCount)
    var words = [UInt64](repeating: 0, count: PackKernels.wordCount(count: Segment.rowCount, width: 12))
}

/// Kernels below the encodings, by each variant.
func registerBlockKernels() {
    let groups = Segment.rowCount / PackKernels.blockCount
    for (level, name) in levels {
        // Bounds, for all: flags, values and targets have `rowCount` items, the words room for all whole groups.
        kernel("block, pack 12 bits, \(name)", values: groups * PackKernels.blockCount) {
            BlockInput()
        } run: {
            unsafe ck_pack32_at_level(level, $0.values, groups, 0, 12, &$0.words)
        }
        kernel("block, bounds, \(name)") {
            BlockInput()
        } run: { input -> Int64 in
            var (low, high): (Int64, Int64) = (0, 0)
            unsafe ck_bounds_at_level(level, input.values, Segment.rowCount, &low, &high)
            return low &+ high
        }
        kernel("block, expand classes, \(name)") {
            BlockInput(flags: Segment.numbers(0...3).map { UInt8($0) })
        } run: {
            unsafe ck_expand_classes(
                level, $0.flags, Segment.rowCount, [7, 11, 13], $0.others, $0.others.count, &$0.target)
        }
        kernel("block, pick a third, \(name)") {
            BlockInput(flags: Segment.flags(percent: 33))
        } run: {
            unsafe ck_pick(level, $0.values, $0.flags, Segment.rowCount, Segment.rowCount, &$0.target)
        }
        kernel("block, repeat runs of 3, \(name)") { () -> BlockInput in
            let flags = Segment.rowsInRun().map { UInt8($0 == 0 ? 1 : 0) }
            return BlockInput(values: Segment.numbers(0...4095, count: Segment.runStarts().count - 1), flags: flags)
        } run: {
            unsafe ck_repeat(level, $0.values, $0.values.count, $0.flags, Segment.rowCount, &$0.target)
        }
        kernel("block, products, \(name)") {
            BlockInput()
        } run: {
            unsafe ck_products(level, $0.values, $0.others, Segment.rowCount, 100, &$0.target)
        }
    }
}
