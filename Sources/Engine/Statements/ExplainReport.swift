import Diagnostics
import Execution
import Planning

/// A plan with what was expected of each operator and, if it was run, what it did.
struct ExplainReport {
    private let lines: [PlanLine]
    private let appliedRules: [String]
    private let disabledRules: [String]
    private let planning: Duration
    private var run: (duration: Duration, rowCount: Int)?
    private var entries: [PlanPath: QueryProfile.Entry] = [:]

    init(lines: [PlanLine], appliedRules: [String], disabledRules: [String], planning: Duration) {
        self.lines = lines
        self.appliedRules = appliedRules
        self.disabledRules = disabledRules
        self.planning = planning
    }

    mutating func setRun(_ profile: QueryProfile, duration: Duration, rowCount: Int) {
        run = (duration, rowCount)
        entries = Dictionary(profile.entries.map { ($0.path, $0) }) { first, _ in first }
    }

    // MARK: Text

    /// One line an operator, inputs below and further in.
    var text: [String] {
        var result = lines.map { line in
            let notes = notes(line)
            return String(repeating: "  ", count: line.depth) + line.title
                + (notes.isEmpty ? "" : "  (" + notes.joined(separator: ", ") + ")")
        }
        if !appliedRules.isEmpty { result.append("Rules: " + appliedRules.joined(separator: ", ")) }
        if !disabledRules.isEmpty { result.append("Rules off: " + disabledRules.joined(separator: ", ")) }
        if let run {
            result.append("Time: planning \(milliseconds(planning)) ms, execution \(milliseconds(run.duration)) ms")
        }
        return result
    }

    private func notes(_ line: PlanLine) -> [String] {
        var notes: [String] = []
        if let estimate = line.estimatedRowCount { notes.append("estimated \(estimate) row\(estimate == 1 ? "" : "s")") }
        guard run != nil, let entry = entries[line.path] else { return notes }
        notes.append("actual \(entry.rowCount)")
        if entry.nanoseconds > 0 { notes.append("\(milliseconds(.nanoseconds(entry.nanoseconds))) ms") }
        if entry.blocksRead + entry.blocksSkipped > 0 {
            notes.append("\(entry.blocksRead) blocks of \(entry.bytesRead) bytes read, \(entry.blocksSkipped) skipped")
        }
        if entry.bytesSpilled > 0 { notes.append("\(entry.bytesSpilled) bytes spilled") }
        return notes
    }

    private func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }

    // MARK: JSON

    /// One object: the plan with inputs inside, the rules, the times.
    var json: String {
        var members = ["\"plan\": " + object(at: 0, indent: 2)]
        members.append("\"rules\": " + list(appliedRules))
        members.append("\"rules_off\": " + list(disabledRules))
        if let run {
            members.append("\"planning_milliseconds\": " + milliseconds(planning))
            members.append("\"execution_milliseconds\": " + milliseconds(run.duration))
            members.append("\"rows\": \(run.rowCount)")
        }
        return "{\n  " + members.joined(separator: ",\n  ") + "\n}"
    }

    private func list(_ names: [String]) -> String {
        "[" + names.map(JSONString.quoted).joined(separator: ", ") + "]"
    }

    /// The operator of a line with the lines below it.
    private func object(at index: Int, indent: Int) -> String {
        let line = lines[index]
        let blanks = String(repeating: " ", count: indent + 2)
        var members = [
            "\"operator\": " + JSONString.quoted(line.title.split(separator: " ").first.map(String.init) ?? ""),
            "\"title\": " + JSONString.quoted(line.title),
        ]
        if let estimate = line.estimatedRowCount { members.append("\"estimated_rows\": \(estimate)") }
        if run != nil, let entry = entries[line.path] {
            members.append("\"actual_rows\": \(entry.rowCount)")
            members.append("\"milliseconds\": " + milliseconds(.nanoseconds(entry.nanoseconds)))
            if entry.blocksRead + entry.blocksSkipped > 0 {
                members.append("\"blocks_read\": \(entry.blocksRead)")
                members.append("\"bytes_read\": \(entry.bytesRead)")
                members.append("\"blocks_skipped\": \(entry.blocksSkipped)")
            }
            if entry.bytesSpilled > 0 { members.append("\"bytes_spilled\": \(entry.bytesSpilled)") }
        }
        var inputs: [String] = []
        var next = index + 1
        while next < lines.count, lines[next].depth > line.depth {
            if lines[next].depth == line.depth + 1 { inputs.append(object(at: next, indent: indent + 4)) }
            next += 1
        }
        if !inputs.isEmpty {
            members.append("\"inputs\": [\n\(blanks)  " + inputs.joined(separator: ",\n\(blanks)  ") + "\n\(blanks)]")
        }
        return "{\n\(blanks)" + members.joined(separator: ",\n\(blanks)") + "\n" + String(repeating: " ", count: indent) + "}"
    }
}
