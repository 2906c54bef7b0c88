import Diagnostics
import Yams

/// Reads a profile:
///
///     parameters:
///       visit_frequency: {minimum_claims: 12}
///     exempt:
///       - reason: dialysis, three sessions a week
///         institution: [H33010000012, H33010000013]
///         indicator: visit_frequency
///         from: 2025-01-01
///
/// Values stay the texts they are: an id is never taken for a number, a day never for a time.
package struct ProfileReader {
    private let file: String
    private static let exemptionKeys = ["reason", "indicator", "institution", "patient", "item", "from", "to"]

    /// - Throws: `IndicatorError.badFile` with the line.
    package static func read(_ text: String, file: String) throws(IndicatorError) -> IndicatorProfile {
        let reader = ProfileReader(file: file)
        var profile = IndicatorProfile()
        profile.source = text
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch {
            // Only what is wrong, and where: the text of the line may name patients.
            let (mark, problem) = ProfileReader.fault(error)
            // What is missing at the end is marked behind the last line.
            let line = min(mark, max(1, text.split(separator: "\n", omittingEmptySubsequences: false).count))
            throw .badFile(
                file: file, line: line, message: "the file is no YAML" + (problem.isEmpty ? "" : ": " + problem),
                mend: "docs/supervision.md shows one")
        }
        guard let root else { return profile }
        for (key, value) in try reader.mapping(root, "the profile") {
            switch key {
            case "parameters":
                for (id, settings) in try reader.mapping(value, "parameters") {
                    for (name, setting) in try reader.mapping(settings, "parameters of \(id)") {
                        profile.parameters[id, default: [:]][name] = try reader.text(setting, name)
                        profile.parameterLines[id, default: [:]][name] = setting.mark?.line
                    }
                }
            case "exempt": profile.exemptions = try reader.exemptions(value)
            default: throw reader.unknown(key, value, ["parameters", "exempt"])
            }
        }
        return profile
    }

    private static func fault(_ error: any Error) -> (line: Int, problem: String) {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _)?, .parser(_, let problem, let mark, _)?,
            .composer(_, let problem, let mark, _)?:
            (max(1, mark.line), problem)
        case .reader(let problem, _, _, _)?: (1, problem)
        default: (1, "")
        }
    }

    private func exemptions(_ node: Node) throws(IndicatorError) -> [Exemption] {
        guard let items = node.sequence else { throw failure(node, "exempt is no list", "begin each entry with \"- reason: …\"") }
        var exemptions: [Exemption] = []
        for item in items {
            let entries = try mapping(item, "an entry of exempt")
            for (key, value) in entries where !ProfileReader.exemptionKeys.contains(key) {
                throw unknown(key, value, ProfileReader.exemptionKeys)
            }
            guard let reason = entries.first(where: { $0.key == "reason" }), !(try text(reason.value, "reason")).isEmpty else {
                throw failure(item, "an exemption without a reason", "say why: reason: …")
            }
            var exemption = Exemption(reason: try text(reason.value, "reason"))
            exemption.line = item.mark?.line
            exemption.indicatorIDs = try list("indicator", entries)
            exemption.institutionIDs = try list("institution", entries)
            exemption.patientIDs = try list("patient", entries)
            exemption.itemCodes = try list("item", entries)
            do throws(IndicatorError) {
                exemption.period = try ReportingPeriod(from: try list("from", entries).first, to: try list("to", entries).first)
            } catch {
                throw failure(item, error.diagnostic.message.replacing("--", with: ""), error.diagnostic.mend ?? "write days as 2025-01-31")
            }
            guard exemption.isBounded else {
                throw failure(
                    item, "an exemption of everything",
                    "name at least one of institution, patient, item, from and to; leave an indicator out by not running it")
            }
            exemptions.append(exemption)
        }
        return exemptions
    }

    private func mapping(_ node: Node, _ what: String) throws(IndicatorError) -> [(key: String, value: Node)] {
        guard let mapping = node.mapping else { throw failure(node, "\(what) is no mapping", "write it as key: value") }
        var entries: [(key: String, value: Node)] = []
        for (key, value) in mapping { entries.append((try text(key, "a key"), value)) }
        return entries
    }

    private func text(_ node: Node, _ what: String) throws(IndicatorError) -> String {
        guard let scalar = node.scalar else { throw failure(node, "\(what) is no single value", "write one value") }
        return scalar.string
    }

    /// One value or a list of them; empty if the key is not there.
    private func list(_ key: String, _ entries: [(key: String, value: Node)]) throws(IndicatorError) -> [String] {
        guard let node = entries.first(where: { $0.key == key })?.value else { return [] }
        var values: [String] = []
        if let items = node.sequence {
            for item in items { values.append(try text(item, key)) }
        } else {
            values = [try text(node, key)]
        }
        if values.isEmpty || values.contains("") { throw failure(node, "\(key) is empty", "leave the key out, or give it a value") }
        return values
    }

    private func unknown(_ key: String, _ node: Node, _ known: [String]) -> IndicatorError {
        let near = EditDistance.nearest(to: key, among: known).map { "did you mean \"\($0)\"?" }
        return failure(node, "unknown key \"\(key)\"", near ?? "known keys are \(known.joined(separator: ", "))")
    }

    private func failure(_ node: Node, _ message: String, _ mend: String) -> IndicatorError {
        .badFile(file: file, line: node.mark?.line ?? 1, message: message, mend: mend)
    }
}
