import Columns

extension ChunkValues {
    /// Text: codes of the chunk's own dictionary where all pages have such, else the strings.
    func textVector(_ current: inout Int?) throws(Damage) -> Vector {
        let known: (dictionary: TextDictionary, numbers: [UInt32])? =
            if case .texts(let dictionary, let numbers)? = dictionary { (dictionary, numbers) } else { nil }
        if let known, pages.allSatisfy({ $0.header.encoding?.isOfDictionary == true }) {
            return try codedVector(&current, known.dictionary, known.numbers)
        }
        var strings = StringRows()
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            if open.encoding.isOfDictionary {
                guard let known else { throw Damage("codes without a dictionary") }
                var codes = try open.codes(below: known.numbers.count)
                if known.dictionary.count < known.numbers.count { codes = codes.map { known.numbers[Int($0)] } }
                try strings.append(codes, of: known.dictionary.entries)
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
        _ current: inout Int?, _ dictionary: TextDictionary, _ numbers: [UInt32]
    ) throws(Damage) -> Vector {
        var codes = [UInt32](repeating: 0, count: rowCount)
        var presence = PresenceRows()
        var first = 0
        for page in pages {
            current = page.number
            let open = try OpenPage(page, chunk, packing, isOptional: column.isOptional)
            try open.readCodes(below: numbers.count, into: &codes, first)
            if dictionary.count < numbers.count {
                for row in first..<first + open.presentCount { codes[row] = numbers[Int(codes[row])] }
            }
            // Rows without a value have a code that there is: that of another row, or 0.
            if let mask = open.mask { Presence.spread(&codes, first: first, mask: mask, presentCount: open.presentCount) }
            presence.append(open.mask, count: page.header.valueCount)
            first += page.header.valueCount
        }
        return Vector(
            type: .text, count: rowCount, values: .dictionary(codes: codes, dictionary), validity: presence.validity)
    }

    /// The texts of the dictionary page.
    func texts(of page: DataPage) throws(Damage) -> ChunkDictionary {
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
        let numbers = index.intern(texts, in: &entries)
        let dictionary = entries.count == 0 ? TextDictionary(single: "") : TextDictionary(entries: entries, isLocal: true)
        return .texts(dictionary, numbers: numbers)
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
