package import Columns
package import Indicators
package import Ranking

/// What one institution is shown for a hearing: its figures against its peers, and the rows behind them.
package struct Dossier: Sendable {
    package struct Finding: Sendable {
        package var indicator: BoundIndicator
        package var scored: ScoredFigure
        /// Rates of the other institutions of its peer group, ascending.
        package var peerRates: [Double]
        package var evidenceColumns: [String]
        /// At most the limit of the builder.
        package var evidence: [[ScalarValue]]
        package var evidenceRowCount: Int
    }

    package var report: Report
    package var place: RankedInstitution
    /// What counts for the score first, by share; then what has events without standing out.
    package var findings: [Finding]

    package var language: DisplayLanguage { report.options.language }

    /// The institution's id as part of a file name; ids that differ give names that do.
    package var fileStem: String {
        var stem = "dossier-"
        for byte in place.profile.institutionID.utf8 {
            let scalar = Unicode.Scalar(byte)
            let isPlain = ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "_"
            if isPlain {
                stem.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                stem += "%" + (digits.utf8.count < 2 ? "0" : "") + digits
            }
        }
        return stem
    }

    /// Says whose data it is and for what.
    package static let confidential = BilingualText(
        "Confidential. Patient ids are shown in full, because the institution must be able to find the cases: hand this only to the institution concerned and those who hear it.",
        "内部资料。为便于机构核对, 本卷宗完整显示患者编号: 仅限送达相关机构与听证人员, 不得外传。")
}
