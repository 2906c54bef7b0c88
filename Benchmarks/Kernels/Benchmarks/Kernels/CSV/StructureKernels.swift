import CKernels

private struct StructureInput {
    let text: ClaimText
    /// As much room as the scanner of a chunk keeps.
    var positions = [UInt32](repeating: 0, count: blockSize + 128)
    var heads = [UInt32](repeating: 0, count: Segment.rowCount)

    static let blockSize = 128 << 10

    /// Scans block by block, as a chunk is read; returns the number of fields.
    mutating func scan(_ level: Int32) -> Int {
        var offset = text.content.lowerBound
        let end = text.content.upperBound
        var fieldCount = 0
        while offset < end {
            // Bounds: the kernel reads up to `end` and the margin behind it, and writes as many positions as there is room for.
            let result = unsafe ck_scan(
                level, text.bytes, offset, min(offset + StructureInput.blockSize, end), end, 0x2C, 0x22, &positions,
                positions.count)
            fieldCount += result.count
            offset = result.end
        }
        precondition(fieldCount == ClaimText.fieldCount)
        return fieldCount
    }

    /// Rows at which the first four columns, those of the claim, change.
    mutating func runHeads(_ level: Int32) -> Int {
        // Bounds: starts and ends are those of all rows, and there is a head for each.
        unsafe ck_run_heads(
            level, text.bytes, text.starts, text.ends, ClaimText.columnCount, 0, 3, Segment.rowCount, -1, -1, &heads)
    }
}

/// Where fields end and runs begin, by each variant; a value is a field, or a row for the runs.
func registerStructureKernels() {
    for (level, name) in levels {
        kernel("csv, structure, plain, \(name)", values: ClaimText.fieldCount) {
            StructureInput(text: ClaimText())
        } run: {
            $0.scan(level)
        }
        kernel("csv, structure, quoted, \(name)", values: ClaimText.fieldCount) {
            StructureInput(text: ClaimText(isQuoted: true))
        } run: {
            $0.scan(level)
        }
        kernel("csv, run heads of 4 columns, \(name)") {
            StructureInput(text: ClaimText())
        } run: {
            $0.runHeads(level)
        }
    }
}
