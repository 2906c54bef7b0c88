import Columns

/// The build side of a hash join: its rows by key.
struct JoinTable: Sendable {
    let layout: KeyLayout
    let table: GroupTable
    /// Rows of key `g` are `rows[starts[g]..<starts[g + 1]]`, ascending.
    let starts: [UInt32]
    let rows: [Int32]
    /// Whether no key has two rows.
    let isUnique: Bool
    /// Where no key has two rows: the row of each key, -1 for a key without one and, in the last place, for no key.
    let uniqueRows: [Int32]

    /// - Parameters:
    ///   - keys: Key columns of the build side, flat.
    ///   - probe: Key columns of the first probe batch.
    ///   - isNullSafe: For each key, whether NULL equals NULL; elsewhere rows with a NULL key are left out.
    init(keys: [Vector], probe: [Vector], isNullSafe: [Bool], rowCount: Int) throws(ExecutionError) {
        var codecs: [KeyCodec] = []
        for index in keys.indices { codecs.append(try .joining(build: keys[index], probe: probe[index])) }
        layout = KeyLayout(codecs)
        let words = layout.encode(keys, rowCount: rowCount, adding: true).words
        let nulls = JoinTable.nullMask(keys, isNullSafe)
        var table =
            (layout.stride == 1 && nulls == nil ? GroupTable(closeKeys: words, keepsPositions: false) : nil)
            ?? GroupTable(stride: layout.stride, denseBitCount: layout.denseBitCount, keepsPositions: false)
        let groups = table.assign(words, count: rowCount, firstPosition: 0)
        table.prepareForFinding()
        self.table = table
        var starts = [UInt32](repeating: 0, count: table.count + 1)
        for row in 0..<rowCount where nulls == nil || nulls?[row] == 0 { starts[Int(groups[row]) &+ 1] &+= 1 }
        var isUnique = true
        for group in 0..<table.count {
            if starts[group &+ 1] > 1 { isUnique = false }
            starts[group &+ 1] &+= starts[group]
        }
        var next = starts
        var rows = [Int32](repeating: 0, count: Int(starts[table.count]))
        for row in 0..<rowCount where nulls == nil || nulls?[row] == 0 {
            let group = Int(groups[row])
            rows[Int(next[group])] = Int32(truncatingIfNeeded: row)
            next[group] &+= 1
        }
        self.starts = starts
        self.rows = rows
        self.isUnique = isUnique
        var uniqueRows: [Int32] = []
        if isUnique {
            uniqueRows = [Int32](repeating: -1, count: table.count + 1)
            for group in 0..<table.count where starts[group] < starts[group &+ 1] { uniqueRows[group] = rows[Int(starts[group])] }
        }
        self.uniqueRows = uniqueRows
    }

    /// The row of each key group, -1 where there is none.
    ///
    /// - Precondition: `isUnique`.
    func uniqueRows(of groups: [UInt32]) -> [Int32] {
        let source = uniqueRows.span
        let items = groups.span
        let last = UInt32(truncatingIfNeeded: source.count &- 1)
        return unsafe [Int32](unsafeUninitializedCapacity: items.count) { rows, filledCount in
            // Every place is written; `none` is larger than any key and reads the last place.
            for item in 0..<items.count {
                unsafe rows[item] = source[Int(truncatingIfNeeded: min(items[item], last))]
            }
            filledCount = items.count
        }
    }

    /// 1 for each row with a NULL in a key that is not null-safe; nil if there is none.
    static func nullMask(_ keys: [Vector], _ isNullSafe: [Bool]) -> [UInt8]? {
        var validity = Validity.allPresent
        for (index, key) in keys.enumerated() where !isNullSafe[index] { validity = validity.intersection(key.validity) }
        guard case .mask(let mask) = validity else { return nil }
        return mask.map { 1 &- $0 }
    }

    /// The key group of each row of flat probe columns, `GroupTable.none` where nothing can match.
    func find(_ keys: [Vector], isNullSafe: [Bool], rowCount: Int) -> [UInt32] {
        if let codes = layout.narrowKeys(keys), let groups = table.find(codes) { return groups }
        let (words, misfits) = layout.encode(keys, rowCount: rowCount, adding: false)
        var groups = table.find(words, count: rowCount)
        if let misfits { for row in 0..<rowCount where misfits[row] != 0 { groups[row] = GroupTable.none } }
        if let nulls = JoinTable.nullMask(keys, isNullSafe) {
            for row in 0..<rowCount where nulls[row] != 0 { groups[row] = GroupTable.none }
        }
        return groups
    }

    /// 1 for each row of flat probe columns whose key is there.
    func matches(_ keys: [Vector], isNullSafe: [Bool], rowCount: Int) -> [UInt8] {
        let groups = find(keys, isNullSafe: isNullSafe, rowCount: rowCount)
        var flags = [UInt8](repeating: 0, count: groups.count)
        for item in 0..<flags.count { flags[item] = groups[item] == GroupTable.none ? 0 : 1 }
        return flags
    }

    func matchCount(_ group: UInt32) -> Int {
        group == GroupTable.none ? 0 : Int(starts[Int(group) &+ 1] &- starts[Int(group)])
    }
}
