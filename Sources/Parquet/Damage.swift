/// Bytes that are not what they should be, before it is known whose they are.
struct Damage: Error {
    var what: String
    /// Not damage, but a form that is not read.
    var isUnsupported = false

    init(_ what: String, isUnsupported: Bool = false) {
        self.what = what
        self.isUnsupported = isUnsupported
    }

    static func unsupported(_ what: String) -> Damage { Damage(what, isUnsupported: true) }
}
