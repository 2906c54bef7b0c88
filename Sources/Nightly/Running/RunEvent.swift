package import Reporting

/// One line of the run log.
///
/// Events tell of files, batches and counts, never of values in a file: the log may go where patients' data may not.
package struct RunEvent: Sendable {
    package typealias Member = (String, JSONValue)

    package var name: String
    package var members: [Member]

    package init(_ name: String, _ members: [Member] = []) {
        self.name = name
        self.members = members
    }

    /// The line, with its time first.
    package func line(time: String) -> String {
        JSONValue.object([("time", .string(time)), ("event", .string(name))] + members).line + "\n"
    }
}
