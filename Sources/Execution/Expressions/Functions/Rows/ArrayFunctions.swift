import Columns

/// Functions of arrays, which come as the text PostgreSQL prints for them.
enum ArrayFunctions {
    static let all: [String: RowFunction] = plain.merging(ArrayComparison.all) { first, _ in first }

    private static let plain: [String: RowFunction] = [
        // Elements already in the form they have inside an array; `NULL` among them.
        "array literal": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            .text("{" + values.map { text($0) ?? "NULL" }.joined(separator: ",") + "}")
        },
        // Of doubles: the text that all arrays equal to it have in common.
        "array grouped": RowFunction { (values, _, _) throws(RowFailure) in
            .text(ArrayText.write(try elements(values[0]).map { $0 == "-0" ? "0" : $0 }))
        },
        "interval array grouped": RowFunction { (_, _, _) throws(RowFailure) in
            throw RowFailure("grouping, joining or removing duplicates by arrays of intervals is not supported")
        },
        "array_length": RowFunction { (values, _, _) throws(RowFailure) in
            let elements = try elements(values[0])
            return values[1] == .integer(1) && !elements.isEmpty ? .integer(Int64(elements.count)) : .null
        },
        "cardinality": RowFunction { (values, _, _) throws(RowFailure) in
            .integer(Int64(try elements(values[0]).count))
        },
        // The text of one element, 1-based.
        "array element at": RowFunction { (values, _, _) throws(RowFailure) in
            let elements = try elements(values[0])
            guard case .integer(let index) = values[1], index >= 1, index <= elements.count else { return .null }
            return elements[Int(index) - 1].map { .text($0) } ?? .null
        },
        "array slice": RowFunction { (values, _, _) throws(RowFailure) in
            let elements = try elements(values[0])
            guard case .integer(let low) = values[1], case .integer(let high) = values[2] else { return .null }
            let first = max(1, low)
            let last = min(Int64(elements.count), high)
            return .text(ArrayText.write(first <= last ? Array(elements[Int(first - 1)..<Int(last)]) : []))
        },
        "array_to_string": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            guard !values[0].isNull, let separator = text(values[1]) else { return .null }
            let filler = values.count > 2 ? text(values[2]) : nil
            return .text(try elements(values[0]).compactMap { $0 ?? filler }.joined(separator: separator))
        },
        "string_to_array": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            guard let whole = text(values[0]) else { return .null }
            return .text(ArrayText.write(parts(whole, text(values[1]), values.count > 2 ? text(values[2]) : nil)))
        },
        // (array, value, code of the array's elements), as those below, but for what comes in between.
        "array_position": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return .null }
            let (elements, wanted) = try comparable(values[0], text(values[1]), values[2])
            var first = 0
            if values.count > 3 {
                if wanted == nil, !elements.contains(nil) { return .null }
                guard case .integer(let start) = values[3] else { throw RowFailure("initial position must not be null") }
                first = Int(max(1, min(start, Int64(elements.count) + 1))) - 1
            }
            let index = elements[first...].firstIndex { same($0, wanted) }
            return index.map { .integer(Int64($0) + 1) } ?? .null
        },
        "array_positions": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return .null }
            let (elements, wanted) = try comparable(values[0], text(values[1]), values[2])
            let places = elements.enumerated().filter { same($0.element, wanted) }
            return .text(ArrayText.write(places.map { String($0.offset + 1) }))
        },
        "array_replace": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return .null }
            let (known, old) = try comparable(values[0], text(values[1]), values[3])
            let new = text(values[2])
            return .text(ArrayText.write(zip(try elements(values[0]), known).map { same($1, old) ? new : $0 }))
        },
        // (sorted bounds, value, code of the array's elements): how many of the bounds are not above the value.
        "width_bucket array": RowFunction { (values, _, _) throws(RowFailure) in
            if try elements(values[0]).contains(nil) { throw RowFailure("thresholds array must not contain NULLs") }
            let keys = try ArrayComparison.keys(values[0], values[2]).compactMap(\.self)
            guard let own = try ArrayComparison.keys(.text(ArrayText.write([text(values[1])])), values[2]).first ?? nil else {
                return .null
            }
            var (low, high) = (0, keys.count)
            while low < high {
                let middle = (low + high) / 2
                if own.utf8.lexicographicallyPrecedes(keys[middle].utf8) { high = middle } else { low = middle + 1 }
            }
            return .integer(Int64(low))
        },
        // (text of the element, counts of each dimension, lowest places)
        "array_fill": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values.dropFirst().contains(.null) { throw RowFailure("dimension array or low bound array cannot be null") }
            let counts = try elements(values[1])
            let bounds = values.count > 2 ? try elements(values[2]) : counts.map { _ in "1" }
            if counts.contains(nil) || bounds.contains(nil) { throw RowFailure("dimension values cannot be null") }
            guard counts.count == bounds.count else { throw RowFailure("wrong number of array subscripts") }
            guard let count = counts.first.flatMap({ $0 }).flatMap({ Int($0) }), count != 0 else { return .text("{}") }
            guard counts.count == 1, bounds == ["1"] else {
                throw RowFailure(.unsupported("an array of arrays or with bounds of its own is not supported"))
            }
            guard (0...10_000_000).contains(count) else { throw RowFailure("array size exceeds the maximum allowed") }
            return .text(ArrayText.write([String?](repeating: text(values[0]), count: count)))
        },
        "array_ndims": RowFunction { (values, _, _) throws(RowFailure) in
            try elements(values[0]).isEmpty ? .null : .integer(1)
        },
        "array_dims": RowFunction { (values, _, _) throws(RowFailure) in
            let count = try elements(values[0]).count
            return count == 0 ? .null : .text("[1:\(count)]")
        },
        "trim_array": RowFunction { (values, _, _) throws(RowFailure) in
            let elements = try elements(values[0])
            guard case .integer(let count) = values[1], count >= 0, count <= elements.count else {
                throw RowFailure("number of elements to trim must be between 0 and \(elements.count)")
            }
            return .text(ArrayText.write(Array(elements.dropLast(Int(count)))))
        },
        "array_append": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            let known: [String?] = try values[0].isNull ? [] : elements(values[0])
            return .text(ArrayText.write(known + [text(values[1])]))
        },
        "array_prepend": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            let known: [String?] = try values[1].isNull ? [] : elements(values[1])
            return .text(ArrayText.write([text(values[0])] + known))
        },
        "array_cat": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return values[1] }
            if values[1].isNull { return values[0] }
            return .text(ArrayText.write(try elements(values[0]) + elements(values[1])))
        },
        "array_remove": RowFunction(isStrict: false) { (values, _, _) throws(RowFailure) in
            if values[0].isNull { return .null }
            let (known, unwanted) = try comparable(values[0], text(values[1]), values[2])
            return .text(ArrayText.write(zip(try elements(values[0]), known).filter { !same($1, unwanted) }.map(\.0)))
        },
    ]

    /// An array's elements and a value of their type as texts that are equal where the values are.
    private static func comparable(
        _ array: ScalarValue, _ value: String?, _ code: ScalarValue
    ) throws(RowFailure) -> (elements: [String?], value: String?) {
        guard case .integer(let number) = code, let kind = ArrayElementType(code: number)?.kind,
            kind == .double || kind == .interval
        else { return (try elements(array), value) }
        return (
            try ArrayComparison.keys(array, code),
            try ArrayComparison.keys(.text(ArrayText.write([value])), code).first ?? nil
        )
    }

    /// Whether texts are equal by their bytes, or both NULL; strings are equal by what they look like.
    private static func same(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.utf8.elementsEqual(right.utf8)
    }

    static func text(_ value: ScalarValue) -> String? {
        if case .text(let text) = value { return text }
        return nil
    }

    static func elements(_ value: ScalarValue) throws(RowFailure) -> [String?] {
        guard let text = text(value) else { return [] }
        guard let elements = ArrayText.read(text) else { throw RowFailure("malformed array literal: \"\(text)\"") }
        return elements
    }

    /// A text cut at a separator: into its characters at a NULL one, and not at all at an empty one.
    static func parts(_ whole: String, _ separator: String?, _ null: String?) -> [String?] {
        if whole.isEmpty { return [] }
        let parts: [String]
        if let separator {
            parts = separator.isEmpty ? [whole] : cut(whole, at: separator)
        } else {
            parts = whole.unicodeScalars.map { String($0) }
        }
        return parts.map { part in same(part, null) ? nil : part }
    }

    private static func cut(_ whole: String, at separator: String) -> [String] {
        let (bytes, mark) = (Array(whole.utf8), Array(separator.utf8))
        var parts: [String] = []
        var begin = 0
        var place = 0
        while place + mark.count <= bytes.count {
            if bytes[place..<(place + mark.count)].elementsEqual(mark) {
                parts.append(String(decoding: bytes[begin..<place], as: UTF8.self))
                place += mark.count
                begin = place
            } else {
                place += 1
            }
        }
        parts.append(String(decoding: bytes[begin...], as: UTF8.self))
        return parts
    }
}
