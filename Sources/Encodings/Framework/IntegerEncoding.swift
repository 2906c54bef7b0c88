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
}

extension IntegerEncoding {
    package static var appliesScaling: Bool { false }
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

    var forPart: DecodingContext { DecodingContext(references: NoReferences(), depth: depth + 1) }

    /// For a part with all values that occur: this node's scaling is theirs.
    var forValues: DecodingContext {
        DecodingContext(references: NoReferences(), depth: depth + 1, scaling: scaling)
    }

    var withoutScaling: DecodingContext { DecodingContext(references: references, depth: depth) }
}

/// What a column's lanes stand for, so that only alike columns are compared.
package enum ValueKind: Hashable, Sendable {
    /// An exact number with so many digits after the point.
    case number(scale: Int)
    case day
    case time
    /// A code of a dictionary.
    case code
    case identifier
    case other
}

/// Values to encode, with what is known about them.
package struct EncodingInput {
    package let values: [Int64]
    package let statistics: BlockStatistics
    package let depth: Int
    /// Columns the values may be predicted from; empty for parts of blocks.
    package let references: [Reference]
    /// The number of each row in its run, from 0; nil if there are no runs or the block is stored once a run.
    package let rowsInRun: [Int64]?

    /// Another column of the segment, already known to the decoder when this block is read.
    package struct Reference {
        package let column: Int
        /// One value for each of the block's values.
        package let values: [Int64]
        package let kind: ValueKind

        package init(column: Int, values: [Int64], kind: ValueKind) {
            self.column = column
            self.values = values
            self.kind = kind
        }
    }

    package let kind: ValueKind

    package init(
        values: [Int64], depth: Int = 0, kind: ValueKind = .other, references: [Reference] = [],
        rowsInRun: [Int64]? = nil
    ) {
        self.values = values
        self.statistics = BlockStatistics(values)
        self.depth = depth
        self.kind = kind
        self.references = references
        self.rowsInRun = rowsInRun
    }
}

/// An encoding's offer: how large, how slow to read, and how to write it.
package struct EncodingCandidate {
    /// Estimated bytes.
    package var size: Int
    /// Time to read a value, in hundredths of a nanosecond beyond plain bit-unpacking.
    package var decodeWeight: Int
    /// Whether the encodings behind this one in the catalog were tried already, on what this one makes of the values.
    package var endsSearch: Bool
    /// Writes the node after its identifier.
    package var write: (inout ByteWriter) -> Void

    package init(size: Int, decodeWeight: Int, endsSearch: Bool = false, write: @escaping (inout ByteWriter) -> Void) {
        self.size = size
        self.decodeWeight = decodeWeight
        self.endsSearch = endsSearch
        self.write = write
    }
}

extension EncodingInput {
    /// Numbers derived from each of these values: codes and runs still tell something about them, other numbers do not.
    package func derived(_ values: [Int64]) -> EncodingInput {
        EncodingInput(
            values: values, depth: depth + 1, kind: .other, references: references.filter { $0.kind == .code },
            rowsInRun: rowsInRun)
    }
}
