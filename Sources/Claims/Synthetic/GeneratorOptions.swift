/// How much is generated, from which seed, and where it goes.
package struct GeneratorOptions: Hashable, Sendable {
    /// Claim lines in all files together, exactly.
    ///
    /// Below 15,000 fewer anomalies are planted, and peers are too few for some indicators to show them.
    package var lines: Int
    package var seed: UInt64
    /// Created if it is not there.
    package var directory: String
    /// A file ends with the first claim that reaches so many lines.
    package var linesPerFile: Int

    package init(lines: Int, seed: UInt64, directory: String, linesPerFile: Int = 10_000_000) {
        self.lines = lines
        self.seed = seed
        self.directory = directory
        self.linesPerFile = linesPerFile
    }
}

/// What was generated.
package struct GeneratorSummary: Hashable, Sendable, CustomStringConvertible {
    package var lines = 0
    package var claims = 0
    package var institutions = 0
    /// Pairs of institution and anomaly in the truth file.
    package var plantedAnomalies = 0
    /// Files written, in order.
    package var files: [String] = []
    /// Bytes of all files.
    package var bytes = 0

    /// One sentence for a person.
    package var description: String {
        "\(lines) lines of \(claims) claims at \(institutions) institutions, \(plantedAnomalies) anomalies planted; "
            + "\(bytes) bytes in \(files.count) files"
    }
}
