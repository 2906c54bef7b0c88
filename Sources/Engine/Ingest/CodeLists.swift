/// Lists of codes that differ, written once each: few bytes a code where they are near each other.
struct CodeLists {
    /// Bytes of a block, which is never moved.
    private static let blockSize = 1 << 20
    /// Bytes on whose multiples lists begin, so that more of them have a place of 29 bits.
    private static let unit = 4
    private static let placeLimit = 1 << 29
    private static let longest = 4096
    /// A code and the number of codes take at most as many bytes.
    private static let varintSize = 10

    private var blocks: [[UInt8]] = []

    /// Keeps codes; nil if they are too many, if two are equal, or if there is no room any more.
    mutating func append(_ codes: ArraySlice<UInt64>) -> UInt32? {
        guard codes.count <= CodeLists.longest, CodeLists.differ(codes) else { return nil }
        let most = CodeLists.varintSize * (codes.count + 1)
        if blocks.isEmpty || CodeLists.start(in: blocks[blocks.count - 1]) + most > CodeLists.blockSize {
            guard (blocks.count + 1) * CodeLists.blockSize / CodeLists.unit <= CodeLists.placeLimit else { return nil }
            blocks.append([])
            blocks[blocks.count - 1].reserveCapacity(CodeLists.blockSize)
        }
        let number = blocks.count - 1
        let start = CodeLists.start(in: blocks[number])
        while blocks[number].count < start { blocks[number].append(0) }
        CodeLists.append(UInt64(codes.count), to: &blocks[number])
        var last: UInt64 = 0
        for code in codes {
            // The form of an identifier stands in its highest bits, which are the same in most: behind the number it takes no room.
            let next = code << 4 | code >> 60
            let difference = Int64(bitPattern: next &- last)
            CodeLists.append(UInt64(bitPattern: difference << 1 ^ difference >> 63), to: &blocks[number])
            last = next
        }
        return UInt32((number * CodeLists.blockSize + start) / CodeLists.unit)
    }

    func forEach(at place: UInt32, _ body: (UInt64) -> Void) {
        let byte = Int(place) * CodeLists.unit
        let block = blocks[byte / CodeLists.blockSize]
        var position = byte % CodeLists.blockSize
        let count = CodeLists.read(block, &position)
        var last: UInt64 = 0
        for _ in 0..<count {
            let difference = CodeLists.read(block, &position)
            last &+= difference >> 1 ^ (0 &- (difference & 1))
            body(last >> 4 | last << 60)
        }
    }

    /// Where the next list of a block begins.
    private static func start(in block: [UInt8]) -> Int { (block.count + unit - 1) / unit * unit }

    private static func append(_ value: UInt64, to block: inout [UInt8]) {
        var value = value
        while value > 0x7F {
            block.append(UInt8(truncatingIfNeeded: value) | 0x80)
            value >>= 7
        }
        block.append(UInt8(value))
    }

    private static func read(_ block: [UInt8], _ position: inout Int) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = block[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// Whether no code comes twice.
    private static func differ(_ codes: ArraySlice<UInt64>) -> Bool {
        var ascends = true
        for place in codes.indices.dropFirst() where codes[place] <= codes[place - 1] { ascends = false }
        if ascends { return true }
        if codes.count <= 16 {
            for place in codes.indices {
                for other in codes.startIndex..<place where codes[other] == codes[place] { return false }
            }
            return true
        }
        let sorted = codes.sorted()
        return !sorted.indices.dropFirst().contains { sorted[$0] == sorted[$0 - 1] }
    }
}
