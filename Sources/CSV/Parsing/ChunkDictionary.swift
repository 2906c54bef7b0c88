import CKernels
import Columns

/// A string to be looked up, and the head it is of.
struct PendingLookup {
    var hash: UInt64
    var start: UInt32
    var length: UInt32
    var head: UInt32
}

/// Fields of a block that are looked up together.
struct FieldLookups {
    /// Where each lies: its start and, in the upper half, its end.
    fileprivate(set) var fields: [UInt64] = []
    fileprivate(set) var hashes: [UInt64] = []
    /// What they were found to be; `UInt32.max` for those that are not there yet.
    fileprivate(set) var codes: [UInt32] = []

    func start(_ index: Int) -> Int { Int(truncatingIfNeeded: fields[index] & 0xFFFF_FFFF) }
    func end(_ index: Int) -> Int { Int(truncatingIfNeeded: fields[index] &>> 32) }

    /// Hashes some neighbouring columns of a block as one text.
    ///
    /// - Parameter rows: Those to read, nil for all.
    mutating func hash(_ grid: FieldGrid, _ columns: ClosedRange<Int>, rows: Span<UInt32>?) {
        let count = rows?.count ?? grid.rowCount
        if fields.count < count {
            fields = [UInt64](repeating: 0, count: count * 2)
            hashes = fields
            codes = [UInt32](repeating: 0, count: count * 2)
        }
        grid.hash(columns, rows: rows, into: &fields, &hashes)
    }
}

/// The distinct strings of one column, with codes in order of first appearance. It may serve chunk after chunk.
struct ChunkDictionary {
    private(set) var entries = StringColumn()
    /// Of each entry.
    private var hashes: [UInt64] = []
    /// As the kernels have them: high half of the hash, then code + 1; 0 = free. At most a quarter full, so that nearly every
    /// string lies in the slot that is looked at first.
    private var slots: [UInt64]

    init() { slots = [UInt64](repeating: 0, count: 1024) }

    private init(slots: [UInt64]) { self.slots = slots }

    /// In the place of a dictionary that is elsewhere for a while; not to be used.
    static var withoutMemory: ChunkDictionary { ChunkDictionary(slots: []) }

    var count: Int { entries.count }

    static func hash(_ source: ChunkBytes, _ start: Int, _ length: Int) -> UInt64 {
        // start..<start + length lies in the chunk or the scratch memory.
        unsafe ck_hash_field(ck_level(), source.pointer + start, length)
    }

    /// The code of a string, or nil if it is not there yet.
    func find(hash: UInt64, _ source: ChunkBytes, _ start: Int, _ length: Int) -> UInt32? {
        var field = UInt64(truncatingIfNeeded: start &+ length) &<< 32 | UInt64(truncatingIfNeeded: start)
        var (hash, code) = (hash, UInt32.max)
        // One field, and a code for it; the slots are the entries'.
        unsafe ck_find_fields(
            ck_level(), source.pointer, &field, &hash, 1, slots, slots.count - 1, entries.bytes, entries.offsets, &code)
        return code == .max ? nil : code
    }

    /// Looks up the first `count` of fields that were hashed.
    func find(_ lookups: inout FieldLookups, count: Int, _ source: ChunkBytes) {
        precondition(count <= lookups.codes.count)
        // As many fields, hashes and codes as there are codes; the slots are the entries'.
        unsafe ck_find_fields(
            ck_level(), source.pointer, lookups.fields, lookups.hashes, count, slots, slots.count - 1, entries.bytes,
            entries.offsets, &lookups.codes)
    }

    /// Brings the slots that some lookups will touch into the cache, all at once instead of one by one.
    func prefetch(_ lookups: Span<PendingLookup>) {
        // A small table is in the cache anyway.
        guard slots.count > 2048 else { return }
        let mask = slots.count - 1
        unsafe slots.withUnsafeBufferPointer { table in
            // The mask keeps every slot number below the table's size.
            for index in 0..<lookups.count {
                unsafe ck_prefetch(table.baseAddress! + (Int(truncatingIfNeeded: lookups[index].hash &>> 32) & mask))
            }
        }
    }

    /// Adds a string that is not there yet.
    mutating func insert(hash: UInt64, _ source: ChunkBytes, _ start: Int, _ length: Int) -> UInt32 {
        let code = count
        hashes.append(hash)
        source.append(start..<(start + length), to: &entries)
        if count * 4 > slots.count {
            slots = [UInt64](repeating: 0, count: slots.count * 2)
            place(0..<count)
        } else {
            place(code..<count)
        }
        return UInt32(truncatingIfNeeded: code)
    }

    /// The entries, taken out; the dictionary is then empty.
    mutating func takeEntries() -> StringColumn {
        let taken = entries
        self = ChunkDictionary()
        return taken
    }

    private mutating func place(_ codes: Range<Int>) {
        // Three quarters of the slots are free.
        unsafe hashes.withUnsafeBufferPointer { hashes in
            unsafe ck_place_strings(
                hashes.baseAddress! + codes.lowerBound, codes.lowerBound, codes.count, &slots, slots.count - 1)
        }
    }
}
