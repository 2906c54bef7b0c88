/// Where a store lies, and what it is called.
enum StorePlace {
    /// Where it lies if nothing says where.
    static let standard = "./fundwatch-store"

    /// The name of a store as a database: its folder's.
    static func databaseName(of path: String) -> String {
        path.split(separator: "/").last { $0 != "." && $0 != ".." }.map(String.init) ?? "fundwatch"
    }
}
