import Columns

/// Puts a vector together from pieces, each giving the values of some rows; rows of no piece are NULL.
enum Blend {
    struct Piece {
        enum Place {
            /// The piece's vector has every row; those whose byte is 1 are taken.
            case mask([UInt8])
            /// Row `i` of the piece's vector goes to row `rows[i]`.
            case rows([Int32])
        }
        let vector: Vector
        let place: Place

        init(_ vector: Vector, _ place: Place) {
            self.vector = vector
            self.place = place
        }
    }

    /// - Parameters:
    ///   - texts: A dictionary known to hold all constants, used if every piece is constant.
    ///   - extensions: Makes dictionaries that hold all constants besides a column's texts.
    static func vector(
        _ pieces: [Piece], type: LogicalType, count: Int, texts: TextDictionary? = nil,
        extensions: DictionaryExtensions? = nil
    ) -> Vector {
        let present = pieces.filter { !$0.vector.isConstantNull }
        if present.isEmpty { return .null(type, count: count) }
        let validity = blendValidity(present, count: count)
        let values: VectorValues
        switch type {
        case .boolean: values = .boolean(blend(present, count: count, filler: 0, choose) { $0.booleanOperand() })
        case .date: values = .int32(blend(present, count: count, filler: 0, choose) { $0.dateOperand() })
        case .double: values = .double(blend(present, count: count, filler: 0, chooseDouble) { $0.doubleOperand() })
        case .interval:
            values = .interval(
                blend(present, count: count, filler: IntervalValue(), { $0 != 0 ? $1 : $2 }) { $0.intervalOperand() })
        case .text, .unknown, .array: values = blendText(present, count: count, texts, extensions)
        case .integer, .bigint, .timestamp, .moment, .numeric:
            if type.isWide {
                values = .int128(blend(present, count: count, filler: 0, choose) { $0.int128Operand() })
            } else {
                values = .int64(blend(present, count: count, filler: 0, choose) { $0.int64Operand() ?? .constant(0) })
            }
        }
        return Vector(type: type, count: count, values: values, validity: validity)
    }

    /// `first` where the byte is 1, `second` where it is 0, without a branch.
    @inline(__always)
    private static func choose<Value: FixedWidthInteger>(_ byte: UInt8, _ first: Value, _ second: Value) -> Value {
        second ^ ((first ^ second) & (0 &- Value(truncatingIfNeeded: byte)))
    }

    @inline(__always)
    private static func chooseDouble(_ byte: UInt8, _ first: Double, _ second: Double) -> Double {
        Double(bitPattern: choose(byte, first.bitPattern, second.bitPattern))
    }

    @inline(__always)
    private static func blend<Value: Sendable>(
        _ pieces: [Piece], count: Int, filler: Value, _ choose: (UInt8, Value, Value) -> Value,
        _ operand: (Vector) -> Operand<Value>
    ) -> [Value] {
        var result = [Value](repeating: filler, count: count)
        for piece in pieces { overlay(operand(piece.vector), piece.place, on: &result, choose) }
        return result
    }

    /// Stores on every row, chosen or not, so that there is no branch to miss.
    @inline(__always)
    private static func overlay<Value: Sendable>(
        _ operand: Operand<Value>, _ place: Piece.Place, on result: inout [Value],
        _ choose: (UInt8, Value, Value) -> Value
    ) {
        var target = result.mutableSpan
        switch (place, operand) {
        case (.rows(let rows), _):
            for index in 0..<rows.count { target[Int(rows[index])] = operand[index] }
        case (.mask(let mask), .constant(let value)):
            let chosen = mask.span
            precondition(chosen.count == target.count)
            for row in 0..<target.count { target[row] = choose(chosen[row], value, target[row]) }
        case (.mask(let mask), .rows(let values)):
            let chosen = mask.span
            let source = values.span
            precondition(chosen.count == target.count && source.count == target.count)
            for row in 0..<target.count { target[row] = choose(chosen[row], source[row], target[row]) }
        }
    }

    private static func blendValidity(_ pieces: [Piece], count: Int) -> Validity {
        var present = [UInt8](repeating: 0, count: count)
        for piece in pieces {
            let validity = piece.vector.flatValidity
            switch (piece.place, validity) {
            case (.rows(let rows), _):
                for index in 0..<rows.count { present[Int(rows[index])] = validity.isPresent(index) ? 1 : 0 }
            case (.mask(let mask), .allPresent): present = Mask.or(present, mask)
            case (.mask(let mask), .mask(let valid)): present = Mask.or(present, Mask.and(mask, valid))
            }
        }
        return Validity(compacting: present)
    }

    private static func blendText(
        _ pieces: [Piece], count: Int, _ texts: TextDictionary?, _ extensions: DictionaryExtensions?
    ) -> VectorValues {
        if let coded = blendCodes(pieces, count: count, texts, extensions) { return coded }
        let operands = pieces.map { $0.vector.textOperand() }
        // For each row the piece it comes from (+ 1; 0 = none) and its row there.
        var source = [Int32](repeating: 0, count: count)
        var sourceRow = [Int32](repeating: 0, count: count)
        for (number, piece) in pieces.enumerated() {
            switch piece.place {
            case .rows(let rows):
                for index in 0..<rows.count {
                    source[Int(rows[index])] = Int32(number + 1)
                    sourceRow[Int(rows[index])] = Int32(index)
                }
            case .mask(let mask):
                for row in 0..<count where mask[row] != 0 {
                    source[row] = Int32(number + 1)
                    sourceRow[row] = Int32(row)
                }
            }
        }
        var result = StringColumn()
        for row in 0..<count {
            if source[row] > 0 {
                let operand = operands[Int(source[row]) - 1]
                result.bytes.append(contentsOf: operand.strings.bytes[operand.range(Int(sourceRow[row]))])
            }
            result.offsets.append(UInt32(result.bytes.count))
        }
        return .string(result)
    }

    /// Stays on codes where every piece is a constant or codes of one dictionary.
    private static func blendCodes(
        _ pieces: [Piece], count: Int, _ texts: TextDictionary?, _ extensions: DictionaryExtensions?
    ) -> VectorValues? {
        var domain: TextDictionary?
        for piece in pieces {
            switch piece.vector.flatOrConstant().values {
            case .constant: continue
            case .dictionary(_, let dictionary):
                if let domain, domain !== dictionary { return nil }
                domain = dictionary
            default: return nil
            }
        }
        // Where constants are among the pieces, always the extended one: group-bys want one domain in every batch.
        let target = domain.map { extensions?.extending($0) ?? $0 } ?? texts ?? constantDictionary(pieces)
        var operands: [Operand<UInt32>] = []
        for piece in pieces {
            switch piece.vector.flatOrConstant().values {
            case .constant(.text(let text)):
                guard let code = target.code(of: text) else { return nil }
                operands.append(.constant(code))
            case .dictionary(let codes, _): operands.append(.rows(codes))
            default: return nil
            }
        }
        var codes = [UInt32](repeating: 0, count: count)
        for (piece, operand) in zip(pieces, operands) { overlay(operand, piece.place, on: &codes, choose) }
        return .dictionary(codes: codes, target)
    }

    private static func constantDictionary(_ pieces: [Piece]) -> TextDictionary {
        var entries = StringColumn()
        var seen: Set<String> = []
        for piece in pieces {
            if case .text(let text)? = piece.vector.constantValue, seen.insert(text).inserted { entries.append(text) }
        }
        return TextDictionary(entries: entries)
    }
}
