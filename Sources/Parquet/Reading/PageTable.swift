/// Where the pages of a column chunk lie.
struct PageTable {
    var dictionary: DataPage?
    var data: [DataPage] = []
    /// All bytes of the chunk, if they were read at once.
    var bytes: [UInt8]?

    /// Bytes that the head of a page is looked for in, at first.
    private static let windowSize = 1024

    /// Reads the heads of all pages, whose rows must add up.
    ///
    /// - Parameters:
    ///   - range: The chunk's bytes in the file.
    ///   - atOnce: Whether all bytes are read and kept; otherwise heads alone are read.
    ///   - number: Says which data page is in hand; nil for the dictionary.
    /// - Throws: `ParquetError` where the file cannot be read, `Damage` where it is not what it should be.
    init(_ file: FileBytes, _ range: Range<Int>, rowCount: Int, atOnce: Bool, _ number: inout Int?) throws {
        var window = try file.read(atOnce ? range : range.lowerBound..<min(range.lowerBound + PageTable.windowSize, range.upperBound))
        var covered = 0..<window.count - PagePacking.padding
        if atOnce { bytes = window }
        var position = 0
        var rows = 0
        while rows < rowCount {
            number = data.count
            guard position < range.count else { throw Damage("the pages end after \(rows) of \(rowCount) rows") }
            let header = try PageTable.head(file, range, &window, &covered, &position)
            guard header.packedSize <= range.count - position else { throw Damage("a page beyond the column's end") }
            let own = position..<position + header.packedSize
            position = own.upperBound
            switch header.type {
            case .dictionary:
                guard dictionary == nil, data.isEmpty else { throw Damage("a dictionary behind the first page") }
                dictionary = DataPage(header: header, range: own, number: 0, rows: 0..<0)
            case .data, .dataV2:
                guard header.valueCount <= rowCount - rows else { throw Damage("more rows than the row group has") }
                data.append(DataPage(header: header, range: own, number: data.count, rows: rows..<rows + header.valueCount))
                rows += header.valueCount
            case .index, nil: continue
            }
        }
        number = nil
    }

    /// The head of the page at `position`, which then is where the page's bytes begin.
    private static func head(
        _ file: FileBytes, _ range: Range<Int>, _ window: inout [UInt8], _ covered: inout Range<Int>, _ position: inout Int
    ) throws -> PageHeader {
        var wanted = windowSize
        while true {
            let end = min(position + wanted, range.count)
            if position < covered.lowerBound || end > covered.upperBound {
                window = try file.read(range.lowerBound + position..<range.lowerBound + end)
                covered = position..<end
            }
            var reader = ThriftReader(window, position - covered.lowerBound..<covered.count)
            do {
                let header = try PageHeader(&reader)
                position = covered.lowerBound + reader.position
                return header
            } catch {
                // Bounds of long texts may make a head longer than what was looked at.
                if covered.upperBound == range.count { throw error }
                wanted = max(wanted, covered.upperBound - position) * 16
            }
        }
    }
}
