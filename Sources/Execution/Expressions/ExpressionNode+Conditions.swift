import Columns
import Planning

extension ExpressionNode {
    /// AND and OR: an operand that can fail, or that is asked for few rows, is evaluated only on the rows which the
    /// operands before it have not decided.
    func evaluateConnective(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        let isAnd: Bool
        if case .and = operation { isAnd = true } else { isAnd = false }
        var result = Logic.Truth(repeating: isAnd, count: batch.rowCount)
        for (number, child) in children.enumerated() {
            let decided = isAnd ? result.isFalse : result.isTrue
            let open = batch.rowCount - Mask.count(decided)
            if number > 0, open == 0 { break }
            let other: Logic.Truth
            if number > 0, open < batch.rowCount, child.canRaise || open * 4 < batch.rowCount {
                let rows = Mask.rows(Mask.not(decided))
                let part = try child.evaluate(batch.selecting(rows, columns: child.columns), &state)
                // Rows not asked for are NULL, which leaves what is decided as it is.
                let piece = Blend.Piece(part, .rows(rows))
                other = Logic.Truth(Blend.vector([piece], type: .boolean, count: batch.rowCount))
            } else {
                other = Logic.Truth(try child.evaluate(batch, &state))
            }
            if isAnd { result.formAnd(other) } else { result.formOr(other) }
        }
        return result.vector
    }

    /// CASE: conditions are evaluated on the rows no branch has taken, results on the rows of their branch, wherever
    /// evaluation can fail or few rows are left.
    func evaluateCase(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        let count = batch.rowCount
        var remaining = [UInt8](repeating: 1, count: count)
        var left = count
        var pieces: [Blend.Piece] = []
        for branch in 0..<(children.count / 2) where left > 0 {
            let condition = children[branch * 2]
            var chosen: [UInt8]
            if left < count, condition.canRaise || left * 4 < count {
                let rows = Mask.rows(remaining)
                let part = Logic.trueMask(
                    try condition.evaluate(batch.selecting(rows, columns: condition.columns), &state))
                chosen = [UInt8](repeating: 0, count: count)
                for index in 0..<rows.count { chosen[Int(rows[index])] = part[index] }
            } else {
                chosen = Mask.and(remaining, Logic.trueMask(try condition.evaluate(batch, &state)))
            }
            let taken = Mask.count(chosen)
            if taken == 0 { continue }
            left -= taken
            remaining = Mask.subtract(remaining, chosen)
            let result = children[branch * 2 + 1]
            if taken == count { return try result.evaluate(batch, &state) }
            pieces.append(try result.piece(batch, chosen: chosen, chosenCount: taken, &state))
        }
        if left == count { return try children[children.count - 1].evaluate(batch, &state) }
        if left > 0 {
            let otherwise = children[children.count - 1]
            pieces.append(try otherwise.piece(batch, chosen: remaining, chosenCount: left, &state))
        }
        return Blend.vector(pieces, type: type, count: count, texts: constantTexts, extensions: extensions)
    }

    /// COALESCE: each argument is evaluated on the rows where all before it are NULL.
    func evaluateCoalesce(_ batch: Batch, _ state: inout ExpressionState) throws(ExecutionError) -> Vector {
        let count = batch.rowCount
        var remaining = [UInt8](repeating: 1, count: count)
        var left = count
        var pieces: [Blend.Piece] = []
        for child in children where left > 0 {
            let piece = try child.piece(batch, chosen: remaining, chosenCount: left, &state)
            let present: [UInt8]
            switch (piece.place, piece.vector.flatValidity) {
            case (_, .allPresent): present = remaining
            case (.mask, .mask(let valid)): present = Mask.and(remaining, valid)
            case (.rows(let rows), .mask(let valid)):
                var spread = [UInt8](repeating: 0, count: count)
                for index in 0..<rows.count { spread[Int(rows[index])] = valid[index] }
                present = spread
            }
            let found = Mask.count(present)
            if found == count { return piece.vector }
            if found == 0 { continue }
            left -= found
            remaining = Mask.subtract(remaining, present)
            pieces.append(piece.restricted(to: present))
        }
        return Blend.vector(pieces, type: type, count: count, extensions: extensions)
    }

    /// The node's values for the chosen rows.
    private func piece(
        _ batch: Batch, chosen: [UInt8], chosenCount: Int, _ state: inout ExpressionState
    ) throws(ExecutionError) -> Blend.Piece {
        let isConstant = constant != nil
        if !isConstant, chosenCount < batch.rowCount, canRaise || chosenCount * 4 < batch.rowCount {
            let rows = Mask.rows(chosen)
            return Blend.Piece(try evaluate(batch.selecting(rows, columns: columns), &state), .rows(rows))
        }
        return Blend.Piece(try evaluate(batch, &state), .mask(chosen))
    }
}

extension Blend.Piece {
    /// Only the rows that are present: rows of other pieces must not be overwritten by this one's NULLs.
    func restricted(to present: [UInt8]) -> Blend.Piece {
        switch place {
        case .mask: return Blend.Piece(vector, .mask(present))
        case .rows(let rows):
            let kept = (0..<rows.count).filter { present[Int(rows[$0])] != 0 }.map { Int32($0) }
            if kept.count == rows.count { return self }
            return Blend.Piece(vector.gathered(kept), .rows(gather(rows, kept)))
        }
    }
}
