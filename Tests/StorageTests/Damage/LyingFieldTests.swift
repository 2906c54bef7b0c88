import Columns
import Diagnostics
import Storage
import Testing

/// Files that lie with all checksums in order: read wrongly perhaps, as nothing can tell, but never with a trap and never
/// with memory for what they claim.
@Suite("Lying files")
struct LyingFieldTests {
    private static let manifest = "/store/commits/00000001.json"
    private static let extremes: [UInt64] = [
        0, 1, 2, 63, 255, 1 << 20, (1 << 20) + 1, 1 << 31, 1 << 32, 1 << 40, 1 << 60, UInt64(Int64.max), 1 << 63, .max,
    ]

    private func small() throws -> MemoryFileSystem {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 9, seed: 1)], into: "/store", fileSystem: fileSystem)
        return fileSystem
    }

    private func path(_ ending: String, in fileSystem: MemoryFileSystem) throws -> String {
        try #require(fileSystem.files.keys.sorted().first { $0.hasSuffix(ending) })
    }

    /// Everything a reader may ask of a store; how it ends is not judged, only that it does.
    @discardableResult
    private func useAll(_ fileSystem: MemoryFileSystem) throws -> StorageError? {
        var first: StorageError?
        func attempt(_ body: () throws -> Void) throws {
            do { try body() } catch let error as StorageError { first = first ?? error }
        }
        try attempt {
            let store = try Store.open("/store", fileSystem: fileSystem)
            first = try store.verify(deep: true).problems.first
            let snapshot = try store.snapshot()
            try attempt { _ = try snapshot.statistics() }
            for table in snapshot.tables {
                for index in table.segments.indices {
                    for column in table.schema.fields.indices {
                        try attempt {
                            _ = try table.segments[index].zoneMap(column)
                            for bound: ScalarValue in [.integer(0), .date(0), .timestamp(0), .text("C"), .double(0)] {
                                _ = try table.segments[index].mightContain(column, minimum: bound, maximum: bound)
                            }
                        }
                        try attempt {
                            let vector = try table.readSegment(index, columns: [column])[0].flattened()
                            for row in 0..<min(vector.count, 20) { _ = vector.scalar(at: row) }
                        }
                    }
                }
            }
        }
        try attempt { try StoreTransaction.begin("/store", fileSystem: fileSystem).abort() }
        return first
    }

    @Test("no number of a segment's directory can do harm") func directoryNumbers() throws {
        let sound = try small()
        let path = try path(".seg", in: sound)
        let bytes = try #require(sound.files[path])
        let anatomy = SegmentAnatomy(bytes)
        #expect(anatomy.numbers.count > 100)
        var refusedCount = 0
        for (index, number) in anatomy.numbers.enumerated() {
            let near = [number.value &+ 1, number.value &- 1]
            // In the short run some of the extremes for each number, other ones for the next.
            let picked = Self.extremes.enumerated().filter { Torture.isAskedFor || $0.offset % 4 == index % 4 }
            for value in near + picked.map({ $0.element }) {
                let fileSystem = MemoryFileSystem(copying: sound)
                let forged = anatomy.replacing(number, by: value, in: bytes)
                StoreForgery.replace(path, by: forged, in: fileSystem, manifest: Self.manifest)
                if try useAll(fileSystem) != nil { refusedCount += 1 }
            }
        }
        #expect(refusedCount > 300)
    }

    @Test("no byte of a block or the directory can do harm") func anyByte() throws {
        let sound = try small()
        let path = try path(".seg", in: sound)
        let bytes = try #require(sound.files[path])
        let anatomy = SegmentAnatomy(bytes)
        var random = SeededRandom(seed: 21)
        for position in 64..<(bytes.count - 64) {
            let masks: [UInt8] = Torture.isAskedFor ? [0x01, 0x02, 0x10, 0x40, 0x80, 0xFF] : [.random(in: 1...255, using: &random)]
            for mask in masks {
                var forged = bytes
                forged[position] ^= mask
                let fileSystem = MemoryFileSystem(copying: sound)
                StoreForgery.replace(path, by: anatomy.resealed(forged), in: fileSystem, manifest: Self.manifest)
                try useAll(fileSystem)
            }
        }
    }

    @Test("no bytes in a block can do harm: many seeded ones") func anyBlocks() throws {
        let sound = try small()
        let path = try path(".seg", in: sound)
        let bytes = try #require(sound.files[path])
        let anatomy = SegmentAnatomy(bytes)
        var random = SeededRandom(seed: 22)
        for _ in 0..<(Torture.isAskedFor ? 20_000 : 300) {
            var forged = bytes
            let block = try #require(anatomy.blocks.randomElement(using: &random))
            for position in block.range.prefix(Int.random(in: 1...64, using: &random)) {
                // Small numbers are encodings, widths and counts more often than others.
                forged[position] = UInt8.random(in: 0...(Bool.random(using: &random) ? 16 : 255), using: &random)
            }
            let fileSystem = MemoryFileSystem(copying: sound)
            StoreForgery.replace(path, by: anatomy.resealed(forged), in: fileSystem, manifest: Self.manifest)
            try useAll(fileSystem)
        }
    }

    @Test("no number in a segment's trailer can do harm") func trailer() throws {
        let sound = try small()
        let path = try path(".seg", in: sound)
        let bytes = try #require(sound.files[path])
        for word in 0..<6 {
            for value in Self.extremes + [UInt64(bytes.count), UInt64(bytes.count) &- 64] {
                var forged = bytes
                let trailer = bytes.count - 64
                SegmentAnatomy.setWord(&forged, trailer + word * 8, value)
                SegmentAnatomy.setWord(&forged, trailer + 56, Checksum.block(Array(forged[trailer..<(trailer + 56)])))
                let fileSystem = MemoryFileSystem(copying: sound)
                StoreForgery.replace(path, by: forged, in: fileSystem, manifest: Self.manifest)
                let error = try useAll(fileSystem)
                if word < 4, forged != bytes { #expect(error?.kind == .badData, "word \(word), \(value)") }
            }
        }
    }

    @Test("no number in a dictionary's header, and no byte of its entries, can do harm") func dictionary() throws {
        let sound = try small()
        for ending in ["-0.dict", "-6.dict"] {
            let path = try path(ending, in: sound)
            let bytes = try #require(sound.files[path])
            func check(_ forged: [UInt8], entries: UInt64?) throws -> StorageError? {
                var file = forged
                SegmentAnatomy.setWord(&file, 40, Checksum.block(Array(file[64...])))
                SegmentAnatomy.setWord(&file, 56, Checksum.block(Array(file[0..<56])))
                let fileSystem = MemoryFileSystem(copying: sound)
                let count = SegmentAnatomy.word(bytes, 24)
                StoreForgery.replace(path, by: file, in: fileSystem, manifest: Self.manifest)
                if let entries, let old = fileSystem.files[Self.manifest] {
                    let text = String(decoding: old, as: UTF8.self)
                    fileSystem.files[Self.manifest] = StoreForgery.sealed(
                        text.replacing("\"entries\":\(count),", with: "\"entries\":\(entries),"))
                }
                return try useAll(fileSystem)
            }
            for word in 2..<5 {
                for value in Self.extremes {
                    var forged = bytes
                    SegmentAnatomy.setWord(&forged, word * 8, value)
                    let error = try check(forged, entries: word == 3 ? value : nil)
                    if forged != bytes { #expect(error != nil, "word \(word), \(value)") }
                }
            }
            for position in 64..<bytes.count {
                for mask: UInt8 in Torture.isAskedFor ? [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xFF] : [1, 0x80] {
                    var forged = bytes
                    forged[position] ^= mask
                    _ = try check(forged, entries: nil)
                }
            }
        }
    }

    @Test("no number and no text of a manifest can do harm") func manifestValues() throws {
        let sound = try small()
        let text = String(decoding: try #require(sound.files[Self.manifest]), as: UTF8.self)
        let numbers = [
            "-1", "0", "1", "2147483648", "4294967297", "1152921504606846976", "9223372036854775807", "9223372036854775808",
            "-9223372036854775808", "1e30", "1.5", "\"7\"", "null", "true", "{}", "[]",
        ]
        let texts = ["\"\"", "\"../../../etc/passwd\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"numeric(99,-3)\"", "null", "7", "[[]]"]
        var count = 0
        for match in text.matches(of: /[:\[,](-?[0-9]+|"(?:[^"\\]|\\.)*")(?=[,}\]\n])/) {
            let choices = match.1.first == "\"" ? texts : numbers
            for (index, choice) in choices.enumerated() where Torture.isAskedFor || (index + count) % 4 == 0 {
                let forged = text.replacingCharacters(in: match.1, by: choice)
                let fileSystem = MemoryFileSystem(copying: sound)
                fileSystem.files[Self.manifest] = StoreForgery.sealed(forged)
                try useAll(fileSystem)
            }
            count += 1
        }
        #expect(count > 100)
    }

    @Test("a manifest of deep, long or odd JSON is refused", arguments: ["[", "{\"a\":", "\"", "[1,", "-", "\\", "{", "1"])
    func oddJSON(part: String) throws {
        for count in [1, 31, 33, 1000, 300_000] {
            for prefix in ["", "{\"format\":1,\"commit\":1,\"tables\":"] {
                let fileSystem = try small()
                fileSystem.files[Self.manifest] = StoreForgery.sealed(prefix + String(repeating: part, count: count) + "\n")
                #expect(try useAll(fileSystem) != nil)
            }
        }
    }

    @Test("a manifest of a number no commit can have is no manifest") func hugeNumber() throws {
        let fileSystem = try small()
        let text = String(decoding: try #require(fileSystem.files[Self.manifest]), as: UTF8.self)
        let forged = StoreForgery.sealed(text.replacing("\"commit\":1,", with: "\"commit\":\(Int.max),"))
        fileSystem.files["/store/commits/\(Int.max).json"] = forged
        #expect(try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber == 1)
        try load([SampleTable(rowCount: 3, seed: 4)], into: "/store", fileSystem: fileSystem)
        // A gap of a thousand million commits is told without a line for each.
        fileSystem.files["/store/commits/1000000000.json"] = StoreForgery.sealed(
            text.replacing("\"commit\":1,", with: "\"commit\":1000000000,"))
        let problems = try Store.open("/store", fileSystem: fileSystem).verify(deep: false).problems
        #expect((3..<200).contains(problems.count))
    }
}

extension String {
    /// The text with a part of it replaced.
    func replacingCharacters(in part: Substring, by replacement: String) -> String {
        String(self[..<part.startIndex]) + replacement + String(self[part.endIndex...])
    }
}
