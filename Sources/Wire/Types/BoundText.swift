import Columns
import Engine
import Planning

/// Bound values as texts.
enum BoundText {
    /// nil for NULL.
    static func string(_ value: ScalarValue) -> String? { ResultText.string(value) }

    /// The value for a query of the catalogs.
    static func catalogValue(_ bound: BoundValue) throws -> CatalogValue {
        guard let bytes = bound.bytes else { return .null }
        if bound.format == .text { return .text(try ParameterDecoder.text(bytes)) }
        if bound.type.element != nil {
            let value = try ParameterDecoder.value(bound)
            guard case .items(let items) = value else { return .null }
            return .array(items.map { $0.map { .text($0) } ?? .null })
        }
        switch try ParameterDecoder.binary(bytes, oid: bound.type.oid) {
        case .integer(let number): return .integer(number)
        case .boolean(let flag): return .boolean(flag)
        case let value: return string(value).map { .text($0) } ?? .null
        }
    }
}
