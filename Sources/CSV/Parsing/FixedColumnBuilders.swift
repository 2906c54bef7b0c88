import Columns

/// One subclass for each type, so that reading is compiled for it (see `FixedColumnBuilder`).

final class DecimalColumnBuilder: FixedColumnBuilder<DecimalReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}

final class IntegerColumnBuilder: FixedColumnBuilder<IntegerReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}

final class DoubleColumnBuilder: FixedColumnBuilder<DoubleReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}

final class BooleanColumnBuilder: FixedColumnBuilder<BooleanReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}

final class DateColumnBuilder: FixedColumnBuilder<DateReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}

final class TimestampColumnBuilder: FixedColumnBuilder<TimestampReader> {
    override func append(_ grid: FieldGrid, _ heads: [UInt32], _ context: ChunkContext) {
        appendFields(grid, heads, context)
    }
    override func finish() -> (values: ParsedValues, validity: Validity) { finishFields() }
}
