/// The nested names of a block's encodings, such as `scaled(packed)`.
package struct EncodingTrace: Hashable, Sendable {
    package private(set) var text = ""

    package init() {}

    mutating func open(_ name: String) {
        if let last = text.last, last != "(" { text += "," }
        text += name + "("
    }

    mutating func close() {
        if text.last == "(" { text.removeLast() } else { text += ")" }
    }
}
