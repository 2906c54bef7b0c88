/// The only list of encodings; its order breaks ties, and the search ends at the first one that is good enough.
package enum EncodingCatalog {
    package static let all: [any IntegerEncoding.Type] = [
        ConstantEncoding.self, SparseEncoding.self, RunLengthEncoding.self, OrdinalEncoding.self,
        DifferenceEncoding.self,
        ProductEncoding.self, RatioEncoding.self, RunSplitEncoding.self, PackedEncoding.self, ScaledEncoding.self, SplitEncoding.self,
        DeltaEncoding.self,
        DictionaryEncoding.self, FrequentEncoding.self, RepeatedEncoding.self, RecalledEncoding.self,
        RunBaseEncoding.self, MappedEncoding.self, BytePlanesEncoding.self, BitstreamEncoding.self, MarkedEncoding.self,
    ]

    package static func encoding(_ identifier: UInt8) -> (any IntegerEncoding.Type)? { byIdentifier[Int(identifier)] }

    private static let byIdentifier: [(any IntegerEncoding.Type)?] = {
        var table = [(any IntegerEncoding.Type)?](repeating: nil, count: 256)
        for encoding in all {
            precondition(table[Int(encoding.identifier)] == nil)
            table[Int(encoding.identifier)] = encoding
        }
        return table
    }()
}
