import CKernels
import Columns
import Planning

extension ExpressionNode {
    /// The value for each row of the batch, in the cheapest shape that is right.
    func evaluate(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        let count = batch.rowCount
        switch operation {
        case .constant(let value): return .constant(value, type: type, count: count)
        case .column(let index): return batch.columns[index]
        default: break
        }
        if count == 0 { return .constant(.null, type: type, count: 0) }
        switch commonShape(batch) {
        case .constant:
            let once = try evaluateRows(batch.takingConstants(columns), &state)
            return .constant(once.scalar(at: 0), type: type, count: count)
        case .runs(let map):
            return try evaluateRuns(batch, map, &state)
        case .dictionary(let codes, let dictionary, let validity):
            if let results = try entryResult(batch, dictionary, rowCount: count, &state) {
                return ExpressionNode.spread(results, codes: codes, validity: validity, nullEntry: dictionary.count)
            }
        case .mixed: break
        }
        return try evaluateRows(batch, &state)
    }

    private enum CommonShape {
        /// No columns, or constant ones only.
        case constant
        case runs(RunMap)
        case dictionary([UInt32], TextDictionary, Validity)
        case mixed
    }

    private func commonShape(_ batch: Batch) -> CommonShape {
        var map: RunMap?
        for index in columns {
            switch batch.columns[index].values {
            case .constant: continue
            case .runs(_, let other):
                if let known = map, known !== other { return .mixed }
                map = other
            case .dictionary(let codes, let dictionary):
                return columns.count == 1 ? .dictionary(codes, dictionary, batch.columns[index].validity) : .mixed
            default: return .mixed
            }
        }
        if let map { return .runs(map) }
        return .constant
    }

    /// Evaluates on one value a run. Runs without rows have no value to fail on: where evaluation can fail they are
    /// left out.
    private func evaluateRuns(
        _ batch: Batch, _ map: RunMap, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector {
        let children = batch.takingRunChildren(columns, map)
        guard canRaise else { return .runs(try evaluate(children, &state), map: map) }
        var filled: [Int32] = []
        for run in 0..<map.runCount where map.starts[run] < map.starts[run + 1] {
            filled.append(Int32(truncatingIfNeeded: run))
        }
        if filled.count == map.runCount { return .runs(try evaluate(children, &state), map: map) }
        let part = try evaluate(children.selecting(filled, columns: columns), &state)
        return .runs(Blend.vector([Blend.Piece(part, .rows(filled))], type: type, count: map.runCount), map: map)
    }

    /// The results for the entries of a dictionary, or nil where rows are cheaper or an entry raises an error.
    private func entryResult(
        _ batch: Batch, _ dictionary: TextDictionary, rowCount: Int, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector? {
        switch entryResults.find(dictionary) {
        case .result(let known): return known.results
        case .raises: return nil
        case .unknown: break
        }
        guard dictionary.count < 4 * max(rowCount, 64), !isCodeEquality else { return nil }
        var entries = batch
        entries.columns[columns[0]] = dictionary.entriesAndNull()
        entries.rowCount = dictionary.count + 1
        do {
            let rows = try evaluateRows(entries, &state)
            let results = EntryResult(source: dictionary, results: Interning.dictionaryVector(rows.flattened()))
            return entryResults.keep(results).results
        } catch {
            entryResults.keepRaising(dictionary)
            return nil
        }
    }

    /// `column = 'literal'`: comparing codes beats looking up each row's entry.
    private var isCodeEquality: Bool {
        switch operation {
        case .comparison(.equal), .comparison(.notEqual):
            if case .column = children[0].operation, children[1].constant != nil { return true }
            if case .column = children[1].operation, children[0].constant != nil { return true }
            return false
        case .isNull:
            if case .column = children[0].operation { return true }
            return false
        default: return false
        }
    }

    /// `result[row] = results[code[row]]`, or the last result where the code's row is NULL.
    private static func spread(_ results: Vector, codes: [UInt32], validity: Validity, nullEntry: Int) -> Vector {
        if case .boolean(let answers) = results.values {
            return spread(answers, results.validity, codes: codes, validity: validity, nullEntry: nullEntry)
        }
        let indexes: [Int32]
        switch validity {
        case .allPresent: indexes = mapRows(codes, filler: 0) { Int32(truncatingIfNeeded: $0) }
        case .mask(let mask):
            let last = Int32(truncatingIfNeeded: nullEntry)
            indexes = mapPairs(.rows(codes), .rows(mask), count: codes.count, filler: 0) {
                $1 != 0 ? Int32(truncatingIfNeeded: $0) : last
            }
        }
        return results.gathered(indexes)
    }

    /// As above for answers of one byte, which mostly are NULL for NULL only.
    private static func spread(
        _ answers: [UInt8], _ known: Validity, codes: [UInt32], validity: Validity, nullEntry: Int
    ) -> Vector {
        let values = lookedUp(answers, codes: codes, validity: validity, nullEntry: nullEntry)
        var present = Validity.allPresent
        if case .mask(let mask) = known {
            var entries: UInt8 = 1
            for entry in 0..<nullEntry { entries &= mask[entry] }
            switch validity {
            case .allPresent where entries == 1: break
            case .mask(let rows) where entries == 1 && mask[nullEntry] == 0: present = .mask(rows)
            default:
                present = Validity(
                    compacting: lookedUp(mask, codes: codes, validity: validity, nullEntry: nullEntry))
            }
        }
        return Vector(type: .boolean, count: codes.count, values: .boolean(values), validity: present)
    }

    /// `table[code[row]]`, or the table's byte for NULL.
    private static func lookedUp(_ table: [UInt8], codes: [UInt32], validity: Validity, nullEntry: Int) -> [UInt8] {
        let entries = table.span
        switch validity {
        case .allPresent:
            var bounds: (low: UInt32, high: UInt32) = (0, 0)
            // Reads the array's own codes.
            unsafe ck_code_bounds(ck_level(), codes, codes.count, &bounds.low, &bounds.high)
            precondition(codes.isEmpty || Int(bounds.high) < table.count, "Every code has an entry.")
            // Bounds: as just looked at; a byte is written for each code.
            return unsafe [UInt8](unsafeUninitializedCapacity: codes.count) { found, filledCount in
                if table.reduce(0, { $0 | $1 }) <= 1 {
                    unsafe ck_look_up_flags(ck_level(), codes, codes.count, table, table.count, found.baseAddress!)
                } else {
                    unsafe ck_look_up_bytes(codes, codes.count, table, found.baseAddress)
                }
                filledCount = codes.count
            }
        case .mask(let mask):
            return mapPairs(.rows(codes), .rows(mask), count: codes.count, filler: 0) {
                entries[$1 != 0 ? Int($0) : nullEntry]
            }
        }
    }

    /// Evaluates row by row, whatever the shapes.
    func evaluateRows(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        switch operation {
        case .constant(let value): return .constant(value, type: type, count: batch.rowCount)
        case .column(let index): return batch.columns[index]
        case .and, .or: return try evaluateConnective(batch, &state)
        case .caseWhen: return try evaluateCase(batch, &state)
        case .coalesce: return try evaluateCoalesce(batch, &state)
        case .inList(let negated): return try evaluateInList(batch, negated: negated, &state)
        default: break
        }
        var inputs: [Vector] = []
        inputs.reserveCapacity(children.count)
        for child in children { inputs.append(try child.evaluate(batch, &state).flatOrConstant()) }
        return try apply(inputs, count: batch.rowCount, &state)
    }

    /// Applies an operation whose inputs are all computed for every row.
    private func apply(
        _ inputs: [Vector], count: Int, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Vector {
        switch operation {
        case .cast: return try Cast.vector(inputs[0], to: type, position: position)
        case .comparison(let comparison):
            return VectorComparison.vector(comparison, inputs[0], inputs[1], count: count, &state)
        case .distinct(let negated):
            return VectorComparison.distinct(inputs[0], inputs[1], negated: negated, count: count, &state)
        case .arithmetic(let arithmetic):
            return try Arithmetic.vector(arithmetic, inputs[0], inputs[1], type: type, count: count, position: position)
        case .negate: return try Arithmetic.negated(inputs[0], type: type, position: position)
        case .not: return Logic.not(inputs[0])
        case .isNull(let negated): return Logic.isNull(inputs[0], negated: negated)
        case .isTruth(let value, let negated): return Logic.isTruth(inputs[0], value: value, negated: negated)
        case .like(let escape, let caseInsensitive, let negated):
            return try LikeEvaluation(
                escape: escape, caseInsensitive: caseInsensitive, negated: negated, position: position
            ).vector(inputs[0], pattern: inputs[1], count: count)
        case .call(let function):
            return try function.apply(inputs, type: type, count: count, position: position, &state)
        case .rowCall(let function):
            return try function.vector(inputs, type: type, count: count, position: position, &state)
        case .constant, .column, .and, .or, .caseWhen, .coalesce, .inList:
            preconditionFailure("evaluated without computing every input first")
        }
    }
}
