/// The only list of encodings; its order breaks ties.
package enum EncodingCatalog {
    package static let all: [any IntegerEncoding.Type] = [
        ConstantEncoding.self, PackedEncoding.self, ScaledEncoding.self, RunLengthEncoding.self, DeltaEncoding.self,
        SparseEncoding.self, DictionaryEncoding.self, OrdinalEncoding.self, DifferenceEncoding.self,
        ProductEncoding.self, MappedEncoding.self, RatioEncoding.self, BytePlanesEncoding.self,
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
