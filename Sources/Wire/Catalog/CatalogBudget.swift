/// How much work a query of the catalogs may be: they are small, but a product of them need not be, nor a text made of texts.
///
/// Whatever makes rows or values, or goes through them, tells it here; nothing else bounds such a query.
final class CatalogBudget {
    private static let stepLimit = 20_000_000
    /// Bytes that are made, also of what is forgotten again.
    private static let byteLimit = 256 << 20
    /// Bytes of one value.
    private static let valueLimit = 4 << 20
    /// Rows that are held at a time.
    private static let rowLimit = 1_000_000
    /// How deep an array may be, as in PostgreSQL.
    private static let dimensionLimit = 6

    private let stepLimit: Int
    private let byteLimit: Int
    private let deadline: ContinuousClock.Instant?
    private let isCancelled: @Sendable () -> Bool
    private var steps = 0
    private var bytes = 0
    private var stepOfNextLook = 0

    /// - Parameters:
    ///   - stepLimit: Steps it may take, nil for as many as a session's queries may.
    ///   - byteLimit: Bytes it may make, if that is less than others may.
    ///   - deadline: When the statement's time is over; nil if it has any.
    init(
        stepLimit: Int?, byteLimit: Int?, deadline: ContinuousClock.Instant?, isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.stepLimit = stepLimit ?? CatalogBudget.stepLimit
        self.byteLimit = min(byteLimit ?? .max, CatalogBudget.byteLimit)
        self.deadline = deadline
        self.isCancelled = isCancelled
    }

    /// Counts expressions, rows or places that are looked at.
    ///
    /// - Throws: `57014` once the client has cancelled or the time is over, `54000` beyond the limit.
    func step(_ count: Int = 1) throws {
        steps += count
        guard steps <= stepLimit else { throw CatalogBudget.tooMuch }
        guard steps >= stepOfNextLook else { return }
        stepOfNextLook = steps + 1024
        if isCancelled() { throw WireError(.queryCanceled, "canceling statement due to user request") }
        if let deadline, ContinuousClock.now > deadline {
            throw WireError(.queryCanceled, "canceling statement due to statement timeout")
        }
    }

    /// Counts bytes before they are made, and the work of making them.
    ///
    /// - Throws: as ``step(_:)``.
    func make(bytes count: Int) throws {
        let (sum, overflow) = bytes.addingReportingOverflow(count)
        guard !overflow, sum <= byteLimit else { throw CatalogBudget.tooMuch }
        bytes = sum
        try step(count / 64)
    }

    /// Counts rows before they are made.
    ///
    /// - Parameters:
    ///   - width: Items of one row.
    ///   - held: Rows that are held already.
    /// - Throws: as ``step(_:)``.
    func make(rows count: Int, width: Int, held: Int = 0) throws {
        guard held + count <= CatalogBudget.rowLimit else { throw CatalogBudget.tooMuch }
        try step(count)
        let (size, overflow) = count.multipliedReportingOverflow(by: 48 + 24 * width)
        try make(bytes: overflow ? .max : size)
    }

    /// Looks at the size of a value before it is made, by parts whose product or sum it is.
    func admit(valueOfBytes count: Int) throws {
        guard count <= CatalogBudget.valueLimit else {
            throw WireError(.limitExceeded, "a value of the catalogs has \(CatalogBudget.valueLimit) bytes at most")
        }
        try make(bytes: count)
    }

    /// Counts a value that was made.
    func made(_ value: CatalogValue) throws -> CatalogValue {
        switch value {
        case .null, .boolean, .integer: break
        case .text(let text), .named(_, let text): try admit(valueOfBytes: text.utf8.count)
        case .array(let items):
            guard value.dimensionCount <= CatalogBudget.dimensionLimit else {
                throw WireError(.limitExceeded, "number of array dimensions exceeds the maximum allowed (\(CatalogBudget.dimensionLimit))")
            }
            try step(items.count)
            try admit(valueOfBytes: value.byteCount)
        }
        return value
    }

    /// Counts looking at two values, which takes time by their size.
    func look(_ left: CatalogValue, _ right: CatalogValue = .null) throws { try step(1 + left.byteCount / 64 + right.byteCount / 64) }

    /// The order of two values, counted.
    func order(_ left: CatalogValue, _ right: CatalogValue) throws -> Int? {
        try look(left, right)
        return CatalogValue.order(left, right)
    }

    private static var tooMuch: WireError { WireError(.limitExceeded, "this query of the catalogs is too much work") }
}
