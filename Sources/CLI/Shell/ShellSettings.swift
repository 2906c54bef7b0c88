import Indicators

/// What a shell's commands change.
struct ShellSettings {
    enum Expansion: String, CaseIterable {
        case on, off
        /// Vertical where a table would be wider than the screen.
        case auto
    }

    var format = OutputFormat.table
    var expansion = Expansion.off
    var showsTime = false
    var usesPager = true
    var emphasizesHeader = false
    /// Rows a table shows at most; nil for all.
    var rowLimit: Int? = 1000
    /// What a table shows for NULL.
    var nullText = ""
    var language = DisplayLanguage.english
}
