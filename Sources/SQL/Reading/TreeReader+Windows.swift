/// PostgreSQL's bits of a window frame (`frameOptions` in parsenodes.h).
private struct FrameBits: OptionSet {
    let rawValue: Int

    static let written = FrameBits(rawValue: 0x1)
    static let range = FrameBits(rawValue: 0x2)
    static let rows = FrameBits(rawValue: 0x4)
    static let groups = FrameBits(rawValue: 0x8)
    static let between = FrameBits(rawValue: 0x10)
    static let startUnboundedPreceding = FrameBits(rawValue: 0x20)
    static let endUnboundedPreceding = FrameBits(rawValue: 0x40)
    static let startUnboundedFollowing = FrameBits(rawValue: 0x80)
    static let endUnboundedFollowing = FrameBits(rawValue: 0x100)
    static let startCurrentRow = FrameBits(rawValue: 0x200)
    static let endCurrentRow = FrameBits(rawValue: 0x400)
    static let startPreceding = FrameBits(rawValue: 0x800)
    static let endPreceding = FrameBits(rawValue: 0x1000)
    static let startFollowing = FrameBits(rawValue: 0x2000)
    static let endFollowing = FrameBits(rawValue: 0x4000)
    static let excludeCurrentRow = FrameBits(rawValue: 0x8000)
    static let excludeGroup = FrameBits(rawValue: 0x10000)
    static let excludeTies = FrameBits(rawValue: 0x20000)
    static let known = FrameBits(rawValue: 0x3FFFF)
}

extension TreeReader {
    /// Reads what follows `over`.
    mutating func readWindow(_ input: NodeFields) throws(SQLError) -> Window {
        var fields = input
        guard let name = fields.string("name") else { return .specification(try readSpecification(&fields)) }
        let position = location(&fields)
        _ = fields.integer("frameOptions")
        try finish(fields, at: position)
        return .named(name, position: position)
    }

    mutating func readNamedWindow(_ value: JSONValue) throws(SQLError) -> NamedWindow {
        var fields = try open(value)
        guard fields.node == "WindowDef" else { throw malformed("a window") }
        let name = try requiredString(&fields, "name")
        return NamedWindow(name: name, specification: try readSpecification(&fields))
    }

    private mutating func readSpecification(_ fields: inout NodeFields) throws(SQLError) -> WindowSpecification {
        var window = WindowSpecification(position: location(&fields))
        window.base = fields.string("refname")
        window.partitionBy = try readExpressions(fields.list("partitionClause"))
        window.orderBy = try readSortKeys(fields.list("orderClause"))
        window.frame = try readFrame(&fields)
        try finish(fields, at: window.position)
        return window
    }

    private mutating func readFrame(_ fields: inout NodeFields) throws(SQLError) -> WindowFrame? {
        let bits = FrameBits(rawValue: fields.integer("frameOptions") ?? 0)
        guard bits.isSubset(of: .known) else { throw malformed("a window frame") }
        guard bits.contains(.written) else { return nil }
        let start = try readBound(
            bits, fields.take("startOffset"),
            [.startUnboundedPreceding, .startPreceding, .startCurrentRow, .startFollowing, .startUnboundedFollowing])
        let end = try readBound(
            bits, fields.take("endOffset"),
            [.endUnboundedPreceding, .endPreceding, .endCurrentRow, .endFollowing, .endUnboundedFollowing])
        let mode: WindowFrame.Mode = bits.contains(.rows) ? .rows : bits.contains(.groups) ? .groups : .range
        var exclusion = WindowFrame.Exclusion.none
        if bits.contains(.excludeCurrentRow) { exclusion = .currentRow }
        if bits.contains(.excludeGroup) { exclusion = .group }
        if bits.contains(.excludeTies) { exclusion = .ties }
        return WindowFrame(mode: mode, start: start, end: end, exclusion: exclusion)
    }

    /// `choices`: the bits of unbounded preceding, preceding, current row, following, unbounded following.
    private mutating func readBound(
        _ bits: FrameBits, _ offset: JSONValue?, _ choices: [FrameBits]
    ) throws(SQLError) -> WindowFrame.Bound {
        if bits.contains(choices[0]) { return .unboundedPreceding }
        if bits.contains(choices[2]) { return .currentRow }
        if bits.contains(choices[4]) { return .unboundedFollowing }
        guard let offset else { throw malformed("a window frame") }
        let distance = try readExpression(offset)
        return bits.contains(choices[1]) ? .preceding(distance) : .following(distance)
    }
}
