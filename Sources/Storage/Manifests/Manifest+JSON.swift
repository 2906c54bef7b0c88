import Columns

extension Manifest {
    /// The manifest's file: one JSON object whose last member, `sha256`, is the hash of all bytes before it.
    func fileBytes() -> (bytes: [UInt8], hash: String) {
        var writer = JSONWriter()
        writer.append("{\n")
        for member in members {
            writer.appendQuoted(member.key)
            writer.append(":")
            writer.append(member.value)
            writer.append(",\n")
        }
        let hash = Checksum.sha256(writer.bytes)
        writer.append("\"sha256\":\"" + hash + "\"}\n")
        return (writer.bytes, hash)
    }

    /// Bytes of the last line.
    static let tailSize = 10 + 64 + 3

    /// The hash a manifest's bytes claim at their end, nil if they do not end as a manifest does.
    static func claimedHash(_ bytes: [UInt8]) -> String? {
        guard bytes.count >= tailSize else { return nil }
        let tail = String(decoding: bytes[(bytes.count - tailSize)...], as: UTF8.self)
        guard tail.utf8.count == tailSize, tail.hasPrefix("\"sha256\":\""), tail.hasSuffix("\"}\n") else { return nil }
        return String(tail.dropFirst(10).dropLast(3))
    }

    /// Reads a manifest's file; nil if its own hash does not hold or its content is not that of a manifest.
    static func read(_ bytes: [UInt8]) -> (manifest: Manifest, hash: String)? {
        guard let hash = claimedHash(bytes), Checksum.sha256(bytes[..<(bytes.count - tailSize)]) == hash else {
            return nil
        }
        guard let json = JSONReader.value(of: bytes), let manifest = Manifest(json) else { return nil }
        return (manifest, hash)
    }

    private var members: [JSONMember] {
        [
            JSONMember("format", .integer(Int64(Manifest.formatVersion))),
            JSONMember("commit", .integer(Int64(commitNumber))),
            JSONMember("previous", .string(previousHash)),
            JSONMember("time", .integer(time)),
            JSONMember("tool", .string(tool)),
            JSONMember("batch", batchID.map { .integer(Int64($0)) } ?? .null),
        ] + (note.map { [JSONMember("note", .string($0))] } ?? []) + [
            JSONMember("tables", .array(tables.map { $0.json })),
            JSONMember(
                "views", .object(views.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })),
            JSONMember("batches", .array(batches.map { $0.json })),
        ]
    }

    private init?(_ json: JSONValue) {
        guard json["format"]?.integer == Int64(Manifest.formatVersion) else { return nil }
        guard let commit = json["commit"]?.count, let previous = json["previous"]?.string,
            let time = json["time"]?.integer,
            let tool = json["tool"]?.string, let tables = json["tables"]?.array, let views = json["views"]?.members,
            let batches = json["batches"]?.array
        else { return nil }
        commitNumber = commit
        previousHash = previous
        self.time = time
        self.tool = tool
        batchID = json["batch"]?.count
        note = json["note"]?.string
        for value in tables {
            guard let table = TableRecord(value) else { return nil }
            self.tables.append(table)
        }
        for view in views {
            guard let text = view.value.string else { return nil }
            self.views[view.key] = text
        }
        for value in batches {
            guard let batch = BatchSummary(value) else { return nil }
            self.batches.append(batch)
        }
    }
}

extension JSONValue {
    /// A number that is not negative.
    var count: Int? { integer.flatMap { $0 >= 0 ? Int($0) : nil } }

    /// A file's name without any folder, so that a manifest cannot point outside its store.
    var fileName: String? {
        guard let name = string, !name.isEmpty, !name.contains("/"), name != ".", name != ".." else { return nil }
        return name
    }

    static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }

    /// A 64-bit checksum as hexadecimal digits: JSON's numbers may lose its last bits in other programs.
    var checksum: UInt64? { string.flatMap { UInt64($0, radix: 16) } }

    static func checksum(_ number: UInt64) -> JSONValue { .string(String(number, radix: 16)) }
}

extension TableRecord {
    var json: JSONValue {
        var members = [JSONMember("name", .string(name))]
        if let key = layout.groupKey { members.append(JSONMember("key", .string(key))) }
        if let time = layout.timeColumn { members.append(JSONMember("time", .string(time))) }
        if !layout.measures.isEmpty {
            members.append(JSONMember("measures", .array(layout.measures.map { .string($0) })))
        }
        members.append(JSONMember("columns", .array(columns.map { $0.json })))
        members.append(JSONMember("segments", .array(segments.map { $0.json })))
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let columns = json["columns"]?.array,
            let segments = json["segments"]?.array
        else { return nil }
        self.init(
            name: name, columns: columns.compactMap { ColumnRecord($0) },
            segments: segments.compactMap { SegmentRecord($0) },
            layout: TableLayout(
                groupKey: json["key"]?.string, timeColumn: json["time"]?.string,
                measures: json["measures"]?.array?.compactMap { $0.string } ?? []))
        guard self.columns.count == columns.count, self.segments.count == segments.count else { return nil }
    }
}

extension ColumnRecord {
    var json: JSONValue {
        var members = [
            JSONMember("name", .string(field.name)), JSONMember("type", .string(TypeFormat.text(field.type))),
            JSONMember("nullable", .boolean(field.isNullable)),
        ]
        if let text {
            members.append(JSONMember("text", .string(text.kind.rawValue)))
            if text.kind == .identifier { members.append(JSONMember("formats", .array(text.formats.map { $0.json }))) }
            if text.kind != .plain {
                members.append(JSONMember("dictionaries", .array(text.dictionaries.map { $0.json })))
            }
        }
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.string, let type = json["type"]?.string.flatMap({ TypeFormat.type($0) }),
            let isNullable = json["nullable"]?.boolean
        else { return nil }
        field = Field(name: name, type: type, isNullable: isNullable)
        guard let kindName = json["text"]?.string else { return }
        guard let kind = TextKind(rawValue: kindName) else { return nil }
        let formats = json["formats"]?.array ?? []
        let dictionaries = json["dictionaries"]?.array ?? []
        let record = TextRecord(
            kind: kind, formats: formats.compactMap { IdentifierDomain.Format($0) },
            dictionaries: dictionaries.compactMap { DictionaryRecord($0) })
        guard record.formats.count == formats.count, record.dictionaries.count == dictionaries.count,
            formats.count <= IdentifierDomain.maximumFormatCount
        else { return nil }
        text = record
    }
}

extension IdentifierDomain.Format {
    var json: JSONValue {
        .object([
            JSONMember("prefix", .string(String(decoding: prefix, as: UTF8.self))),
            JSONMember("digits", .count(digitCount)),
        ])
    }

    init?(_ json: JSONValue) {
        guard let prefix = json["prefix"]?.string, let digits = json["digits"]?.count, (1...18).contains(digits) else {
            return nil
        }
        self.init(prefix: Array(prefix.utf8), digitCount: digits)
    }
}

extension SegmentRecord {
    var json: JSONValue {
        var members = [
            JSONMember("file", .string(fileName)), JSONMember("sha256", .string(sha256)),
            JSONMember("size", .count(size)),
            JSONMember("rows", .count(rowCount)),
        ]
        if let checksum { members.append(JSONMember("xxh3", .checksum(checksum))) }
        if let timeRange {
            members.append(JSONMember("from", .integer(timeRange.lowerBound)))
            members.append(JSONMember("to", .integer(timeRange.upperBound)))
        }
        if !parts.isEmpty {
            let pairs = parts.map { JSONValue.array([.count($0.batchID), .count($0.rowCount)]) }
            members.append(JSONMember("batches", .array(pairs)))
        }
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let fileName = json["file"]?.fileName, let sha256 = json["sha256"]?.string,
            let size = json["size"]?.count,
            size <= SegmentFormat.maximumFileSize, let rowCount = json["rows"]?.count,
            rowCount <= SegmentEncoder.maximumRowCount
        else { return nil }
        self.init(fileName: fileName, sha256: sha256, size: size, rowCount: rowCount, checksum: json["xxh3"]?.checksum)
        if let from = json["from"]?.integer, let to = json["to"]?.integer, from <= to { timeRange = from...to }
        for pair in json["batches"]?.array ?? [] {
            guard let pair = pair.array, pair.count == 2, let batch = pair[0].count, let rows = pair[1].count,
                rows <= rowCount
            else { return nil }
            parts.append(BatchPart(batchID: batch, rowCount: rows))
        }
        guard parts.isEmpty || parts.totalRowCount == rowCount else { return nil }
    }
}

extension DictionaryRecord {
    var json: JSONValue {
        var members = [
            JSONMember("file", .string(fileName)), JSONMember("sha256", .string(sha256)),
            JSONMember("size", .count(size)),
            JSONMember("first", .count(firstEntry)), JSONMember("entries", .count(entryCount)),
        ]
        if let checksum { members.append(JSONMember("xxh3", .checksum(checksum))) }
        return .object(members)
    }

    init?(_ json: JSONValue) {
        guard let fileName = json["file"]?.fileName, let sha256 = json["sha256"]?.string,
            let size = json["size"]?.count,
            size <= DictionaryFile.maximumSize, let first = json["first"]?.count, let entries = json["entries"]?.count,
            first <= DictionaryFile.maximumEntryCount, entries <= DictionaryFile.maximumEntryCount
        else { return nil }
        self.init(
            fileName: fileName, sha256: sha256, size: size, firstEntry: first, entryCount: entries,
            checksum: json["xxh3"]?.checksum)
    }
}

extension BatchSummary {
    var json: JSONValue {
        .object([
            JSONMember("id", .count(id)), JSONMember("table", .string(table)),
            JSONMember("source", .string(sourceName)),
            JSONMember("source_hash", .string(sourceHash)), JSONMember("source_size", .count(sourceSize)),
            JSONMember("rows", .count(rowsLoaded)), JSONMember("rejected", .count(rowsRejected)),
            JSONMember("stored_size", .count(storedSize)),
            JSONMember(
                "details", .object(details.sorted { $0.key < $1.key }.map { JSONMember($0.key, .string($0.value)) })),
        ])
    }

    init?(_ json: JSONValue) {
        guard let id = json["id"]?.count, let table = json["table"]?.string, let source = json["source"]?.string,
            let hash = BatchSummary.sourceHash(json), let size = json["source_size"]?.count,
            let rows = json["rows"]?.count,
            let rejected = json["rejected"]?.count, let stored = json["stored_size"]?.count,
            let details = json["details"]?.members, id <= Manifest.maximumCommitNumber
        else { return nil }
        var texts: [String: String] = [:]
        for detail in details {
            guard let text = detail.value.string else { return nil }
            texts[detail.key] = text
        }
        self.init(
            id: id, table: table, sourceName: source, sourceHash: hash, sourceSize: size, rowsLoaded: rows,
            rowsRejected: rejected, storedSize: stored, details: texts)
    }

    /// Manifests once gave the file's SHA-256 alone, as `source_sha256`.
    private static func sourceHash(_ json: JSONValue) -> String? {
        json["source_hash"]?.string ?? json["source_sha256"]?.string.map { sha256Prefix + $0 }
    }
}
