/// A JSON value of the grammar's output.
indirect enum JSONValue {
    struct Member {
        var name: String
        var value: JSONValue
    }

    case object([Member])
    case array([JSONValue])
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case null
}
