import Indicators

/// How many rows are shown, and of how many: the one place that says it, for never a cut may be silent.
struct ShownCount {
    /// What the rows are.
    enum Unit {
        case rows, institutions
    }

    var shown: Int
    var total: Int
    var unit = Unit.rows

    var isCut: Bool { shown < total }

    /// `4 rows`, or `shown 1,000 of 200,000 rows`.
    func text(in language: DisplayLanguage) -> String {
        let (some, all) = (CountText.text(shown), CountText.text(total))
        switch unit {
        case .rows:
            if isCut { return BilingualText("shown \(some) of \(all) rows", "共 \(all) 行，只显示 \(some) 行")[language] }
            return BilingualText(total == 1 ? "1 row" : "\(all) rows", "\(all) 行")[language]
        case .institutions:
            if isCut { return BilingualText("shown \(some) of \(all) institutions", "共 \(all) 家机构，只显示 \(some) 家")[language] }
            return BilingualText(total == 1 ? "1 institution" : "\(all) institutions", "\(all) 家机构")[language]
        }
    }
}

/// What a result is a part of, and where the rest is to be had.
struct ResultPart {
    var total: Int
    var unit: ShownCount.Unit
    /// Where all of them are.
    var whole: BilingualText
}
