/// Headers as files write them, made comparable, and made into column names.
enum HeaderName {
    /// The header without byte-order marks and blanks around it, full-width characters as half-width ones, ASCII letters
    /// in lower case.
    static func normalized(_ header: String) -> String {
        var scalars: [Unicode.Scalar] = []
        for scalar in header.unicodeScalars {
            scalars.append(halfWidth(scalar))
        }
        while let last = scalars.last, isPadding(last) { scalars.removeLast() }
        let start = scalars.firstIndex { !isPadding($0) } ?? scalars.endIndex
        var text = String.UnicodeScalarView()
        for scalar in scalars[start...] {
            text.append(lowered(scalar))
        }
        return String(text)
    }

    /// An identifier SQL takes without quotes: letters (of any script), digits and underscores, not starting with a
    /// digit, at most 60 bytes of UTF-8; empty if the header has no letter or digit.
    static func identifier(_ header: String) -> String {
        var name = ""
        var byteCount = 0
        var isGap = false
        for scalar in normalized(header).unicodeScalars {
            let isNameScalar = scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
            guard isNameScalar else {
                isGap = !name.isEmpty
                continue
            }
            let width = UTF8.width(scalar) + (isGap ? 1 : 0)
            if byteCount + width > 58 { break }
            if isGap { name.append("_") }
            isGap = false
            name.unicodeScalars.append(scalar)
            byteCount += width
        }
        if let first = name.unicodeScalars.first, first.properties.numericType == .decimal { name = "c_" + name }
        return name
    }

    /// Full-width forms U+FF01–FF5E are ASCII moved by 0xFEE0; U+3000 is the full-width blank.
    private static func halfWidth(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0xFF01...0xFF5E: Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
        case 0x3000: " "
        default: scalar
        }
    }

    private static func isPadding(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isWhitespace || scalar.value == 0xFEFF || scalar.value == 0x200B
    }

    private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x41...0x5A: Unicode.Scalar(UInt8(scalar.value + 0x20))
        default: scalar
        }
    }
}
