import Columns
import Diagnostics

/// Makes the pages of one column of one row group.
struct ColumnChunkEncoder {
    let form: LeafForm
    let options: ParquetWriteOptions

    /// Bytes of a data page before packing, roughly and at most.
    static let pageSize = 1 << 20

    /// - Parameter column: Flat.
    func encode(_ column: Vector) throws(ParquetError) -> EncodedChunk {
        let mask: [UInt8]? = if case .mask(let mask) = column.validity { mask } else { nil }
        var pages = PageAssembly(form: form, compression: options.compression, mask: mask, rowCount: column.count)
        switch column.values {
        case .boolean(let rows): appendBooleans(ColumnChunkEncoder.present(rows, mask), to: &pages)
        case .int32(let rows): try appendNumbers(ColumnChunkEncoder.present(rows, mask), to: &pages)
        case .int64(let rows): try appendIntegers(ColumnChunkEncoder.present(rows, mask), to: &pages)
        case .int128(let rows): try appendWide(ColumnChunkEncoder.present(rows, mask), to: &pages)
        case .double(let rows): try appendDoubles(ColumnChunkEncoder.present(rows, mask), to: &pages)
        case .dictionary, .identifier, .string: try TextPages.append(column, mask: mask, to: &pages)
        case .interval, .constant, .runs: preconditionFailure("a column of this kind has no pages")
        }
        return pages.finish()
    }

    /// The values that are present, in their order.
    static func present<Value: BitwiseCopyable & Sendable>(_ rows: [Value], _ mask: [UInt8]?) -> [Value] {
        guard let mask else { return rows }
        let source = rows.span
        let present = mask.span
        return [Value](capacity: rows.count) { output in
            for row in 0..<source.count where present[row] != 0 { output.append(source[row]) }
        }
    }

    private func appendBooleans(_ rows: [UInt8], to pages: inout PageAssembly) {
        var any: UInt8 = 0
        var all: UInt8 = 1
        for row in rows {
            any |= row
            all &= row
        }
        if !rows.isEmpty { pages.setBounds([all], [any]) }
        pages.appendRows(encoding: .plain, averageSize: 1) { range in
            var bytes = [UInt8](repeating: 0, count: (range.count + 7) / 8)
            for (place, row) in range.enumerated() { bytes[place >> 3] |= rows[row] << UInt8(place & 7) }
            return bytes
        }
    }

    private func appendIntegers(_ rows: [Int64], to pages: inout PageAssembly) throws(ParquetError) {
        if let limit = form.decimalLimit, limit < Int128(Int64.max) {
            try check(rows, within: -Int64(limit)...Int64(limit))
        }
        switch form.physicalType {
        case .int32:
            try check(rows, within: Int64(Int32.min)...Int64(Int32.max))
            try appendNumbers(rows.map { Int32(truncatingIfNeeded: $0) }, to: &pages)
        case .fixedByteArray: try appendWide(rows.map { Int128($0) }, to: &pages)
        default: try appendNumbers(rows, to: &pages)
        }
    }

    private func check(_ rows: [Int64], within limits: ClosedRange<Int64>) throws(ParquetError) {
        guard let bounds = ColumnChunkEncoder.bounds(rows) else { return }
        guard bounds.low < limits.lowerBound || bounds.high > limits.upperBound else { return }
        throw tooLarge(Int128(bounds.low < limits.lowerBound ? bounds.low : bounds.high))
    }

    private func tooLarge(_ value: Int128) -> ParquetError {
        let text = DecimalText.string(unscaled: value, scale: form.type.scale ?? 0)
        return ParquetError(
            .query, "\(text) does not fit \(form.type.name)", column: form.name, mend: "cast the column to a wider type")
    }

    /// INT32 and INT64: the smaller of a dictionary and deltas.
    private func appendNumbers<Number: FixedWidthInteger & SignedInteger & BitwiseCopyable & Sendable>(
        _ rows: [Number], to pages: inout PageAssembly
    ) throws(ParquetError) where Number.Magnitude: FixedWidthInteger {
        guard let bounds = ColumnChunkEncoder.bounds(rows) else { return pages.appendNulls() }
        pages.setBounds(LittleEndian.bytes(bounds.low), LittleEndian.bytes(bounds.high))
        let deltas = DeltaNumbers.write(rows[...])
        let width = Number.bitWidth / 8
        let entryLimit = min(1 << 16, deltas.count / width)
        if let coded = NumberDictionary(rows.map { Int64($0) }, entryLimit: entryLimit),
            coded.entries.count * width + rows.count * coded.bitWidth / 8 < deltas.count
        {
            let entries = coded.entries.map { Number(truncatingIfNeeded: $0) }
            pages.appendDictionary(LittleEndian.packed(entries[...]), count: entries.count)
            pages.appendCodes(coded.codes, entryCount: coded.entries.count)
            return
        }
        pages.appendWhole(encoding: .deltaBinaryPacked, deltas, averageSize: width) { DeltaNumbers.write(rows[$0]) }
    }

    private func appendDoubles(_ rows: [Double], to pages: inout PageAssembly) throws(ParquetError) {
        var low = Double.infinity
        var high = -Double.infinity
        for value in rows where !value.isNaN {
            low = min(low, value)
            high = max(high, value)
        }
        // Zeros have two signs and one place in the order: a bound takes in both.
        if low <= high {
            pages.setBounds(
                LittleEndian.bytes((low == 0 ? -0.0 : low).bitPattern), LittleEndian.bytes((high == 0 ? 0.0 : high).bitPattern))
        }
        let bits = rows.map { Int64(bitPattern: $0.bitPattern) }
        if let coded = NumberDictionary(bits, entryLimit: rows.count / 2),
            coded.entries.count * 8 + rows.count * coded.bitWidth / 8 < rows.count * 6
        {
            pages.appendDictionary(LittleEndian.packed(coded.entries[...]), count: coded.entries.count)
            pages.appendCodes(coded.codes, entryCount: coded.entries.count)
            return
        }
        pages.appendRows(encoding: .plain, averageSize: 8) { LittleEndian.packed(bits[$0]) }
    }

    private func appendWide(_ rows: [Int128], to pages: inout PageAssembly) throws(ParquetError) {
        guard form.physicalType == .fixedByteArray else {
            // Values of a wide kind under a narrow type.
            var narrow: [Int64] = []
            for value in rows {
                guard let row = Int64(exactly: value) else { throw tooLarge(value) }
                narrow.append(row)
            }
            return try appendIntegers(narrow, to: &pages)
        }
        guard let bounds = ColumnChunkEncoder.bounds(rows) else { return pages.appendNulls() }
        if let limit = form.decimalLimit {
            if bounds.high > limit { throw tooLarge(bounds.high) }
            if bounds.low < -limit { throw tooLarge(bounds.low) }
        }
        let width = form.typeLength
        func bytes(_ value: Int128) -> [UInt8] { LittleEndian.bytes(value).prefix(width).reversed() }
        pages.setBounds(bytes(bounds.low), bytes(bounds.high))
        pages.appendRows(encoding: .plain, averageSize: width) { range in
            var output: [UInt8] = []
            output.reserveCapacity(range.count * width)
            for row in range {
                for place in (0..<width).reversed() { output.append(UInt8(truncatingIfNeeded: rows[row] >> Int128(place * 8))) }
            }
            return output
        }
    }

    private static func bounds<Number: FixedWidthInteger & BitwiseCopyable>(_ rows: [Number]) -> (low: Number, high: Number)? {
        guard var low = rows.first else { return nil }
        var high = low
        for value in rows {
            low = min(low, value)
            high = max(high, value)
        }
        return (low, high)
    }
}
