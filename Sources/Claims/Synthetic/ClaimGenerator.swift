import Glibc

/// Writes a year of synthetic claims with known anomalies in them.
///
/// Same options, same bytes, on any machine. Memory depends on the number of institutions and items and on what is
/// scheduled for later in the year, not on the number of lines.
package struct ClaimGenerator {
    /// Claim numbers have twelve digits, regions hold at most 10^8 patients: ample for so many lines.
    package static let maximumLines = 10_000_000_000

    private let options: GeneratorOptions

    /// - Throws: ``GeneratorError`` if the options make no sense.
    package init(_ options: GeneratorOptions) throws(GeneratorError) {
        guard (1...Self.maximumLines).contains(options.lines) else { throw .lineCount(options.lines) }
        guard options.linesPerFile >= 1 else { throw .linesPerFile(options.linesPerFile) }
        self.options = options
    }

    /// Writes all files; `progress` is called with the lines written so far, once for each day of the year.
    package func run(progress: ((Int) -> Void)? = nil) throws(GeneratorError) -> GeneratorSummary {
        try prepareDirectory()
        let world = SyntheticWorld(lines: options.lines, seed: options.seed)
        var year = GenerationYear(world: world, options: options)
        for day in 0..<ClaimAgenda.dayCount {
            try year.run(day: day)
            progress?(year.writer.lineCount)
        }
        try year.writer.finish()
        let truth = year.truth
        let reference = try ReferenceFiles(world: world, directory: options.directory).write(truth: truth)
        return GeneratorSummary(
            lines: year.writer.lineCount, claims: year.writer.claimCount, institutions: world.institutions.count,
            plantedAnomalies: truth.count, files: year.writer.files + reference.map(\.name),
            bytes: reference.reduce(year.writer.byteCount) { $0 + $1.bytes })
    }

    /// Makes the folder and its parents, and refuses one where older claim files would remain beside the new ones.
    private func prepareDirectory() throws(GeneratorError) {
        var path = options.directory.hasPrefix("/") ? "" : "."
        for part in options.directory.split(separator: "/") {
            path += "/" + part
            // mkdir copies the path.
            if unsafe mkdir(path, 0o755) != 0, errno != EEXIST {
                throw .cannotCreate(path: options.directory, errorNumber: errno)
            }
        }
        let count = ClaimFileWriter.fileCount(options)
        let foreign = [
            ClaimFileWriter.fileName(1, of: count == 1 ? 2 : 1), ClaimFileWriter.fileName(count + 1, of: count + 1),
        ]
        for name in foreign {
            let path = options.directory + "/" + name
            // access copies the path.
            if unsafe access(path, F_OK) == 0 { throw .olderFile(path: path) }
        }
    }
}
