import Columns
import Diagnostics
import Planning

/// One named argument of a function that reads files, read as what it must be.
struct FileArgument {
    let function: String
    let name: String
    let content: TableFunctionArgument.Content
    let position: Int

    init(_ function: String, _ option: (name: String, value: TableFunctionArgument)) {
        self.function = function
        name = option.name
        content = option.value.content
        position = option.value.position
    }

    /// As a plan shows it.
    var text: String {
        switch content {
        case .scalar(let value): "\(name) => \(FileArgument.text(value))"
        case .list(let values): "\(name) => array[\(values.map { FileArgument.text($0) }.joined(separator: ", "))]"
        }
    }

    func wrong(_ expected: String, mend: String? = nil) -> Diagnostic {
        failure("argument \"\(name)\" of \(function) expects \(expected)", mend: mend)
    }

    func failure(_ message: String, mend: String? = nil) -> Diagnostic {
        Diagnostic(.query, message, at: SourceLocation(byteOffset: position), mend: mend)
    }

    func flag() throws(Diagnostic) -> Bool {
        switch content {
        case .scalar(.boolean(let flag)): return flag
        case .scalar(.integer(0)): return false
        case .scalar(.integer(1)): return true
        case .scalar(.text(let word)):
            switch word.lowercased() {
            case "true", "yes": return true
            case "false", "no": return false
            default: break
            }
        default: break
        }
        throw wrong("true or false")
    }

    func string(_ expected: String) throws(Diagnostic) -> String {
        guard case .scalar(.text(let text)) = content else { throw wrong(expected) }
        return text
    }

    /// A text, or a list of them.
    func strings(_ expected: String) throws(Diagnostic) -> [String] {
        if case .scalar(.text(let text)) = content { return [text] }
        guard case .list(let values) = content else { throw wrong(expected) }
        var texts: [String] = []
        for value in values {
            guard case .text(let text) = value else { throw wrong(expected) }
            texts.append(text)
        }
        return texts
    }

    func count(_ expected: String) throws(Diagnostic) -> Int {
        guard case .scalar(.integer(let number)) = content, let count = Int(exactly: number), count >= 0 else {
            throw wrong(expected)
        }
        return count
    }

    /// One ASCII character, or `\t`.
    func byte(_ expected: String = "one ASCII character") throws(Diagnostic) -> UInt8 {
        let text = try string(expected)
        let bytes = Array((text == "\\t" ? "\t" : text).utf8)
        guard bytes.count == 1, bytes[0] < 0x80 else { throw wrong(expected) }
        return bytes[0]
    }

    private static func text(_ value: ScalarValue) -> String {
        switch value {
        case .text(let text): "'" + text.replacing("'", with: "''") + "'"
        default: ResultText.string(value) ?? "null"
        }
    }
}

/// The arguments of one function by their names.
struct FileArgumentNames {
    let function: String
    /// What a user may say, for messages.
    let names: [String]
    /// Other names of the same arguments.
    var aliases: [String: String] = [:]
    /// What other engines have and this function does not, with what to do instead.
    var missing: [String: String] = [:]

    /// The arguments under their own names, in their order.
    ///
    /// - Throws: for one that there is not, or that is given twice.
    func resolve(_ options: [(name: String, value: TableFunctionArgument)]) throws(Diagnostic) -> [(name: String, argument: FileArgument)] {
        var resolved: [(name: String, argument: FileArgument)] = []
        for option in options {
            let argument = FileArgument(function, option)
            let name = aliases[option.name] ?? option.name
            guard names.contains(name) else { throw unknown(argument) }
            if let earlier = resolved.first(where: { $0.name == name }) {
                throw argument.failure(
                    "arguments \"\(earlier.argument.name)\" and \"\(option.name)\" of \(function) mean the same", mend: "leave one of them out")
            }
            resolved.append((name, argument))
        }
        return resolved
    }

    private func unknown(_ argument: FileArgument) -> Diagnostic {
        let message = "\(function) has no argument \"\(argument.name)\""
        if let mend = missing[argument.name] { return argument.failure(message, mend: mend) }
        let near = EditDistance.nearest(to: argument.name, among: names + aliases.keys.sorted())
        return argument.failure(
            message, mend: near.map { "did you mean \"\($0)\"?" } ?? "the arguments are \(names.joined(separator: ", "))")
    }
}
