package import Indicators

/// Sentences that appear in more than one place.
package enum Wording {
    package static let notice = BilingualText(
        "Findings are leads for human review, not proof of a violation.", "本报告所列均为供人工核查的线索, 不是违规结论。")
    package static let title = BilingualText("Fund supervision report", "医保基金监管分析报告")
}
