/// Chooses, writes and reads nodes: the one place where encodings meet.
package enum EncodingChooser {
    /// Nodes may be this deep in each other.
    package static let maximumDepth = 6
    /// Bits of size that a nanosecond of decoding a value is worth. A smaller number packs denser and reads slower.
    package static let bitsPerNanosecond = 0.8
    /// A cost of one bit for so many values ends the search: nothing is left to win.
    static let goodEnoughValuesPerBit = 16

    /// An encoding and its offer.
    package struct Choice {
        package let encoding: any IntegerEncoding.Type
        package let candidate: EncodingCandidate
        /// The plan that named the encoding.
        let guide: EncodingPlan?

        /// Writes the node.
        package func write(_ writer: inout ByteWriter) {
            writer.append(encoding.identifier)
            writer.trace.open(encoding.name)
            writer.trail.begin(encoding.identifier, references: candidate.references, guide: guide)
            candidate.write(&writer)
            writer.trail.end()
            writer.trace.close()
        }
    }

    /// The encoding whose size, with its decode time as a surcharge, is smallest; equal ones by the catalog's order. The
    /// same values always give the same choice. With a plan the encoding it names, if it applies.
    ///
    /// - Parameter surchargeShare: How much of its decode time an encoding is charged: less for values that are few beside those
    ///   they spare.
    package static func choose(_ input: EncodingInput, surchargeShare: Double = 1) -> Choice {
        if input.plan != nil { return planned(input) ?? choose(input.withoutPlan(), surchargeShare: surchargeShare) }
        var best: (choice: Choice, cost: Int)?
        for encoding in EncodingCatalog.all {
            guard let candidate = encoding.candidate(for: input) else { continue }
            let surcharge = Double(candidate.decodeWeight * input.values.count) * bitsPerNanosecond * surchargeShare / 100
            let cost = candidate.size() * 8 + Int(surcharge)
            if best == nil || cost < best!.cost {
                best = (Choice(encoding: encoding, candidate: candidate, guide: nil), cost)
            }
            if cost * goodEnoughValuesPerBit <= input.values.count || candidate.endsSearch { break }
        }
        guard let best else { preconditionFailure("The catalog holds an encoding for every input.") }
        return best.choice
    }

    /// The encoding that the plan names; nil without a plan, or if it does not apply.
    private static func planned(_ input: EncodingInput) -> Choice? {
        guard let plan = input.plan, let encoding = EncodingCatalog.encoding(plan.encoding),
            let candidate = encoding.candidate(for: input.restricted(to: plan.references))
        else { return nil }
        return Choice(encoding: encoding, candidate: candidate, guide: plan)
    }

    /// Writes the values as their plan says; false, with nothing written, without one or if its encoding does not apply. Parts for
    /// which the plan does not serve are searched for by themselves.
    package static func follow(_ input: EncodingInput, into writer: inout ByteWriter) -> Bool {
        guard let choice = planned(input) else { return false }
        choice.write(&writer)
        return true
    }

    /// Writes the values in the encoding chosen for them.
    package static func encode(_ input: EncodingInput, into writer: inout ByteWriter) { choose(input).write(&writer) }

    /// A part of a node: encoded by itself, without references.
    package static func encodePart(_ values: [Int64], depth: Int, into writer: inout ByteWriter) {
        encode(EncodingInput(values: values, depth: depth + 1, plan: writer.trail.nextGuide), into: &writer)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard context.depth <= maximumDepth else { throw EncodingError("encodings nested deeper than \(maximumDepth)") }
        let identifier = try reader.readByte()
        guard let encoding = EncodingCatalog.encoding(identifier) else {
            throw EncodingError("encoding \(identifier) before byte \(reader.position) is unknown")
        }
        var values = try encoding.decode(
            &reader, count: count, context: encoding.appliesScaling ? context : context.withoutScaling)
        if !encoding.appliesScaling { context.scaling.apply(to: &values) }
        guard values.count == count else {
            throw EncodingError("encoding \(encoding.name) gave \(values.count) values, \(count) expected")
        }
        return values
    }

    /// As `decode`, codes of a dictionary straight in 32 bits; nil, with nothing read, if the node has no such form.
    package static func decodeCodes(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> NarrowCodes? {
        var trial = reader
        guard let codes = try decodeNarrow(&trial, count: count, context: context) else { return nil }
        reader = trial
        return NarrowCodes(codes)
    }

    /// The values of a node where they lie among all rows, 0 for rows that are absent, which are few; nil, with nothing read, if the
    /// node has no such form.
    package static func decodeSpread(
        _ reader: inout BlockReader, rowCount: Int, without absentRows: [Int32], context: DecodingContext
    ) throws(EncodingError) -> [Int64]? {
        var trial = reader
        let identifier = try trial.readByte()
        guard context.scaling == .none,
            let rows = try EncodingCatalog.encoding(identifier)?.decodeSpread(
                &trial, rowCount: rowCount, without: absentRows, context: context)
        else { return nil }
        reader = trial
        return rows
    }

    /// As `decodeCodes`, with the reader anywhere if there is no such form.
    static func decodeNarrow(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [UInt32]? {
        guard context.depth <= maximumDepth, context.scaling == .none else { return nil }
        let identifier = try reader.readByte()
        guard let codes = try EncodingCatalog.encoding(identifier)?.decodeCodes(&reader, count: count, context: context) else {
            return nil
        }
        guard codes.count == count else {
            throw EncodingError("encoding \(identifier) gave \(codes.count) codes, \(count) expected")
        }
        return codes
    }

    /// As `decode`, the values of some rows alone.
    package static func decode(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        guard context.depth <= maximumDepth else { throw EncodingError("encodings nested deeper than \(maximumDepth)") }
        let identifier = try reader.readByte()
        guard let encoding = EncodingCatalog.encoding(identifier) else {
            throw EncodingError("encoding \(identifier) before byte \(reader.position) is unknown")
        }
        var values = try encoding.decode(
            &reader, count: count, at: rows, context: encoding.appliesScaling ? context : context.withoutScaling)
        if !encoding.appliesScaling { context.scaling.apply(to: &values) }
        guard values.count == rows.count else {
            throw EncodingError("encoding \(encoding.name) gave \(values.count) values, \(rows.count) expected")
        }
        return values
    }

    package static func decodePart(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try decode(&reader, count: count, context: context.forPart)
    }

    /// A part with the values of a node, scaled as the node's are.
    static func decodeValues(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try decode(&reader, count: count, context: context.forValues)
    }

    /// As `decodePart`, the values of some rows alone.
    static func decodePart(
        _ reader: inout BlockReader, count: Int, at rows: ChosenRows, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        try decode(&reader, count: count, at: rows, context: context.forPart)
    }

    /// A part that is one value for all rows, read; nil, with nothing read, if it is another encoding.
    static func constantPart(_ reader: inout BlockReader) throws(EncodingError) -> Int64? {
        guard reader.skip(ConstantEncoding.identifier) else { return nil }
        return try reader.readSigned()
    }
}
