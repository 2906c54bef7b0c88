/// Statements that write, as the parser names what it does not support.
enum WritingStatement {
    private static let writing = [
        "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "CREATE", "ALTER", "DROP", "COPY FROM", "GRANT", "REVOKE", "VACUUM",
        "REFRESH", "COMMENT", "REINDEX", "CLUSTER", "LOCK", "IMPORT", "REASSIGN", "SECURITY", "CALL", "DO", "NOTIFY",
    ]

    /// The statement's name, if `message` refuses one that writes.
    static func name(in message: String) -> String? {
        guard message.hasSuffix(" is not supported") else { return nil }
        let name = String(message.dropLast(" is not supported".count))
        guard writing.contains(where: { name == $0 || name.hasPrefix($0 + " ") }) else { return nil }
        return name.hasPrefix("CREATE TABLE") ? "CREATE TABLE" : name
    }
}
