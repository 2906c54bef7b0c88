/// A way to write the values of a block. All values are 64-bit lanes: what they mean is the column's affair.
///
/// One leaf folder for each; the list is `EncodingCatalog`, and nothing else names them.
package protocol IntegerEncoding: Sendable {
    /// The first byte of a node; never reused for something else.
    static var identifier: UInt8 { get }
    static var name: String { get }
    /// The best this encoding can do, nil if it does not apply or cannot win.
    static func candidate(for input: EncodingInput) -> EncodingCandidate?
    /// Whether `decode` applies the context's scaling itself, for less than a pass over all values.
    static var appliesScaling: Bool { get }
    /// Reads what `candidate(for:)` wrote after the identifier.
    static func decode(_ reader: inout BlockReader, count: Int, context: DecodingContext) throws(EncodingError)
        -> [Int64]
    /// As `decode`, the values of some rows alone; the whole node is read or stepped over.
    static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64]
    /// As `decode`, in 32 bits and without scaling; nil, with the reader anywhere, if the node has no such form or a value is
    /// no code.
    static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]?
    /// The values of the rows that are present, 0 for the others, which are few; nil, with the reader anywhere, if the node has no
    /// such form.
    ///
    /// - Parameters:
    ///   - rowCount: Present rows and others.
    ///   - absentRows: Ascending.
    static func decodeSpread(
        _ reader: inout BlockReader, rowCount: Int, without absentRows: [Int32], context: DecodingContext
    ) throws(EncodingError) -> [Int64]?
}

extension IntegerEncoding {
    package static var appliesScaling: Bool { false }

    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? { nil }

    package static func decodeSpread(
        _ reader: inout BlockReader, rowCount: Int, without absentRows: [Int32], context: DecodingContext
    ) throws(EncodingError) -> [Int64]? { nil }

    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let values = try decode(&reader, count: count, context: context)
        guard values.count == count else {
            throw EncodingError("encoding \(name) gave \(values.count) values, \(count) expected")
        }
        return rows.picked(values)
    }
}

/// What decoding a node needs besides its bytes.
package struct DecodingContext {
    package let references: any ReferenceSource
    /// Nodes around this one.
    package let depth: Int
    /// For encodings that apply it; for others always `.none`.
    package let scaling: Scaling

    package init(references: any ReferenceSource, depth: Int = 0, scaling: Scaling = .none) {
        self.references = references
        self.depth = depth
        self.scaling = scaling
    }

    /// For a part with a value for each of this node's values, which may refer to other columns as this node may.
    func forRows(_ scaling: Scaling) -> DecodingContext {
        DecodingContext(references: references, depth: depth + 1, scaling: self.scaling.of(scaling))
    }

    /// For numbers that are added to a node's values: they grow as these do, from 0.
    var forAddends: DecodingContext {
        DecodingContext(references: references, depth: depth + 1, scaling: Scaling(base: 0, factor: scaling.factor))
    }

    /// For flags of this node's rows, which may refer to other columns as this node may.
    var forFlags: DecodingContext { DecodingContext(references: references, depth: depth + 1) }

    var forPart: DecodingContext { DecodingContext(references: NoReferences(), depth: depth + 1) }

    /// For a part with all values that occur: this node's scaling is theirs.
    var forValues: DecodingContext {
        DecodingContext(references: NoReferences(), depth: depth + 1, scaling: scaling)
    }

    /// For a part with differences of this node's values: they are multiplied as these are.
    var forDifferences: DecodingContext {
        DecodingContext(
            references: NoReferences(), depth: depth + 1, scaling: Scaling(base: 0, factor: scaling.factor))
    }

    /// For a part with a value for each 1 among the flags, whose references are taken at these rows.
    func forFlagged(_ flags: FlagBits) -> DecodingContext {
        DecodingContext(
            references: FlaggedReferences(base: references, flags: flags), depth: depth + 1, scaling: scaling)
    }

    var withoutScaling: DecodingContext { DecodingContext(references: references, depth: depth) }
}

/// What a column's lanes stand for, so that only alike columns are compared.
package enum ValueKind: Hashable, Sendable {
    /// An exact number with so many digits after the point.
    case number(scale: Int)
    case day
    case time
    /// A time less its smallest, in seconds.
    case second
    /// A code of a dictionary.
    case code
    case identifier
    case other
}

/// Values to encode, with what is known about them. What takes a pass over the values is worked out when it is asked for.
package final class EncodingInput {
    package let values: [Int64]
    package let depth: Int
    package let kind: ValueKind
    /// Columns the values may be predicted from; empty for parts of blocks.
    package let references: [Reference]
    /// How to encode the values, if blocks like this one have been encoded before.
    package let plan: EncodingPlan?
    private let makeRowsInRun: () -> [Int64]?
    package let statistics: BlockStatistics
    /// The number of each row in its run, from 0; nil if there are no runs or the block is stored once a run.
    package private(set) lazy var rowsInRun: [Int64]? = makeRowsInRun()

    /// Another column of the segment, already known to the decoder when this block is read.
    package final class Reference {
        package let column: Int
        package let kind: ValueKind
        private let make: () -> [Int64]
        /// One value for each of the block's values.
        package private(set) lazy var values: [Int64] = make()

        package init(column: Int, kind: ValueKind, values: @escaping () -> [Int64]) {
            self.column = column
            self.kind = kind
            make = values
        }

        package convenience init(column: Int, values: [Int64], kind: ValueKind) {
            self.init(column: column, kind: kind) { values }
        }
    }

    /// - Parameter statistics: Of these values, if somebody has asked for parts of them already.
    package init(
        values: [Int64], depth: Int = 0, kind: ValueKind = .other, references: [Reference] = [],
        plan: EncodingPlan? = nil, statistics: BlockStatistics? = nil,
        rowsInRun: @escaping @autoclosure () -> [Int64]? = nil
    ) {
        self.values = values
        self.statistics = statistics ?? BlockStatistics(values)
        self.depth = depth
        self.kind = kind
        self.references = references
        self.plan = plan
        makeRowsInRun = rowsInRun
    }

    /// Whether the encoding is settled, so that nothing need be estimated.
    package var isPlanned: Bool { plan != nil }
}

/// An encoding's offer: how large, how slow to read, and how to write it.
package struct EncodingCandidate {
    /// Estimated bytes; worked out only if the offer is compared with others.
    package let size: () -> Int
    /// Time to read a value, in hundredths of a nanosecond beyond plain bit-unpacking.
    package let decodeWeight: Int
    /// Columns the node refers to.
    package let references: [Int]
    /// Whether the encodings behind this one in the catalog were tried already, on what this one makes of the values.
    package let endsSearch: Bool
    /// Writes the node after its identifier.
    package let write: (inout ByteWriter) -> Void

    package init(
        size: @autoclosure @escaping () -> Int, decodeWeight: Int, references: [Int] = [], endsSearch: Bool = false,
        write: @escaping (inout ByteWriter) -> Void
    ) {
        self.size = size
        self.decodeWeight = decodeWeight
        self.references = references
        self.endsSearch = endsSearch
        self.write = write
    }
}

extension EncodingInput {
    /// Numbers derived from each of these values: codes and runs still tell something about them, other numbers do not.
    func part(
        _ values: [Int64], kind: ValueKind = .other, plan: EncodingPlan?, statistics: BlockStatistics? = nil
    ) -> EncodingInput {
        EncodingInput(
            values: values, depth: depth + 1, kind: kind, references: references.filter { $0.kind == .code }, plan: plan,
            statistics: statistics, rowsInRun: self.rowsInRun)
    }

    /// The values at some of the rows, with what codes say of these rows.
    func subset(_ values: [Int64], flags: [Int64], plan: EncodingPlan?) -> EncodingInput {
        let codes = references.filter { $0.kind == .code }.map { reference in
            Reference(column: reference.column, kind: .code) { LaneKernels.picked(reference.values, flags) }
        }
        return EncodingInput(values: values, depth: depth + 1, kind: kind, references: codes, plan: plan)
    }

    /// The values of some rows, with what other columns say of these rows.
    ///
    /// - Parameter flags: 1 for each row that is taken.
    func rows(flags: [Int64], plan: EncodingPlan?) -> EncodingInput {
        let others = references.map { reference in
            Reference(column: reference.column, kind: reference.kind) { LaneKernels.picked(reference.values, flags) }
        }
        return EncodingInput(
            values: LaneKernels.picked(values, flags), depth: depth + 1, kind: kind, references: others, plan: plan)
    }

    /// The values with only the references that a plan names, in its order.
    func restricted(to columns: [Int]) -> EncodingInput {
        let named = columns.compactMap { column in references.first { $0.column == column } }
        return EncodingInput(
            values: values, depth: depth, kind: kind, references: columns.isEmpty ? references : named, plan: plan,
            statistics: statistics, rowsInRun: self.rowsInRun)
    }

    func withoutPlan() -> EncodingInput {
        EncodingInput(
            values: values, depth: depth, kind: kind, references: references, statistics: statistics,
            rowsInRun: self.rowsInRun)
    }
}
