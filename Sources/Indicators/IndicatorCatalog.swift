import Diagnostics
import FoundationEssentials

/// The indicators there are: the built-in library in the contract's order, then the files of the user's folder by name.
package struct IndicatorCatalog: Sendable {
    package private(set) var indicators: [Indicator]

    package init(indicators: [Indicator]) { self.indicators = indicators }

    /// The built-in library.
    ///
    /// The files of `Library/` are embedded in the program, so a moved binary keeps its library.
    package static func builtIn() throws(IndicatorError) -> IndicatorCatalog {
        var indicators: [Indicator] = []
        for (name, bytes) in BuiltInLibrary.files {
            let text = String(decoding: bytes, as: UTF8.self)
            indicators.append(try IndicatorFileReader.read(text, file: name, isBuiltIn: true))
        }
        return IndicatorCatalog(indicators: indicators)
    }

    /// Everything the program brings: the built-in library and the templates.
    package static func everything() throws(IndicatorError) -> IndicatorCatalog {
        var catalog = try builtIn()
        for template in try templates() { catalog.add(template) }
        return catalog
    }

    /// Further indicators of the program: templates over knowledge points beyond the contract's table.
    ///
    /// They are part of a report only where the store has points they rest on.
    package static func templates() throws(IndicatorError) -> [Indicator] {
        var indicators: [Indicator] = []
        for (name, bytes) in BuiltInLibrary.templates {
            indicators.append(try IndicatorFileReader.read(String(decoding: bytes, as: UTF8.self), file: name, isBuiltIn: true))
        }
        return indicators
    }

    /// Adds the `.sql` files of a folder, by name; a file with a known id takes that indicator's place.
    ///
    /// - Throws: `IndicatorError.unreadable` or `.badFile`.
    package mutating func add(libraryAt path: String) throws(IndicatorError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
            throw .unreadable(path: path, reason: "it is not a folder that can be read")
        }
        for name in names.filter({ $0.hasSuffix(".sql") }).sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let file = path + "/" + name
            guard let data = FileManager.default.contents(atPath: file), data.count <= 1 << 20 else {
                throw .unreadable(path: file, reason: "it is not a readable file of at most 1 MiB")
            }
            guard let text = String(bytes: data, encoding: .utf8) else {
                throw .badFile(file: file, line: 1, message: "the file is not UTF-8", mend: "save it as UTF-8")
            }
            add(try IndicatorFileReader.read(text, file: file))
        }
    }

    package mutating func add(_ indicator: Indicator) {
        if let index = indicators.firstIndex(where: { $0.id == indicator.id }) {
            indicators[index] = indicator
        } else {
            indicators.append(indicator)
        }
    }

    /// - Throws: `IndicatorError.unknownIndicator` with the nearest id.
    package func indicator(_ id: String) throws(IndicatorError) -> Indicator {
        if let indicator = indicators.first(where: { $0.id == id }) { return indicator }
        throw .unknownIndicator(id, nearest: EditDistance.nearest(to: id, among: indicators.map(\.id)))
    }
}
