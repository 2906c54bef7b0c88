import Columns

extension ChunkValues {
    /// Text: codes of the chunk's own dictionary where all pages have such, else the strings.
    func textVector(_ current: inout Int?) throws(Damage) -> Vector {
        var entries: StringColumn?
        var codeOfEntry: [UInt32] = []
        if let dictionary { (entries, codeOfEntry) = try readEntries(dictionary) }
        let isCoded = pages.allSatisfy { $0.header.encoding == .rleDictionary || $0.header.encoding == .plainDictionary }
        if isCoded, let entries { return try codedVector(&current, entries, codeOfEntry) }
        var strings = StringRows()
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            if open.encoding == .rleDictionary || open.encoding == .plainDictionary {
                guard let entries else { throw Damage("codes without a dictionary") }
                let codes = try open.codes(below: codeOfEntry.count)
                try strings.append(codes.map { codeOfEntry[Int($0)] }, of: entries)
            } else if column.conversion == .uuid {
                try appendUUIDs(open.bytes, open.values, open.encoding, count: open.presentCount, to: &strings)
            } else {
                try strings.append(open.bytes, open.values, open.encoding, count: open.presentCount)
            }
            if let mask = open.mask { strings.spread(first: first, mask: mask) }
            presence.append(open.mask, count: page.header.valueCount)
            first += page.header.valueCount
        }
        return Vector(type: .text, count: rowCount, values: .string(strings.column()), validity: presence.validity)
    }

    private func codedVector(
        _ current: inout Int?, _ entries: StringColumn, _ codeOfEntry: [UInt32]
    ) throws(Damage) -> Vector {
        var codes = [UInt32](repeating: 0, count: rowCount)
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            try open.readCodes(below: codeOfEntry.count, into: &codes, first)
            if entries.count < codeOfEntry.count {
                for row in first..<first + open.presentCount { codes[row] = codeOfEntry[Int(codes[row])] }
            }
            // Rows without a value have a code that there is: that of another row, or 0.
            if let mask = open.mask { Presence.spread(&codes, first: first, mask: mask, presentCount: open.presentCount) }
            presence.append(open.mask, count: page.header.valueCount)
            first += page.header.valueCount
        }
        let dictionary = entries.count == 0 ? TextDictionary(single: "") : TextDictionary(entries: entries, isLocal: true)
        return Vector(
            type: .text, count: rowCount, values: .dictionary(codes: codes, dictionary), validity: presence.validity)
    }

    /// The distinct entries of the dictionary page, and for each of its entries the number among them: a file may repeat
    /// one, the engine's dictionaries must not.
    private func readEntries(_ page: DataPage) throws(Damage) -> (StringColumn, [UInt32]) {
        let bytes = try dictionaryBytes(page)
        var strings = StringRows()
        let range = 0..<page.header.unpackedSize
        if column.conversion == .uuid {
            try appendUUIDs(bytes, range, .plain, count: page.header.valueCount, to: &strings)
        } else {
            try strings.append(bytes, range, .plain, count: page.header.valueCount)
        }
        var entries = StringColumn()
        var index = StringHashIndex()
        let texts = strings.column()
        let codes = index.intern(texts, in: &entries)
        return (entries, codes)
    }

    private func appendUUIDs(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, count: Int, to strings: inout StringRows
    ) throws(Damage) {
        guard encoding == .plain else { throw ChunkValues.unsupported(encoding) }
        guard count * 16 <= range.count else { throw Damage("\(count) values of 16 bytes in \(range.count) bytes") }
        let digits = Array("0123456789abcdef".utf8)
        for row in 0..<count {
            var text: [UInt8] = []
            for place in 0..<16 {
                if [4, 6, 8, 10].contains(place) { text.append(0x2D) }
                let byte = bytes[range.lowerBound + row * 16 + place]
                text.append(digits[Int(byte >> 4)])
                text.append(digits[Int(byte & 15)])
            }
            try strings.append(text: text)
        }
    }
}

extension StringRows {
    /// Strings of a page in any of their encodings.
    mutating func append(
        _ bytes: [UInt8], _ range: Range<Int>, _ encoding: PageEncoding, count: Int
    ) throws(Damage) {
        switch encoding {
        case .plain: try appendPlain(bytes, range, count: count)
        case .deltaLengthByteArray:
            var sizes = [Int64](repeating: 0, count: count)
            let start = try DeltaNumbers.read(bytes, range, into: &sizes, 0..<count)
            try append(bytes, start..<range.upperBound, sizes: sizes)
        case .deltaByteArray:
            var prefixes = [Int64](repeating: 0, count: count)
            var suffixes = prefixes
            let middle = try DeltaNumbers.read(bytes, range, into: &prefixes, 0..<count)
            let start = try DeltaNumbers.read(bytes, middle..<range.upperBound, into: &suffixes, 0..<count)
            try append(prefixes: prefixes, bytes, start..<range.upperBound, suffixes: suffixes)
        default: throw ChunkValues.unsupported(encoding)
        }
    }
}
