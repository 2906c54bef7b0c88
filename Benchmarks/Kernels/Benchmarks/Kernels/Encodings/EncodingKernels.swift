import Encodings

private struct EncodingKernelInput {
    let sample: EncodingSample
    let block: BlockReader
    let plan: EncodingPlan

    /// Encodes the sample as the first block of its column would be.
    init(_ sample: EncodingSample) throws {
        self.sample = sample
        var writer = ByteWriter()
        EncodingChooser.encode(sample.input(), into: &writer)
        // The reason is printed: in a release build a precondition says nothing.
        guard writer.trace.text.hasPrefix(sample.name) else {
            fatalError("\(writer.trace.text) was chosen for \(sample.name)")
        }
        block = BlockReader(bytes: writer.bytes)
        plan = writer.plans[0]
        let decoded = try decode()
        precondition(decoded == sample.values)
    }

    func decode() throws -> [Int64] {
        var reader = block
        return try EncodingChooser.decode(
            &reader, count: sample.values.count,
            context: DecodingContext(references: EncodingSample.References(sample: sample)))
    }

    /// Encodes the sample as a later block of its column, by the plan of the first.
    func encode() -> Int {
        var writer = ByteWriter()
        EncodingChooser.encode(sample.input(plan: plan), into: &writer)
        precondition(writer.bytes.count <= block.byteCount + 64)
        return writer.bytes.count
    }

    /// Encodes the sample with nothing known: every encoding that may serve is looked at.
    func search() -> Int {
        var writer = ByteWriter()
        EncodingChooser.encode(sample.input(), into: &writer)
        return writer.bytes.count
    }
}

/// Each encoding, read and written whole: header, parts and all.
func registerEncodings() {
    for (name, make) in EncodingSamples.all {
        kernel("decode, \(name)") {
            try EncodingKernelInput(make())
        } run: {
            try $0.decode()
        }
        kernel("encode, \(name)") {
            try EncodingKernelInput(make())
        } run: {
            $0.encode()
        }
    }
    kernel("choose and encode, mapped") {
        try EncodingKernelInput(EncodingSamples.all.first { $0.name == "mapped" }!.make())
    } run: {
        $0.search()
    }
}
