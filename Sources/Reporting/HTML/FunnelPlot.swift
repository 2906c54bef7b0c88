import Diagnostics
import Glibc
import Indicators
import Ranking

/// Rate against exposure, with control limits for chance and overdispersion, the institutions as dots.
struct FunnelPlot {
    private struct Dot {
        var exposure: Double
        var rate: Double
        var adjustedDistance: Double?
        var name: String
    }

    private let dots: [Dot]
    /// Rate of all institutions together.
    private let centre: Double
    /// φ over all institutions.
    private let overdispersion: Double
    private let largestRate: Double
    private let logRange: ClosedRange<Double>

    private static let width = 1060.0
    private static let height = 340.0
    private static let plot = (left: 64.0, right: 1040.0, top: 14.0, bottom: 292.0)

    /// Nil without figures of two institutions.
    init?(_ scores: IndicatorScores, names: [String: String], parameters: RankingParameters) {
        guard scores.figures.count > 1 else { return nil }
        dots = scores.figures.map { scored in
            Dot(
                exposure: Double(scored.figure.exposure), rate: scored.figure.rate,
                adjustedDistance: scored.comparison?.adjustedDistance,
                name: names[scored.figure.institutionID] ?? scored.figure.institutionID)
        }
        let events = scores.figures.map(\.figure.events)
        let exposures = scores.figures.map(\.figure.exposure)
        let totalExposure = exposures.reduce(0.0) { $0 + Double($1) }
        centre = events.reduce(0.0) { $0 + Double($1) } / totalExposure
        overdispersion =
            FunnelComparison.compare(events: events, exposures: exposures, parameters: parameters).overdispersion
        let ordered = exposures.sorted()
        let low = log10(Double(ordered[0]))
        let high = log10(Double(ordered[ordered.count - 1]))
        logRange = high - low < 0.1 ? (low - 0.1)...(high + 0.1) : low...high
        // Tiny institutions with extreme rates would flatten the picture; they are drawn at the upper edge instead.
        let smallExposure = Double(ordered[ordered.count / 10])
        let usual = dots.filter { $0.exposure >= max(10, smallExposure) || ($0.adjustedDistance ?? 0) > 2 }.map(\.rate)
        largestRate = FunnelPlot.roundedUp(min(1, max(centre * 2, (usual.max() ?? 1) * 1.05, 1e-9)))
    }

    func svg(exposureLabel: BilingualText, rateLabel: BilingualText) -> String {
        var parts = axes(exposureLabel: exposureLabel, rateLabel: rateLabel)
        parts += limit(1.96, dash: "5 4", label: "95 %", labelShift: 12)
        parts += limit(3.09, dash: "", label: "99.8 %", labelShift: -4)
        parts += path([(logRange.lowerBound, centre), (logRange.upperBound, centre)], style: "stroke=\"#1f5fa8\" stroke-width=\"1.2\"")
        parts += dotPath(dots.filter { ($0.adjustedDistance ?? 0) <= 2 }, color: "#7f8b99", size: dots.count > 1000 ? 3 : 5)
        parts += dotPath(dots.filter { (2.0..<3.09).contains($0.adjustedDistance ?? 0) && $0.adjustedDistance != 2 }, color: "#d4600b", size: 6)
        parts += dotPath(dots.filter { ($0.adjustedDistance ?? 0) >= 3.09 }, color: "#a8201a", size: 7)
        parts += labels()
        return
            "<svg viewBox=\"0 0 \(Int(FunnelPlot.width)) \(Int(FunnelPlot.height))\" width=\"1060\" role=\"img\" font-size=\"12\" fill=\"#1c2430\">\n\(parts)</svg>"
    }

    private func x(_ logExposure: Double) -> Double {
        let share = (logExposure - logRange.lowerBound) / (logRange.upperBound - logRange.lowerBound)
        return FunnelPlot.plot.left + 8 + share * (FunnelPlot.plot.right - FunnelPlot.plot.left - 16)
    }

    private func y(_ rate: Double) -> Double {
        FunnelPlot.plot.bottom - min(1, max(0, rate / largestRate)) * (FunnelPlot.plot.bottom - FunnelPlot.plot.top)
    }

    private func axes(exposureLabel: BilingualText, rateLabel: BilingualText) -> String {
        let (left, right, top, bottom) = FunnelPlot.plot
        var parts = ""
        for step in 0...4 {
            let rate = largestRate * Double(step) / 4
            let height = ValueText.fixed(y(rate), 1)
            parts += "<path d=\"M\(Int(left)) \(height)H\(Int(right))\" stroke=\"#e6eaef\"/><text x=\"\(Int(left) - 6)\" y=\"\(ValueText.fixed(y(rate) + 4, 1))\" text-anchor=\"end\">\(ValueText.percent(rate))</text>\n"
        }
        var decade = logRange.lowerBound.rounded(.up)
        while decade <= logRange.upperBound {
            let across = ValueText.fixed(x(decade), 1)
            parts += "<path d=\"M\(across) \(Int(top))V\(Int(bottom))\" stroke=\"#eef1f5\"/><text x=\"\(across)\" y=\"\(Int(bottom) + 16)\" text-anchor=\"middle\">\(ValueText.groupedCount(Int64(pow(10, decade).rounded())))</text>\n"
            decade += 1
        }
        parts += "<text x=\"\(Int(right))\" y=\"\(Int(bottom) + 36)\" text-anchor=\"end\" fill=\"#5b6675\" lang=\"en\">→ \(HTMLText.escaped(exposureLabel.english)) (log scale)</text><text x=\"\(Int(right))\" y=\"\(Int(bottom) + 36)\" text-anchor=\"end\" fill=\"#5b6675\" lang=\"zh\">→ \(HTMLText.escaped(exposureLabel.chinese)) (对数刻度)</text>\n"
        parts += "<text x=\"\(Int(left))\" y=\"\(Int(bottom) + 36)\" fill=\"#5b6675\" lang=\"en\">↑ \(HTMLText.escaped(rateLabel.english))</text><text x=\"\(Int(left))\" y=\"\(Int(bottom) + 36)\" fill=\"#5b6675\" lang=\"zh\">↑ \(HTMLText.escaped(rateLabel.chinese))</text>\n"
        return parts
    }

    /// The centre plus and minus `width` standard errors times √φ.
    private func limit(_ width: Double, dash: String, label: String, labelShift: Double) -> String {
        var upper: [(Double, Double)] = []
        var lower: [(Double, Double)] = []
        for step in 0...60 {
            let logExposure = logRange.lowerBound + (logRange.upperBound - logRange.lowerBound) * Double(step) / 60
            let error = width * (overdispersion * centre * (1 - centre) / pow(10, logExposure)).squareRoot()
            if centre + error <= largestRate { upper.append((logExposure, centre + error)) }
            if centre - error >= 0 { lower.append((logExposure, centre - error)) }
        }
        let style = "stroke=\"#8fa3ba\" stroke-width=\"1.2\"" + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"")
        var parts = path(upper, style: style) + path(lower, style: style)
        // Close to the centre there is room above the line alone.
        if let first = upper.first, labelShift < 0 || y(centre) - y(first.1) > 16 {
            parts += "<text x=\"\(ValueText.fixed(x(first.0) + 4, 1))\" y=\"\(ValueText.fixed(y(first.1) + labelShift, 1))\" fill=\"#5b7490\" font-size=\"11\">\(label)</text>\n"
        }
        return parts
    }

    private func path(_ points: [(Double, Double)], style: String) -> String {
        if points.count < 2 { return "" }
        let text = points.map { "\(ValueText.fixed(x($0.0), 1)) \(ValueText.fixed(y($0.1), 1))" }.joined(separator: "L")
        return "<path d=\"M\(text)\" fill=\"none\" \(style)/>\n"
    }

    /// All dots of one colour as one path of points with round ends; dots on the same pixel are drawn once.
    private func dotPath(_ dots: [Dot], color: String, size: Int) -> String {
        var seen: Set<Int> = []
        var text = ""
        let grid = dots.count > 1000 ? 2.0 : 1.0
        for dot in dots {
            let across = Int((x(log10(dot.exposure)) / grid).rounded() * grid)
            let up = Int((y(dot.rate) / grid).rounded() * grid)
            if seen.insert(across << 16 | up).inserted { text += "M\(across) \(up)h0" }
        }
        if text.isEmpty { return "" }
        return "<path d=\"\(text)\" stroke=\"\(color)\" stroke-width=\"\(size)\" stroke-linecap=\"round\" stroke-opacity=\".75\"/>\n"
    }

    /// Names of the five furthest out, each beside its dot or, where that place is taken, above it with a line to the dot; what
    /// finds no place is left out, and its dot tells by its colour.
    private func labels() -> String {
        let worst = dots.filter { ($0.adjustedDistance ?? 0) > 2 }
            .sorted { ($0.adjustedDistance ?? 0, $1.name) > ($1.adjustedDistance ?? 0, $0.name) }.prefix(5)
        var taken: [(range: ClosedRange<Double>, height: Double)] = []
        var parts = ""
        for dot in worst {
            let name = SVGText.shortened(dot.name, cells: 34)
            let (across, up) = (x(log10(dot.exposure)), y(dot.rate))
            let width = Double(DisplayWidth.of(name)) * 6.2
            let isRight = across + 8 + width > FunnelPlot.plot.right
            let range = isRight ? (across - 8 - width)...(across - 8) : (across + 8)...(across + 8 + width)
            let first = min(max(up + 4, FunnelPlot.plot.top + 8), FunnelPlot.plot.bottom - 4)
            let heights = (0..<8).map { first - Double($0) * 14 }.filter { $0 >= FunnelPlot.plot.top + 8 }
            guard let height = heights.first(where: { height in
                !taken.contains { $0.range.overlaps(range) && abs($0.height - height) < 14 }
            }) else { continue }
            taken.append((range, height))
            let start = ValueText.fixed(isRight ? range.upperBound : range.lowerBound, 1)
            if first - height > 1 {
                parts += "<path d=\"M\(ValueText.fixed(across, 1)) \(ValueText.fixed(up, 1))L\(start) \(ValueText.fixed(height - 3, 1))\" stroke=\"#c9a5a3\"/>\n"
            }
            parts += "<text x=\"\(start)\" y=\"\(ValueText.fixed(height, 1))\"\(isRight ? " text-anchor=\"end\"" : "") fill=\"#7d1410\" stroke=\"#fff\" stroke-width=\"3\" paint-order=\"stroke\">\(HTMLText.escaped(name))</text>\n"
        }
        return parts
    }

    /// The next of 1, 2, 2.5, 4, 5, 8 times a power of ten.
    private static func roundedUp(_ value: Double) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        for step in [1, 2, 2.5, 4, 5, 8, 10] where step * power >= value * 0.999_999 { return min(1, step * power) }
        return value
    }
}
