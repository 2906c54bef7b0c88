/// One column of a schema.
package struct Field: Hashable, Sendable {
    package var name: String
    package var type: LogicalType
    package var isNullable: Bool

    package init(name: String, type: LogicalType, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// The columns of a table or result, in order.
package struct Schema: Hashable, Sendable {
    package var fields: [Field]

    package init(_ fields: [Field]) { self.fields = fields }

    package func index(of name: String) -> Int? { fields.firstIndex { $0.name == name } }
}
