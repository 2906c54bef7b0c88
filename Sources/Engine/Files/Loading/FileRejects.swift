import Diagnostics

/// The rows of files that could not be loaded: how many, where, and why.
struct FileRejects: Sendable {
    /// What reads the files.
    let function: String
    private(set) var read = 0
    private(set) var rejected = 0
    private var causes: [String: Int] = [:]
    /// The first of them.
    private var faults: [(place: SourceLocation, message: String)] = []

    init(function: String) { self.function = function }

    /// - Parameters:
    ///   - rows: For each line the row of the sheet it was, if it was one.
    ///   - place: Where in its record a row's fault is.
    mutating func add(
        _ summary: IngestSummary, of file: String, rows: [Int]? = nil, place: (IngestReject) -> RecordPlace.Offset?
    ) {
        read += summary.linesRead
        rejected += summary.rejected
        for cause in summary.rejectCauses { causes[cause.reason, default: 0] += cause.count }
        for reject in summary.firstRejects.prefix(SequenceState.shownRejectLimit - faults.count) {
            if let rows {
                let row = rows.indices.contains(reject.line - 1) ? rows[reject.line - 1] : reject.line
                faults.append((SourceLocation(file: file, line: row), reject.message))
                continue
            }
            let offset = place(reject)
            faults.append(
                (
                    SourceLocation(
                        file: file, line: reject.line + (offset?.lineCount ?? 0), column: offset.map { $0.byteCount + 1 }),
                    reject.message
                ))
        }
    }

    /// - Throws: `badData` at the first fault if there are more than may be.
    func check(_ limit: RejectLimit) throws(Diagnostic) {
        guard limit.isExceeded(rejected: rejected, read: read), let first = faults.first else { return }
        var message = first.message
        if rejected > 1 {
            message += "; \(rejected) of \(read) lines do not fit (\(causeText)), also "
                + faults.dropFirst().map(FileRejects.text).joined(separator: " · ") + rest
        }
        let mend: String
        switch limit {
        case .rows(0): mend = "mend the file, or leave such lines out with ignore_errors = true or max_rejects = \(rejected)"
        default: mend = "mend the file, or allow more lines with max_rejects"
        }
        throw Diagnostic(.badData, message, at: first.place, mend: mend)
    }

    /// What a user is told of rows that were left out; nil if none was.
    var notice: Diagnostic? {
        guard rejected > 0 else { return nil }
        return Diagnostic(
            .badData, "\(function) left out \(rejected) of \(read) lines (\(causeText)): "
                + faults.map(FileRejects.text).joined(separator: " · ") + rest)
    }

    private var rest: String { rejected > faults.count ? " · and \(rejected - faults.count) more" : "" }

    private var causeText: String {
        causes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    private static func text(_ fault: (place: SourceLocation, message: String)) -> String {
        fault.place.description + ": " + fault.message
    }
}
