package import Columns
import Diagnostics
import Synchronization

/// One column of one row group, opened: where its pages lie, and its dictionary once it was asked for. Several workers may read
/// rows of it beside each other.
package final class ColumnChunk: Sendable {
    private let file: FileBytes
    private let column: ParquetColumn
    private let hasTypeOrder: Bool
    private let rowGroup: Int
    private let packing: PagePacking
    /// Where the chunk begins in the file.
    private let start: Int
    private let pages: PageTable
    /// Where bounds of the pages lie in the file, if not in their heads.
    private let index: Range<Int>?
    private let knownIndex = Mutex<[ColumnStatistics]?>(nil)
    private let dictionary = Mutex<ChunkDictionary?>(nil)
    /// The pages last unpacked of which only some rows were asked for: what follows asks for the others, which are `missing`.
    private let kept = Mutex<[(number: Int, rows: Vector, missing: Int)]>([])

    private static let keptPageCount = 2

    /// - Parameter atOnce: Whether all rows are going to be read: then all bytes are fetched in one go.
    init(
        file: FileBytes, column: ParquetColumn, metadata: ColumnChunkMetadata, hasTypeOrder: Bool, rowGroup: Int, rowCount: Int,
        atOnce: Bool
    ) throws(ParquetError) {
        self.file = file
        self.column = column
        self.hasTypeOrder = hasTypeOrder
        self.rowGroup = rowGroup
        var page: Int?
        do {
            let range = try ColumnChunk.range(metadata, column, rowCount: rowCount, fileSize: file.size)
            packing = try PagePacking(codec: metadata.codec)
            start = range.lowerBound
            index = metadata.indexOffset.flatMap { offset in
                let isWithin = offset <= file.size && metadata.indexSize <= min(ColumnIndex.sizeLimit, file.size - offset)
                return isWithin && metadata.indexSize > 0 ? offset..<offset + metadata.indexSize : nil
            }
            pages = try PageTable(file, range, rowCount: rowCount, atOnce: atOnce, &page)
        } catch {
            throw ColumnChunk.failure(error, file, column, rowGroup, page: page)
        }
    }

    /// The chunk's bytes in the file.
    private static func range(
        _ chunk: ColumnChunkMetadata, _ column: ParquetColumn, rowCount: Int, fileSize: Int
    ) throws(Damage) -> Range<Int> {
        guard !chunk.isEncrypted else { throw .unsupported("the column is encrypted") }
        guard !chunk.isElsewhere else { throw .unsupported("the column lies in another file") }
        guard chunk.type == column.physicalType else { throw Damage("its values are not of the type the schema says") }
        guard chunk.valueCount == rowCount else { throw Damage("\(chunk.valueCount) values for \(rowCount) rows") }
        // Without rows there are no pages, and some writers say no place for them.
        if rowCount == 0 { return 0..<0 }
        // Some writers put 0 where there is no dictionary.
        var start = chunk.dataPageOffset
        if let dictionary = chunk.dictionaryPageOffset, dictionary > 0 { start = min(start, dictionary) }
        guard chunk.packedSize <= fileSize, chunk.dataPageOffset <= fileSize, start >= 4, start + chunk.packedSize <= fileSize else {
            throw Damage("its bytes lie beyond the file's end")
        }
        return start..<start + chunk.packedSize
    }

    private static func failure(
        _ error: any Error, _ file: FileBytes, _ column: ParquetColumn, _ rowGroup: Int, page: Int?
    ) -> ParquetError {
        if let error = error as? ParquetError { return error }
        let damage = error as? Damage ?? Damage("\(error)")
        return ParquetError(
            .badData, damage.what, path: file.path, column: column.name, rowGroup: rowGroup, page: page,
            mend: damage.isUnsupported ? "write the file in another way, or leave the column out" : ParquetError.damageMend)
    }

    /// The values of some rows, which lie one behind the other.
    package func read(_ rows: Range<Int>) throws(ParquetError) -> Vector {
        var parts: [Vector] = []
        var next = firstPage(behind: rows.lowerBound)
        while next < pages.data.count, pages.data[next].rows.lowerBound < rows.upperBound {
            let own = pages.data[next].rows
            if isWithin(next, rows) {
                let end = endOfPages(from: next) { isWithin($0, rows) }
                parts.append(try decode(next..<end))
                next = end
            } else {
                let part = own.clamped(to: rows)
                let page = try partlyRead(next, part.count)
                parts.append(page.sliced(part.lowerBound - own.lowerBound..<part.upperBound - own.lowerBound))
                next += 1
            }
        }
        return try joined(parts)
    }

    /// The values of single rows; pages without such rows are passed over.
    ///
    /// - Parameters:
    ///   - range: The rows that are counted by `places`.
    ///   - places: Ascending, without repetition.
    package func read(_ range: Range<Int>, at places: [Int32]) throws(ParquetError) -> Vector {
        var parts: [Vector] = []
        var place = 0
        var next = firstPage(behind: range.lowerBound)
        func wanted(behind end: Int) -> Bool { place < places.count && range.lowerBound + Int(places[place]) >= end }
        while place < places.count, next < pages.data.count {
            if wanted(behind: pages.data[next].rows.upperBound) {
                next += 1
                continue
            }
            let isWhole = isWithin(next, range)
            let first = pages.data[next].rows.lowerBound
            let start = place
            var end = next
            // Neighbours that have wanted rows, too, are unpacked together.
            repeat {
                let limit = pages.data[end].rows.upperBound
                while place < places.count, range.lowerBound + Int(places[place]) < limit { place += 1 }
                end += 1
            } while isWhole && place < places.count && end < pages.data.count && isWithin(end, range)
                && !wanted(behind: pages.data[end].rows.upperBound)
            let rows = places[start..<place].map { Int32(truncatingIfNeeded: range.lowerBound + Int($0) - first) }
            let pages = try isWhole ? decode(next..<end) : partlyRead(next, self.pages.data[next].rows.clamped(to: range).count)
            parts.append(pages.gathered(rows))
            next = end
        }
        return try joined(parts)
    }

    /// For each page with rows of a range its smallest and largest value, as far as the pages' heads or the column's index tell;
    /// pages of NULLs alone are left out. Nil where nothing is known.
    package func pageBounds(_ rows: Range<Int>) -> [(minimum: ScalarValue?, maximum: ScalarValue?)]? {
        guard hasTypeOrder else { return nil }
        var bounds: [(minimum: ScalarValue?, maximum: ScalarValue?)] = []
        for page in pages.data[firstPage(behind: rows.lowerBound)...] {
            if page.rows.lowerBound >= rows.upperBound { break }
            let head = page.header.statistics
            let isTold = head.nullCount == page.rows.count || head.minimum != nil || head.maximum != nil
            guard let statistics = isTold ? head : indexedStatistics(page.number) else { return nil }
            if statistics.nullCount == page.rows.count { continue }
            bounds.append(
                (statistics.minimum.flatMap { BoundValue.scalar($0, column) }, statistics.maximum.flatMap { BoundValue.scalar($0, column) }))
        }
        return bounds
    }

    /// What the column's index says of a page. A damaged index says nothing: the rows are whole without it.
    private func indexedStatistics(_ page: Int) -> ColumnStatistics? {
        guard let index else { return nil }
        let all = knownIndex.withLock { known in
            if let known { return known }
            let read = (try? file.read(index)).flatMap { bytes in
                try? ColumnIndex(bytes, 0..<index.count, pageRowCounts: pages.data.map(\.rows.count)).pages
            }
            known = read ?? []
            return read ?? []
        }
        return page < all.count ? all[page] : nil
    }

    private func isWithin(_ page: Int, _ rows: Range<Int>) -> Bool {
        let own = pages.data[page].rows
        return own.lowerBound >= rows.lowerBound && own.upperBound <= rows.upperBound
    }

    private func endOfPages(from first: Int, _ isIncluded: (Int) -> Bool) -> Int {
        var end = first + 1
        while end < pages.data.count, isIncluded(end) { end += 1 }
        return end
    }

    /// The first page that ends behind a row.
    private func firstPage(behind row: Int) -> Int {
        var (low, high) = (0, pages.data.count)
        while low < high {
            let middle = (low + high) / 2
            if pages.data[middle].rows.upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func joined(_ parts: [Vector]) throws(ParquetError) -> Vector {
        if parts.isEmpty { return try decode(0..<0) }
        if parts.count == 1 { return parts[0] }
        do throws(Damage) {
            return try Vector.joined(parts)
        } catch {
            throw ColumnChunk.failure(error, file, column, rowGroup, page: nil)
        }
    }

    /// A page of which only some rows, `count`, are asked for. It is kept until all were.
    private func partlyRead(_ number: Int, _ count: Int) throws(ParquetError) -> Vector {
        try kept.withLock { kept throws(ParquetError) in
            if let index = kept.firstIndex(where: { $0.number == number }) {
                let rows = kept[index].rows
                kept[index].missing -= count
                if kept[index].missing <= 0 { kept.remove(at: index) }
                return rows
            }
            let rows = try decode(number..<number + 1)
            if kept.count == ColumnChunk.keptPageCount { kept.removeFirst() }
            kept.append((number, rows, rows.count - count))
            return rows
        }
    }

    /// All rows of some pages.
    private func decode(_ numbers: Range<Int>) throws(ParquetError) -> Vector {
        var page: Int?
        do {
            let (bytes, own) = try fetch(Array(pages.data[numbers]))
            for one in own {
                page = one.number
                try ColumnChunk.check(one, bytes)
            }
            page = nil
            let isCoded = own.contains { $0.header.encoding?.isOfDictionary == true }
            let values = ChunkValues(
                column: column, rowCount: own.reduce(0) { $0 + $1.rows.count }, chunk: bytes, pages: own,
                dictionary: isCoded ? try knownDictionary() : nil, packing: packing)
            return try values.vector(&page)
        } catch {
            throw ColumnChunk.failure(error, file, column, rowGroup, page: page)
        }
    }

    /// The dictionary, unpacked once; nil if there is none.
    private func knownDictionary() throws -> ChunkDictionary? {
        guard let page = pages.dictionary else { return nil }
        return try dictionary.withLock { known in
            if let known { return known }
            let (bytes, own) = try fetch([page])
            try ColumnChunk.check(own[0], bytes)
            let made = try ChunkValues(column: column, rowCount: 0, chunk: bytes, pages: [], dictionary: nil, packing: packing)
                .dictionary(of: own[0])
            known = made
            return made
        }
    }

    /// Bytes of pages that lie one behind the other, and the pages by their places in them.
    private func fetch(_ wanted: [DataPage]) throws(ParquetError) -> ([UInt8], [DataPage]) {
        if let bytes = pages.bytes { return (bytes, wanted) }
        guard let first = wanted.first, let last = wanted.last else { return ([], []) }
        let bytes = try file.read(start + first.range.lowerBound..<start + last.range.upperBound)
        return (bytes, wanted.map { $0.moved(back: first.range.lowerBound) })
    }

    private static func check(_ page: DataPage, _ bytes: [UInt8]) throws(Damage) {
        guard let stored = page.header.checksum else { return }
        let found = ZlibPages.checksum(bytes, page.range)
        guard found == stored else {
            throw Damage("checksum 0x\(String(found, radix: 16)), stored 0x\(String(stored, radix: 16))")
        }
    }
}
