import Columns

extension FunctionCall {
    /// Most bytes one result may have; PostgreSQL's limit is 1 GB too.
    private static let maximumSize = 1 << 30
    /// Most bytes the results of one batch may have: offsets are 32 bits.
    private static let maximumTotalSize = Int(UInt32.max)

    /// Text functions whose result is text.
    func text(_ function: ScalarFunction) throws(ExecutionError) -> Vector {
        if function == .chr { return try characters() }
        let text = inputs[0].textOperand()
        let second = inputs.count > 1 && inputs[1].type == .text ? inputs[1].textOperand() : nil
        let third = inputs.count > 2 && inputs[2].type == .text ? inputs[2].textOperand() : nil
        let blank = TextOperand(strings: StringColumn(offsets: [0, 1], bytes: [0x20]), isConstant: true)
        let other = (function == .lpad || function == .rpad ? third : second) ?? blank
        let last = third ?? blank
        let bytes = text.strings.bytes.span
        let otherBytes = other.strings.bytes.span
        let lastBytes = last.strings.bytes.span
        let numbers = inputs.dropFirst().filter { $0.type != .text }.compactMap { $0.int64Operand() }
        return try rows { (row, output) throws(ExecutionError) in
            let value = bytes.extracting(text.range(row))
            let part = otherBytes.extracting(other.range(row))
            switch function {
            case .replace:
                TextFunctions.replace(value, part, lastBytes.extracting(last.range(row)), to: &output)
            case .translate:
                TextFunctions.translate(value, part, lastBytes.extracting(last.range(row)), into: &output)
            default: try append(function, value, part, numbers, row, to: &output)
            }
        }
    }

    private func append(
        _ function: ScalarFunction, _ value: Span<UInt8>, _ part: Span<UInt8>, _ numbers: [Operand<Int64>], _ row: Int,
        to output: inout [UInt8]
    ) throws(ExecutionError) {
        switch function {
        case .concatOperator:
            TextFunctions.append(value, 0..<value.count, to: &output)
            TextFunctions.append(part, 0..<part.count, to: &output)
        case .lower: for index in 0..<value.count { output.append(TextFunctions.lower(value[index])) }
        case .upper: for index in 0..<value.count { output.append(TextFunctions.upper(value[index])) }
        case .initcap: TextFunctions.initcap(value, to: &output)
        case .btrim: TextFunctions.trim(value, part, start: true, end: true, to: &output)
        case .ltrim: TextFunctions.trim(value, part, start: true, end: false, to: &output)
        case .rtrim: TextFunctions.trim(value, part, start: false, end: true, to: &output)
        case .substring:
            let length = numbers.count > 1 ? numbers[1][row] : nil
            if let length, length < 0 { throw invalid("negative substring length not allowed") }
            TextFunctions.substring(value, start: numbers[0][row], length: length, to: &output)
        case .left: TextFunctions.left(value, numbers[0][row], to: &output)
        case .right: TextFunctions.right(value, numbers[0][row], to: &output)
        case .splitPart:
            let number = numbers[0][row]
            if number == 0 { throw invalid("field position must not be zero") }
            TextFunctions.splitPart(value, part, number, to: &output)
        case .lpad, .rpad:
            let length = numbers[0][row]
            if length > FunctionCall.maximumSize / 4 { throw invalid("requested length too large") }
            TextFunctions.pad(value, length, part, atStart: function == .lpad, to: &output)
        case .repeat:
            let times = max(0, numbers[0][row])
            let (size, overflow) = times.multipliedReportingOverflow(by: Int64(value.count))
            if overflow || size > FunctionCall.maximumSize { throw invalid("requested length too large") }
            if value.count > 0 { for _ in 0..<times { TextFunctions.append(value, 0..<value.count, to: &output) } }
        case .overlay:
            let start = numbers[0][row]
            let length = numbers.count > 1 ? numbers[1][row] : Int64(TextFunctions.characterCount(part))
            if start <= 0 { throw invalid("negative substring length not allowed") }
            let (end, overflow) = start.addingReportingOverflow(length)
            if overflow { throw invalid("integer out of range") }
            TextFunctions.substring(value, start: 1, length: start - 1, to: &output)
            TextFunctions.append(part, 0..<part.count, to: &output)
            TextFunctions.substring(value, start: end, length: nil, to: &output)
        case .reverse: TextFunctions.reverse(value, to: &output)
        case .md5: MessageDigest5.appendHexadecimal(of: value, to: &output)
        default: preconditionFailure("\(function) gives no text")
        }
    }

    /// `to_hex`: the two's complement of negative numbers, as wide as the argument's type.
    func hexadecimal() throws(ExecutionError) -> Vector {
        let numbers = integers(0)
        let isNarrow = inputs[0].type == .integer
        return try rows { (row, output) throws(ExecutionError) in
            let bits = UInt64(bitPattern: numbers[row])
            output.append(contentsOf: String(isNarrow ? bits & 0xFFFF_FFFF : bits, radix: 16).utf8)
        }
    }

    private func characters() throws(ExecutionError) -> Vector {
        let codes = integers(0)
        return try rows { (row, output) throws(ExecutionError) in
            let code = codes[row]
            if code == 0 { throw invalid("null character not permitted") }
            if code < 0 { throw invalid("character number must be positive") }
            if code > 0x10_FFFF { throw invalid("requested character too large for encoding: \(code)") }
            guard let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value) else {
                throw invalid("requested character not valid for encoding: \(code)")
            }
            output.append(contentsOf: String(scalar).utf8)
        }
    }

    /// Text rows; `append` writes those that are present.
    private func rows(
        _ append: (Int, inout [UInt8]) throws(ExecutionError) -> Void
    ) throws(ExecutionError) -> Vector {
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        for row in 0..<count {
            if validity.isPresent(row) { try append(row, &bytes) }
            if bytes.count > FunctionCall.maximumTotalSize { throw invalid("requested length too large") }
            offsets.append(UInt32(bytes.count))
        }
        return result(.string(StringColumn(offsets: offsets, bytes: bytes)))
    }

    /// `concat` and `concat_ws`: NULLs are skipped; a NULL separator gives NULL.
    func concatenated(separator: Vector?, _ parts: [Vector]) -> Vector {
        let validity = separator?.flatValidity ?? .allPresent
        let separators = separator?.textOperand()
        let operands = parts.filter { !$0.isConstantNull }.map { (text: $0.textOperand(), validity: $0.flatValidity) }
        var bytes: [UInt8] = []
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(count + 1)
        for row in 0..<count {
            var isFirst = true
            for operand in operands where operand.validity.isPresent(row) {
                if !isFirst, let separators {
                    bytes.append(contentsOf: separators.strings.bytes[separators.range(row)])
                }
                bytes.append(contentsOf: operand.text.strings.bytes[operand.text.range(row)])
                isFirst = false
            }
            offsets.append(UInt32(bytes.count))
        }
        let values = VectorValues.string(StringColumn(offsets: offsets, bytes: bytes))
        return Vector(type: type, count: count, values: values, validity: validity)
    }

    /// The lengths of identifiers, of which all of a format have one; nil for another function or other texts.
    private func identifierLengths(_ function: ScalarFunction) -> [Int64]? {
        guard case .identifier(let codes, let domain) = inputs[0].values else { return nil }
        func length(_ text: [UInt8]) -> Int64? {
            switch function {
            case .length: Int64(TextFunctions.characterCount(text.span))
            case .octetLength: Int64(text.count)
            case .bitLength: Int64(text.count) * 8
            default: nil
            }
        }
        guard length([]) != nil else { return nil }
        var lengths = [Int64](repeating: 0, count: Int(IdentifierDomain.exceptionFormat) + 1)
        for (index, format) in domain.formats.enumerated() {
            guard let own = length(format.prefix + [UInt8](repeating: 0x30, count: format.digitCount)) else { return nil }
            lengths[index] = own
        }
        var hasExceptions = false
        var numbers = [Int64](repeating: 0, count: count)
        for row in 0..<count {
            let format = Int(codes[row] >> 60)
            numbers[row] = lengths[format]
            hasExceptions = hasExceptions || format == Int(IdentifierDomain.exceptionFormat)
        }
        if hasExceptions {
            // A code on a row that is NULL is any number.
            let present = inputs[0].validity
            for row in 0..<count where codes[row] >> 60 == IdentifierDomain.exceptionFormat && present.isPresent(row) {
                var bytes: [UInt8] = []
                domain.appendBytes(of: codes[row], to: &bytes)
                guard let own = length(bytes) else { return nil }
                numbers[row] = own
            }
        }
        return numbers
    }

    /// Text functions whose result is a number or a boolean.
    func textMeasure(_ function: ScalarFunction) -> Vector {
        if let lengths = identifierLengths(function) { return result(.int64(lengths)) }
        let text = inputs[0].textOperand()
        let bytes = text.strings.bytes.span
        switch function {
        case .strpos, .startsWith:
            let part = inputs[1].textOperand()
            let partBytes = part.strings.bytes.span
            if function == .startsWith {
                var mask = [UInt8](repeating: 0, count: count)
                for row in 0..<count {
                    let value = bytes.extracting(text.range(row))
                    let start = partBytes.extracting(part.range(row))
                    guard start.count <= value.count else { continue }
                    mask[row] = ByteOrder.isEqual(value.extracting(0..<start.count), start) ? 1 : 0
                }
                return result(.boolean(mask))
            }
            var positions = [Int64](repeating: 0, count: count)
            for row in 0..<count {
                positions[row] = TextFunctions.position(
                    of: partBytes.extracting(part.range(row)), in: bytes.extracting(text.range(row)))
            }
            return result(.int64(positions))
        default:
            var numbers = [Int64](repeating: 0, count: count)
            for row in 0..<count {
                let value = bytes.extracting(text.range(row))
                switch function {
                case .length: numbers[row] = Int64(TextFunctions.characterCount(value))
                case .octetLength: numbers[row] = Int64(value.count)
                case .bitLength: numbers[row] = Int64(value.count) * 8
                default: numbers[row] = TextFunctions.codePoint(value)
                }
            }
            return result(.int64(numbers))
        }
    }
}
