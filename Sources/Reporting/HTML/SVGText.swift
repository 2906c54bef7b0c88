import Diagnostics
import Ranking

/// Small pieces of the drawings.
enum SVGText {
    static func color(of grade: Grade) -> String {
        switch grade {
        case .e: "#a8201a"
        case .d: "#d4600b"
        case .c: "#b58900"
        case .b: "#6b8e23"
        case .a: "#3d7d4f"
        }
    }

    /// The text cut to so many cells, wide characters counting two.
    static func shortened(_ text: String, cells: Int) -> String {
        if DisplayWidth.of(text) <= cells { return text }
        var result = ""
        var width = 1
        for character in text {
            width += DisplayWidth.of(String(character))
            if width > cells { break }
            result.append(character)
        }
        return result + "…"
    }
}
