import Columns

extension Batch {
    /// One row of the constant columns among `columns`.
    func takingConstants(_ columns: [Int]) -> Batch {
        var part = self
        part.rowCount = 1
        for index in columns {
            let column = self.columns[index]
            part.columns[index] = .constant(column.scalar(at: 0), type: column.type, count: 1)
        }
        return part
    }

    /// One row a run: the children of the run columns among `columns`; constants stay.
    func takingRunChildren(_ columns: [Int], _ map: RunMap) -> Batch {
        var part = self
        part.rowCount = map.runCount
        for index in columns {
            switch self.columns[index].values {
            case .runs(let child, _): part.columns[index] = child
            case .constant(let value):
                part.columns[index] = .constant(value, type: self.columns[index].type, count: map.runCount)
            default: preconditionFailure("a column that is neither runs nor constant")
            }
        }
        return part
    }

    /// The rows of an ascending selection, for `columns` only: the others must not be read.
    func selecting(_ rows: [Int32], columns: [Int]) -> Batch {
        if rows.count == rowCount { return self }
        var part = self
        part.rowCount = rows.count
        var maps: [(old: RunMap, new: RunMap)] = []
        for index in columns {
            let column = self.columns[index]
            guard case .runs(let child, let map) = column.values else {
                part.columns[index] = column.gathered(rows)
                continue
            }
            if let known = maps.first(where: { $0.old === map }) {
                part.columns[index] = .runs(child, map: known.new)
                continue
            }
            let newMap = map.selecting(rows)
            maps.append((map, newMap))
            part.columns[index] = .runs(child, map: newMap)
        }
        return part
    }
}

extension TextDictionary {
    /// The entries as rows, in order of their codes, and a NULL row last.
    func entriesAndNull() -> Vector {
        var strings = entries
        strings.offsets.append(UInt32(strings.bytes.count))
        var present = [UInt8](repeating: 1, count: strings.count)
        present[strings.count - 1] = 0
        return Vector(type: .text, count: strings.count, values: .string(strings), validity: .mask(present))
    }
}
