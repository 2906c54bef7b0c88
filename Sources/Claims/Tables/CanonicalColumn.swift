package import Columns

/// One column of a canonical table: its type, and what a file may call it.
package struct CanonicalColumn: Hashable, Sendable {
    package let name: String
    package let type: LogicalType
    /// Whether a file without this column is refused.
    package let isRequired: Bool
    /// Whether values are identifiers, which spreadsheets damage into scientific notation.
    package let isIdentifier: Bool
    /// Whether values name claims, persons or packs, of which there are many, however few come first.
    package let isNameOfMany: Bool
    /// How codes of this column become canonical words; nil where values stay as they are.
    package let vocabulary: Vocabulary?
    /// Headers accepted beside the canonical name, best first: when a file has several, the first listed is the column.
    package let acceptedHeaders: [String]

    init(
        _ name: String, _ type: LogicalType, required isRequired: Bool = false, identifier isIdentifier: Bool = false,
        many isNameOfMany: Bool = false, vocabulary: Vocabulary? = nil, headers acceptedHeaders: [String] = []
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.isIdentifier = isIdentifier
        self.isNameOfMany = isNameOfMany
        self.vocabulary = vocabulary
        self.acceptedHeaders = acceptedHeaders
    }

    /// The canonical name, then the accepted headers.
    package var namesInOrder: [String] { [name] + acceptedHeaders }

    /// What no table has and claims may say beside: kept under the name that the file has for it.
    static let insuranceType = CanonicalColumn("insurance_type", .text, headers: ["insutype", "险种类型", "险种", "参保险种"])

    /// Names that a column of the insurance type may have in `claims`.
    package static let namesOfInsuranceType = insuranceType.namesInOrder.map(HeaderName.identifier)

    /// The column as a field of a schema.
    package var field: Field { Field(name: name, type: type, isNullable: !isRequired) }
}
