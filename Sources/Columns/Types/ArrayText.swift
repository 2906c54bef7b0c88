/// An array as PostgreSQL prints it: `{a,"b c",NULL}`. That text is what a value of an array type is here.
package enum ArrayText {
    package static func write(_ elements: [String?]) -> String {
        "{" + elements.map { $0.map(quoted) ?? "NULL" }.joined(separator: ",") + "}"
    }

    private static func quoted(_ element: String) -> String {
        var bytes: [UInt8] = []
        append(Array(element.utf8), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The elements of an array of one dimension; nil if the text is no such array.
    package static func read(_ text: String) -> [String?]? {
        let bytes = Array(text.utf8)
        var place = 0
        func skipBlanks() { while place < bytes.count, isBlank(bytes[place]) { place += 1 } }
        skipBlanks()
        guard place < bytes.count, bytes[place] == 0x7B else { return nil }
        place += 1
        var elements: [String?] = []
        skipBlanks()
        if place < bytes.count, bytes[place] == 0x7D {
            place += 1
        } else {
            while true {
                skipBlanks()
                guard let element = element(bytes, &place) else { return nil }
                elements.append(element.isNull ? nil : element.text)
                skipBlanks()
                guard place < bytes.count else { return nil }
                place += 1
                if bytes[place - 1] == 0x7D { break }
                guard bytes[place - 1] == 0x2C else { return nil }
            }
        }
        skipBlanks()
        return place == bytes.count ? elements : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func element(_ bytes: [UInt8], _ place: inout Int) -> (text: String, isNull: Bool)? {
        var value: [UInt8] = []
        guard place < bytes.count else { return nil }
        if bytes[place] == 0x22 {
            place += 1
            while place < bytes.count, bytes[place] != 0x22 {
                if bytes[place] == 0x5C { place += 1 }
                guard place < bytes.count else { return nil }
                value.append(bytes[place])
                place += 1
            }
            guard place < bytes.count else { return nil }
            place += 1
            return (String(decoding: value, as: UTF8.self), false)
        }
        while place < bytes.count, bytes[place] != 0x2C, bytes[place] != 0x7D {
            // Arrays in arrays are no part of this.
            if bytes[place] == 0x7B || bytes[place] == 0x22 { return nil }
            if bytes[place] == 0x5C { place += 1 }
            guard place < bytes.count else { return nil }
            value.append(bytes[place])
            place += 1
        }
        while let last = value.last, isBlank(last) { value.removeLast() }
        if value.isEmpty { return nil }
        let text = String(decoding: value, as: UTF8.self)
        return (text, text.lowercased() == "null")
    }

    /// Appends an element's text, in quotes where it needs them.
    package static func append(_ text: [UInt8], to bytes: inout [UInt8]) {
        guard mustQuote(text) else {
            bytes.append(contentsOf: text)
            return
        }
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 || byte == 0x5C { bytes.append(0x5C) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// Whether a text would read as something else: empty, `NULL`, or with a character that means something in an array.
    private static func mustQuote(_ text: [UInt8]) -> Bool {
        if text.isEmpty { return true }
        if text.count == 4, text.map({ $0 & 0xDF }) == [0x4E, 0x55, 0x4C, 0x4C] { return true }
        return text.contains { byte in
            switch byte {
            case 0x22, 0x5C, 0x7B, 0x7D, 0x2C, 0x20, 0x09...0x0D: true
            default: false
            }
        }
    }
}
