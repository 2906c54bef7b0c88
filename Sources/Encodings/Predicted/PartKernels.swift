/// What predicted encodings do with their last part: it is one value for all rows wherever the prediction holds.
enum PartKernels {
    /// `values[row] - predictions[row]`, wrapping.
    static func difference(_ values: [Int64], _ predictions: [Int64]) -> [Int64] {
        precondition(values.count == predictions.count)
        let left = values.span
        let right = predictions.span
        return Lanes.filled(count: values.count) { rest in
            for row in 0..<rest.count { rest[row] = left[row] &- right[row] }
        }
    }

    /// Predictions plus the part that comes next in the block.
    static func sum(
        _ predictions: consuming [Int64], _ reader: inout BlockReader, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        if let rest = try EncodingChooser.constantPart(&reader) {
            Scaling(base: rest, factor: 1).apply(to: &predictions)
            return predictions
        }
        // Mostly one value: only what differs is touched.
        if reader.skip(SparseEncoding.identifier) {
            try SparseEncoding.add(to: &predictions, &reader, context: context.forPart)
            return predictions
        }
        var values = try EncodingChooser.decodePart(&reader, count: predictions.count, context: context)
        var rows = values.mutableSpan
        for row in 0..<rows.count { rows[row] = rows[row] &+ predictions[row] }
        return values
    }

    /// As `sum`, for some rows alone.
    ///
    /// - Parameter count: Of all rows; there are predictions for the chosen ones.
    static func sum(
        _ predictions: [Int64], _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        var values = try EncodingChooser.decodePart(&reader, count: count, at: rows, context: context)
        precondition(values.count == predictions.count)
        for row in 0..<values.count { values[row] = values[row] &+ predictions[row] }
        return values
    }

    /// The part that comes next in the block plus what `value` says of each row.
    @inline(__always)
    static func filled(
        count: Int, _ reader: inout BlockReader, context: DecodingContext,
        _ value: (_ row: Int) throws(EncodingError) -> Int64
    ) throws(EncodingError) -> [Int64] {
        if let rest = try EncodingChooser.constantPart(&reader) {
            return try Lanes.filled(count: count) { (rows) throws(EncodingError) in
                for row in 0..<rows.count { rows[row] = rest &+ (try value(row)) }
            }
        }
        var values = try EncodingChooser.decodePart(&reader, count: count, context: context)
        var rows = values.mutableSpan
        for row in 0..<rows.count { rows[row] = rows[row] &+ (try value(row)) }
        return values
    }
}
