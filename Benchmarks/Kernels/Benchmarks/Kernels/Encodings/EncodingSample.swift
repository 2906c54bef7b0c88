import Encodings

/// Values made for one encoding, with the columns they may be predicted from.
struct EncodingSample {
    /// The encoding meant.
    let name: String
    let values: [Int64]
    var kind = ValueKind.other
    var references: [(kind: ValueKind, values: [Int64])] = []
    var rowsInRun: [Int64]?

    /// As the encoder sees them, anew for each block: what is known about values is found out once.
    func input(plan: EncodingPlan? = nil) -> EncodingInput {
        EncodingInput(
            values: values, kind: kind,
            references: references.indices.map { column in
                EncodingInput.Reference(
                    column: column, values: references[column].values, kind: references[column].kind)
            }, plan: plan, rowsInRun: self.rowsInRun)
    }
}

extension EncodingSample {
    /// The sample's other columns, as the decoder asks for them.
    struct References: ReferenceSource {
        let sample: EncodingSample

        func values(ofColumn column: Int) throws(EncodingError) -> [Int64] { sample.references[column].values }

        func rowsInRun(from first: Int64) throws(EncodingError) -> [Int64] {
            guard let rows = sample.rowsInRun else { throw EncodingError("no runs") }
            return first == 0 ? rows : rows.map { $0 &+ first }
        }
    }
}
