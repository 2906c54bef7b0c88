import CKernels
import Columns
import Execution

/// The fields of one column as CSV has them, for a piece of its rows at a time: to be loaded, or to be read by others in a style of
/// theirs.
@safe
final class FieldTexts {
    /// Most rows of a piece: the texts of a piece of all columns should stay in the processor's cache.
    static let pieceRowCount = 1024
    /// Bytes behind the texts that are readable.
    private static let padding = 32

    private let vector: Vector
    /// Where the text of a NULL is: at the beginning of all.
    private let nullPlace: UInt64
    private let nullText: [UInt8]
    private var text: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let places: UnsafeMutablePointer<UInt64>
    /// Of a dictionary's entries, whose texts are written once.
    private var entryPlaces: [UInt64] = []
    /// How others want texts marked; nil where they are to be loaded.
    private let style: DelimitedStyle?
    /// The texts of a dictionary's entries in that style.
    private let entries: EntryTexts?

    /// - Parameter nullText: What stands for NULL.
    convenience init(_ vector: Vector, nullText: [UInt8]) {
        self.init(vector, nullText: nullText, style: nil, entries: nil)
        guard case .dictionary(_, let dictionary) = self.vector.values else { return }
        let entries = dictionary.entries
        makeRoom(2 * entries.bytes.count + 2 * entries.count)
        // Each entry takes at most twice its bytes and two: there is room for all of them.
        unsafe entryPlaces = [UInt64](unsafeUninitializedCapacity: entries.count) { places, count in
            count = entries.count
            guard count > 0 else { return }
            unsafe _ = ck_field_texts(
                entries.bytes, entries.offsets, nil, count, nullPlace, text, nullText.count, places.baseAddress!)
        }
    }

    /// Fields in a style of others.
    ///
    /// - Parameter entries: The texts of the column's dictionary, if it has one.
    convenience init(_ vector: Vector, style: DelimitedStyle, entries: EntryTexts?) {
        self.init(vector, nullText: Array(style.nullText.utf8), style: style, entries: entries)
    }

    private init(_ vector: Vector, nullText: [UInt8], style: DelimitedStyle?, entries: EntryTexts?) {
        self.vector = vector.flattened()
        self.nullText = nullText
        self.style = style
        self.entries = entries
        nullPlace = UInt64(nullText.count) << 32
        capacity = FieldTexts.padding + nullText.count
        unsafe text = .allocate(capacity: capacity)
        unsafe text.initialize(repeating: 0, count: capacity)
        unsafe places = .allocate(capacity: FieldTexts.pieceRowCount)
        unsafe places.initialize(repeating: nullPlace, count: FieldTexts.pieceRowCount)
        for (place, byte) in nullText.enumerated() { unsafe text[place] = byte }
    }

    deinit {
        unsafe text.deallocate()
        unsafe places.deallocate()
    }

    /// What `write(_:)` made, for `ck_join_rows`; valid until the next piece is written or the object goes.
    var field: ck_row_field { unsafe ck_row_field(text: entries?.text ?? UnsafePointer(text), places: places) }

    /// Makes the texts of some rows, the first of which becomes row 0 of `field`.
    func write(_ rows: Range<Int>) {
        precondition(rows.count <= FieldTexts.pieceRowCount && rows.lowerBound >= 0 && rows.upperBound <= vector.count)
        guard !rows.isEmpty else { return }
        let mask: [UInt8]? = if case .mask(let mask) = vector.validity { mask } else { nil }
        // The rows lie in the vector's values and in its mask; every kernel has room for what it may write.
        unsafe mask.withRows(rows) { mask in
            switch vector.values {
            case .dictionary where style != nil && entries == nil: writeSlowly(rows)
            case .dictionary(let codes, _):
                let entryPlaces = entries?.places ?? entryPlaces
                // The code of a NULL is anything, also where there is no entry at all.
                for row in rows { precondition(Int(codes[row]) < entryPlaces.count || !vector.validity.isPresent(row)) }
                unsafe codes.withUnsafeBufferPointer {
                    unsafe ck_entry_places($0.baseAddress! + rows.lowerBound, mask, rows.count, nullPlace, entryPlaces, places)
                }
            case .string where style != nil: writeSlowly(rows)
            case .identifier(let codes, let domain) where style != nil: write(rows, identifiers: codes, domain)
            case .string(let strings):
                let size = strings.range(rows.upperBound - 1).upperBound - strings.range(rows.lowerBound).lowerBound
                makeRoom(2 * size + 2 * rows.count)
                unsafe strings.offsets.withUnsafeBufferPointer {
                    unsafe _ = ck_field_texts(
                        strings.bytes, $0.baseAddress! + rows.lowerBound, mask, rows.count, nullPlace, text, nullText.count,
                        places)
                }
            case .int64(let values):
                makeRoom(rows.count * Int(CK_NUMBER_TEXT_SIZE))
                let isWritten = unsafe values.withUnsafeBufferPointer {
                    unsafe write($0.baseAddress! + rows.lowerBound, mask, rows.count)
                }
                if !isWritten { writeSlowly(rows) }
            case .int32(let days):
                makeRoom(rows.count * Int(CK_NUMBER_TEXT_SIZE))
                let end = unsafe days.withUnsafeBufferPointer {
                    unsafe ck_date_texts($0.baseAddress! + rows.lowerBound, mask, rows.count, nullPlace, text, nullText.count, places)
                }
                if end < 0 { writeSlowly(rows) }
            default: writeSlowly(rows)
            }
        }
    }

    /// Numbers and times of 64 bits; false for those that the kernels have no text of: years outside of 1 to 9999.
    private func write(_ values: UnsafePointer<Int64>, _ mask: UnsafePointer<UInt8>?, _ count: Int) -> Bool {
        // `write(_:)` gives values and mask of `count` rows, and has made room.
        switch vector.type {
        case .timestamp:
            return unsafe ck_time_texts(values, mask, count, nullPlace, text, nullText.count, places) >= 0
        case .numeric(_, let scale):
            guard scale <= 18 else { return false }
            unsafe _ = ck_decimal_texts(values, mask, count, UInt32(scale), nullPlace, text, nullText.count, places)
        default:
            unsafe _ = ck_decimal_texts(values, mask, count, 0, nullPlace, text, nullText.count, places)
        }
        return true
    }

    /// Value by value, for the types that come rarely and for texts in a style of others.
    private func writeSlowly(_ rows: Range<Int>) {
        let needsMarks = style != nil && !ResultText.needsNoQuotes(vector.type)
        var plain: [UInt8] = []
        writeEach(rows) { row, bytes in
            guard needsMarks, let style else { return ValueText.append(vector, row: row, to: &bytes) }
            plain.removeAll(keepingCapacity: true)
            ValueText.append(vector, row: row, to: &plain)
            vector.type == .text ? style.append(text: plain[...], to: &bytes) : style.append(plain[...], to: &bytes)
        }
    }

    /// Identifiers, the same ones as in the row before once.
    private func write(_ rows: Range<Int>, identifiers codes: [UInt64], _ domain: IdentifierDomain) {
        guard let style else { return }
        // Digits need no marks, but where they might be read as a number; what is before them may.
        let isPlain = domain.formats.map { format in
            if style.isForExcel { return false }
            var marked: [UInt8] = []
            let text = format.prefix + [0x30]
            style.append(text[...], to: &marked)
            return marked == text
        }
        var plain: [UInt8] = []
        writeEach(rows, isSame: { codes[$0] == codes[$0 - 1] }) { row, bytes in
            let format = Int(codes[row] >> 60)
            if format < isPlain.count, isPlain[format] { return domain.appendBytes(of: codes[row], to: &bytes) }
            plain.removeAll(keepingCapacity: true)
            domain.appendBytes(of: codes[row], to: &plain)
            style.append(text: plain[...], to: &bytes)
        }
    }

    /// - Parameters:
    ///   - isSame: Whether a row has the value of the row before it.
    ///   - append: Gives the text of a row that is not NULL.
    private func writeEach(_ rows: Range<Int>, isSame: (Int) -> Bool = { _ in false }, append: (Int, inout [UInt8]) -> Void) {
        var bytes = nullText
        var known: UInt64?
        for (place, row) in rows.enumerated() {
            guard vector.validity.isPresent(row) else {
                unsafe places[place] = nullPlace
                known = nil
                continue
            }
            if let known, isSame(row) {
                unsafe places[place] = known
                continue
            }
            let start = bytes.count
            append(row, &bytes)
            let own = UInt64(start) | UInt64(bytes.count - start) << 32
            unsafe places[place] = own
            known = own
        }
        makeRoom(bytes.count)
        // There is room for all of the bytes.
        unsafe bytes.withUnsafeBufferPointer { unsafe text.update(from: $0.baseAddress!, count: $0.count) }
    }

    /// Room for some bytes behind the text of a NULL; what is behind that is lost.
    private func makeRoom(_ size: Int) {
        let wanted = nullText.count + size + FieldTexts.padding
        guard wanted > capacity else { return }
        precondition(wanted <= Int(UInt32.max), "The texts of a piece take less than 4 GiB.")
        unsafe text.deallocate()
        capacity = max(wanted, capacity * 2)
        unsafe text = .allocate(capacity: capacity)
        unsafe text.initialize(repeating: 0, count: capacity)
        for (place, byte) in nullText.enumerated() { unsafe text[place] = byte }
    }
}

extension [UInt8]? {
    /// The bytes of some rows of a mask; nil where there is none.
    fileprivate func withRows(_ rows: Range<Int>, _ body: (UnsafePointer<UInt8>?) -> Void) {
        guard let mask = self else { return body(nil) }
        precondition(rows.upperBound <= mask.count)
        unsafe mask.withUnsafeBufferPointer { unsafe body($0.baseAddress! + rows.lowerBound) }
    }
}
