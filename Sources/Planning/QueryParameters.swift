package import Columns

/// What `$1`, `$2` and so on stand for in a query.
package enum QueryParameters: Sendable {
    /// Nothing: a parameter is an error.
    case none
    /// Only types are asked for; nil, and any number beyond the list, where the query decides.
    case declared([ParameterType?])
    case given([ParameterValue])

    /// As many parameters as the protocol can count.
    static let limit = 65_535
}

/// The type of a parameter.
package struct ParameterType: Hashable, Sendable {
    /// A numeric has precision 0: a value keeps the digits it comes with.
    package var element: LogicalType
    package var isArray: Bool

    package init(_ element: LogicalType, isArray: Bool = false) {
        if case .numeric = element {
            self.element = TypeCoercion.unconstrained
        } else {
            self.element = element == .unknown ? .text : element
        }
        self.isArray = isArray
    }
}

/// A value for a parameter.
package enum ParameterValue: Sendable {
    /// To be read as a value of the type, as a quoted literal is.
    case text(String, ParameterType)
    /// A value of the type, NULL among them.
    case value(ScalarValue, ParameterType)
    /// The items of an array as texts, nil for NULL.
    case items([String?])
}
