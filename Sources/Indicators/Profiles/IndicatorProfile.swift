import Diagnostics
import FoundationEssentials

/// What an office has decided: parameters of indicators, and what is exempt.
package struct IndicatorProfile: Hashable, Sendable {
    /// Values as text, by indicator and parameter.
    package var parameters: [String: [String: String]] = [:]
    /// Where each parameter stands in the file.
    package var parameterLines: [String: [String: Int]] = [:]
    package var exemptions: [Exemption] = []
    /// The text it was read from; empty for none.
    package var source = ""

    package init() {}

    package func exemptions(of indicatorID: String) -> [Exemption] { exemptions.filter { $0.applies(to: indicatorID) } }

    /// Reads a file, and checks what it names against the library.
    ///
    /// - Throws: `IndicatorError` for a file that cannot be read, an indicator or a parameter that is not there, or a value out of
    ///   range.
    package static func load(_ path: String, for indicators: [Indicator]) throws(IndicatorError) -> IndicatorProfile {
        guard let data = FileManager.default.contents(atPath: path), data.count <= 8 << 20 else {
            throw .unreadableProfile(path: path)
        }
        guard let text = String(bytes: data, encoding: .utf8) else {
            throw .badFile(file: path, line: 1, message: "the file is not UTF-8", mend: "save it as UTF-8")
        }
        let profile = try ProfileReader.read(text, file: path)
        let catalog = IndicatorCatalog(indicators: indicators)
        for (id, values) in profile.parameters.sorted(by: { $0.key < $1.key }) {
            let lines = profile.parameterLines[id] ?? [:]
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                try placed(file: path, line: lines[name]) { () throws(IndicatorError) in
                    _ = try BoundIndicator(try catalog.indicator(id), overrides: [name: value], period: .all)
                }
            }
            // Values that are allowed one by one may not go together.
            try placed(file: path, line: lines.values.min()) { () throws(IndicatorError) in
                _ = try BoundIndicator(try catalog.indicator(id), overrides: values, period: .all)
            }
        }
        for exemption in profile.exemptions {
            for id in exemption.indicatorIDs {
                try placed(file: path, line: exemption.line) { () throws(IndicatorError) in _ = try catalog.indicator(id) }
            }
        }
        return profile
    }

    /// Says where in the file lies what `check` finds wrong.
    private static func placed(
        file: String, line: Int?, _ check: () throws(IndicatorError) -> Void
    ) throws(IndicatorError) {
        do throws(IndicatorError) { try check() } catch {
            throw error.placed(at: SourceLocation(file: file, line: line ?? 1))
        }
    }
}
