import CKernels

private struct FieldInput {
    let text = ClaimText()
    let limits: [UInt64] = (0..<Int(CK_DECIMAL_POWERS)).map { power in
        (0..<power).reduce(999_999_999_999_999) { limit, _ in limit / 10 }
    }
    var values = [Int64](repeating: 0, count: Segment.rowCount)
    var days = [Int32](repeating: 0, count: Segment.rowCount)

    // Bounds, for all three: `rows` are the rows of the text, of which starts and ends are known; there is a value for each.

    mutating func readDecimals(_ column: ClaimText.Column, scale: Int32, _ level: Int32) -> Int {
        let read = unsafe ck_decimals(
            level, text.bytes, text.starts, text.ends, ClaimText.columnCount, column.rawValue, text.rows,
            text.rows.count, CK_NO_QUOTE, scale,
            limits, &values, nil)
        precondition(read == Segment.rowCount)
        return read
    }

    mutating func readTimestamps(_ column: ClaimText.Column) -> Int {
        let read = unsafe ck_timestamps(
            ck_level(), text.bytes, text.starts, text.ends, ClaimText.columnCount, column.rawValue, text.rows, text.rows.count,
            CK_NO_QUOTE, &values, nil)
        precondition(read == Segment.rowCount)
        return read
    }

    mutating func readDates(_ column: ClaimText.Column) -> Int {
        let read = unsafe ck_dates(
            ck_level(), text.bytes, text.starts, text.ends, ClaimText.columnCount, column.rawValue, text.rows, text.rows.count,
            CK_NO_QUOTE, &days, nil)
        precondition(read == Segment.rowCount)
        return read
    }
}

/// Fields of one column as values.
func registerFieldKernels() {
    for (level, name) in levels {
        kernel("csv, decimals, \(name)") {
            FieldInput()
        } run: {
            $0.readDecimals(.amount, scale: 2, level)
        }
        kernel("csv, integers, \(name)") {
            FieldInput()
        } run: {
            $0.readDecimals(.quantity, scale: -1, level)
        }
    }
    kernel("csv, dates") {
        FieldInput()
    } run: {
        $0.readDates(.serviceDate)
    }
    kernel("csv, timestamps") {
        FieldInput()
    } run: {
        $0.readTimestamps(.settledAt)
    }
}
