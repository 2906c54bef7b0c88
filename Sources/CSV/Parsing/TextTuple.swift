import Columns

/// Neighbouring text columns that depend on each other, such as an item's code, name and category: their bytes are looked
/// up together, once.
final class TextTuple {
    private static let lastingEntryLimit = 1 << 18
    let members: [TextColumnBuilder]
    private var dictionary = ChunkDictionary()
    /// For each entry the members' codes; `nullCode` for NULL.
    private var codes: [UInt32] = []
    private static let nullCode = UInt32.max
    /// For each member whether one of the tuples has a NULL there.
    private var mayBeNull: [Bool]
    private var lookups = FieldLookups()
    private var tuples: [UInt32] = []

    init(_ members: [TextColumnBuilder]) {
        self.members = members
        mayBeNull = members.map { _ in false }
    }

    /// Forgets the tuples, as the members' dictionaries start anew.
    func reset() {
        dictionary = ChunkDictionary()
        codes = []
    }

    var isFull: Bool { dictionary.count > TextTuple.lastingEntryLimit }

    /// Groups neighbouring columns of a block's first rows where one of them tells the others.
    ///
    /// - Parameter builders: Text columns read at every row, in file order.
    static func find(_ builders: [TextColumnBuilder], sampling grid: FieldGrid) -> [TextTuple] {
        let rowCount = min(grid.rowCount, 512)
        guard rowCount >= 64 else { return [] }
        var tuples: [TextTuple] = []
        var open: [TextColumnBuilder] = []
        var largest = 0
        func close() {
            if open.count > 1 { tuples.append(TextTuple(open)) }
            open = []
        }
        for builder in builders {
            let column = builder.request.fileColumn
            let own = distinctCount(grid, rowCount, column...column)
            if let last = open.last, last.request.fileColumn + 1 == column {
                let together = distinctCount(grid, rowCount, open[0].request.fileColumn...column)
                if together * 10 <= max(largest, own) * 11, together * 10 < rowCount * 9 {
                    open.append(builder)
                    largest = max(largest, own)
                    continue
                }
            }
            close()
            open = [builder]
            largest = own
        }
        close()
        return tuples
    }

    private static func distinctCount(_ grid: FieldGrid, _ rowCount: Int, _ columns: ClosedRange<Int>) -> Int {
        var dictionary = ChunkDictionary()
        for row in 0..<rowCount {
            let start = grid.start(row, columns.lowerBound)
            let length = grid.end(row, columns.upperBound) - start
            let hash = ChunkDictionary.hash(grid.bytes, start, length)
            if dictionary.find(hash: hash, grid.bytes, start, length) == nil {
                _ = dictionary.insert(hash: hash, grid.bytes, start, length)
            }
        }
        return dictionary.count
    }

    /// Reads all rows of a block for all members.
    func append(_ grid: FieldGrid) {
        let first = members[0].request.fileColumn
        let last = members[members.count - 1].request.fileColumn
        var lookups = self.lookups
        self.lookups = FieldLookups()
        lookups.hash(grid, first...last, rows: nil)
        dictionary.find(&lookups, count: grid.rowCount, grid.bytes)
        var tuples = self.tuples
        self.tuples = []
        tuples.resize(to: grid.rowCount)
        if !TextTuple.copy(lookups.codes, to: &tuples) {
            for row in 0..<grid.rowCount where tuples[row] == .max { tuples[row] = tuple(row, lookups, grid) }
        }
        self.lookups = lookups
        self.tuples = tuples
        for (place, member) in members.enumerated() { store(tuples, place, in: member) }
        if codes.count > dictionary.count * members.count {
            codes.removeLast(codes.count - dictionary.count * members.count)
        }
    }

    /// Copies codes; whether all of them are known.
    private static func copy(_ codes: [UInt32], to tuples: inout [UInt32]) -> Bool {
        let source = codes.span
        var target = tuples.mutableSpan
        var unknown: UInt32 = 0
        for row in 0..<min(source.count, target.count) {
            target[row] = source[row]
            unknown |= source[row] == .max ? 1 : 0
        }
        return unknown == 0
    }

    /// A tuple that was not there when the block began.
    private func tuple(_ row: Int, _ lookups: FieldLookups, _ grid: FieldGrid) -> UInt32 {
        let (start, hash) = (lookups.start(row), lookups.hashes[row])
        let length = lookups.end(row) - start
        if let known = dictionary.find(hash: hash, grid.bytes, start, length) { return known }
        return newTuple(row, hash, start, length, grid)
    }

    @inline(never)
    private func newTuple(_ row: Int, _ hash: UInt64, _ start: Int, _ length: Int, _ grid: FieldGrid) -> UInt32 {
        var isSound = true
        var found: [UInt32] = []
        for (place, member) in members.enumerated() {
            let (code, isMemberSound) = member.tupleCode(grid, row, head: row)
            if code == nil { mayBeNull[place] = true }
            found.append(code ?? TextTuple.nullCode)
            isSound = isSound && isMemberSound
        }
        if isSound, codes.count == dictionary.count * members.count {
            codes += found
            return dictionary.insert(hash: hash, grid.bytes, start, length)
        }
        // A row that is refused, or one behind such a row: kept beside the dictionary until the block is stored.
        codes += found
        return UInt32(codes.count / members.count - 1)
    }

    private func store(_ tuples: [UInt32], _ place: Int, in member: TextColumnBuilder) {
        var target = member.beginTuple(tuples.count)
        let base = member.count
        let stride = members.count
        let source = codes
        let mayBeNull = mayBeNull[place]
        member.readWithMask(tuples.count) { head, mask in
            let codes = source.span
            let numbers = tuples.span
            var rows = target.mutableSpan
            var row = head
            if !mayBeNull {
                while row < numbers.count {
                    rows[base &+ row] = codes[Int(numbers[row]) &* stride &+ place]
                    row &+= 1
                }
            }
            while row < numbers.count {
                let code = codes[Int(numbers[row]) &* stride &+ place]
                if code == TextTuple.nullCode {
                    if mask.isEmpty { return row }
                    mask[base &+ row] = 0
                    rows[base &+ row] = 0
                } else {
                    rows[base &+ row] = code
                }
                row &+= 1
            }
            return row
        }
        member.endTuple(target)
    }
}
