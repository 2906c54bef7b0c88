package import Columns
import Diagnostics
import Encodings

extension SegmentSnapshot {
    /// For each run a `RunSign` of a line column's values; nil if nothing is known.
    package func runSigns(_ column: Int) throws(StorageError) -> [UInt8]? {
        let file = try SegmentFile(self)
        let directory = try directory(file)
        guard let measure = directory.measures.first(where: { $0.column == column }) else { return nil }
        guard let block = measure.signBlock else {
            return [UInt8](repeating: RunSign.positive.rawValue, count: directory.runCount)
        }
        let lanes = try lanes(file, directory, block, measure, count: directory.runCount)
        guard lanes.allSatisfy({ (0...Int64(RunSign.other.rawValue)).contains($0) }) else {
            throw damaged("a sign that is none", block: block, column: directory.columns[column].name)
        }
        return lanes.map { UInt8(truncatingIfNeeded: $0) }
    }

    /// For each run the sum of a line column's present values, NULL where no line has one; nil if sums are not stored.
    /// The vector's type is the column's, though a sum may have more digits.
    package func runSums(_ column: Int) throws(StorageError) -> Vector? {
        let file = try SegmentFile(self)
        let directory = try directory(file)
        guard let measure = directory.measures.first(where: { $0.column == column }), let block = measure.sumBlock else {
            return nil
        }
        let entry = directory.columns[column]
        var reader = try readBlock(file, directory, block, column: entry.name)
        let runCount = directory.runCount
        do throws(EncodingError) {
            let context = DecodingContext(references: NoReferences())
            guard measure.absentRunCount > 0 else {
                let sums = try EncodingChooser.decode(&reader, count: runCount, context: context)
                return Vector(type: entry.type, count: runCount, values: .int64(sums))
            }
            let presence = Presence(mask: try FlagKernels.decode(&reader, count: runCount, context: context))
            guard runCount - presence.presentCount == measure.absentRunCount else {
                throw EncodingError("\(runCount - presence.presentCount) runs without a value, \(measure.absentRunCount) expected")
            }
            let sums = try EncodingChooser.decode(&reader, count: presence.presentCount, context: context)
            return Vector(
                type: entry.type, count: runCount, values: .int64(presence.expanded(sums)), validity: .mask(presence.mask))
        } catch {
            throw damaged("sums: " + error.message, block: block, column: entry.name)
        }
    }

    private func lanes(
        _ file: SegmentFile, _ directory: SegmentDirectory, _ block: Int, _ measure: SegmentMeasure, count: Int
    ) throws(StorageError) -> [Int64] {
        let name = directory.columns[measure.column].name
        var reader = try readBlock(file, directory, block, column: name)
        do throws(EncodingError) {
            return try EncodingChooser.decode(
                &reader, count: count, context: DecodingContext(references: NoReferences()))
        } catch {
            throw damaged("signs: " + error.message, block: block, column: name)
        }
    }
}

extension TableSnapshot {
    /// Holds the measures of a segment against its lines; throws if they differ.
    func verifyMeasures(_ index: Int) throws(StorageError) {
        let segment = segments[index]
        let directory = try segment.directory()
        guard !directory.measures.isEmpty, let map = try segment.runMap() else { return }
        let file = try SegmentFile(segment)
        let decoder = ColumnDecoder(segment: segment, file: file, directory: directory, runMap: map)
        for measure in directory.measures {
            let column = try decoder.column(measure.column)
            guard !directory.columns[measure.column].isGrouped, column.storage == .int64 else {
                throw segment.damaged("a measure of a column that cannot have one", column: directory.columns[measure.column].name)
            }
            let expected = RunMeasures(column.lanes, mask: column.mask, starts: map.starts, withSums: measure.sumBlock != nil)
            let name = directory.columns[measure.column].name
            guard try segment.runSigns(measure.column) == expected.signs else {
                throw segment.damaged("signs of runs that are not those of their lines", block: measure.signBlock, column: name)
            }
            guard measure.sumBlock != nil, let sums = try segment.runSums(measure.column) else { continue }
            guard case .int64(let found) = sums.values, found == expected.sums, sums.validity == (expected.mask.map { Validity.mask($0) } ?? .allPresent)
            else {
                throw segment.damaged("sums of runs that are not those of their lines", block: measure.sumBlock, column: name)
            }
        }
    }
}
