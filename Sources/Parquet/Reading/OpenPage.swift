/// A data page unpacked: which rows are present, and where their values lie.
struct OpenPage {
    let bytes: [UInt8]
    let values: Range<Int>
    let encoding: PageEncoding
    /// A 0/1 byte for each row; nil if all are present.
    let mask: [UInt8]?
    let presentCount: Int

    init(_ page: DataPage, _ chunk: [UInt8], _ packing: PagePacking, isOptional: Bool) throws(Damage) {
        let header = page.header
        guard let encoding = header.encoding else { throw .unsupported("encoding \(header.encodingNumber), which is not known") }
        self.encoding = encoding
        if header.type == .dataV2 {
            let levels = header.repetitionSize + header.definitionSize
            guard header.repetitionSize == 0, levels <= page.range.count, levels <= header.unpackedSize else {
                throw Damage("levels of \(levels) bytes in a page of \(page.range.count)")
            }
            let start = page.range.lowerBound + levels
            let unpacked = header.unpackedSize - levels
            let own = header.isCompressed ? packing : .none
            // A page of NULLs alone may have no bytes at all.
            bytes = start == page.range.upperBound && unpacked == 0
                ? [UInt8](repeating: 0, count: PagePacking.padding)
                : try own.unpack(chunk, start..<page.range.upperBound, size: unpacked)
            values = 0..<unpacked
            (mask, presentCount) = isOptional
                ? try Presence.read(chunk, page.range.lowerBound..<start, count: header.valueCount) : (nil, header.valueCount)
        } else {
            bytes = try packing.unpack(chunk, page.range, size: header.unpackedSize)
            var start = 0
            if isOptional {
                guard header.levelEncoding == .rle else {
                    throw .unsupported("levels in encoding \(header.levelEncoding.name) are not read")
                }
                guard header.unpackedSize >= 4 else { throw Damage("a page without levels") }
                let size = Int(LittleEndian.uint32(bytes, 0))
                guard size <= header.unpackedSize - 4 else { throw Damage("levels of \(size) bytes beyond the page's end") }
                start = 4 + size
                (mask, presentCount) = try Presence.read(bytes, 4..<start, count: header.valueCount)
            } else {
                (mask, presentCount) = (nil, header.valueCount)
            }
            values = start..<header.unpackedSize
        }
    }

    /// Puts the dictionary codes of the present rows, all below `count`, into `codes` from `first` on.
    func readCodes(below count: Int, into codes: inout [UInt32], _ first: Int) throws(Damage) {
        guard presentCount > 0 else { return }
        guard !values.isEmpty else { throw Damage("a page without codes") }
        let largest = try HybridValues.read(
            bytes, values.lowerBound + 1..<values.upperBound, bitWidth: Int(bytes[values.lowerBound]), into: &codes,
            first..<first + presentCount)
        guard Int(largest) < count else { throw Damage("code \(largest) in a dictionary of \(count)") }
    }

    /// The dictionary codes of the present rows, all below `count`.
    func codes(below count: Int) throws(Damage) -> [UInt32] {
        var codes = [UInt32](repeating: 0, count: presentCount)
        try readCodes(below: count, into: &codes, 0)
        return codes
    }
}
