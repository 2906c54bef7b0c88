import Columns

/// What is to be read from every chunk of a file.
package struct CSVParsePlan: Hashable, Sendable {
    package let requests: [CSVColumnRequest]
    let nullTokens: [[UInt8]]
    /// The column of the file whose neighbouring equal values belong together; it makes reading faster, nothing else.
    let keyColumn: Int?

    /// - Throws: `CSVError.unsupportedType` for a type that has no CSV form, or a numeric of more than 18 digits.
    /// - Precondition: every `fileColumn` is a column of the file.
    package init(requests: [CSVColumnRequest], nullTokens: [String] = [], keyColumn: Int? = nil) throws(CSVError) {
        for request in requests where !CSVParsePlan.isSupported(request.type) {
            throw .unsupportedType(column: request.name, type: request.type.name)
        }
        self.requests = requests
        self.keyColumn = keyColumn
        self.nullTokens = nullTokens.filter { !$0.isEmpty }.map { Array($0.utf8) }
    }

    private static func isSupported(_ type: LogicalType) -> Bool {
        switch type {
        case .text, .date, .timestamp, .bigint, .integer, .boolean, .double: true
        case .numeric(let precision, let scale):
            (1...18).contains(precision) && (0...precision).contains(scale)
        case .unknown, .interval, .array, .moment: false
        }
    }
}
