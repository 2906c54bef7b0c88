import Foundation
import Testing

/// A damaged store: never answered wrongly, never skipped silently, never the end of the rest.
@Suite("Damaged stores")
struct DamageTests {
    /// Reads every column of every row.
    private static let readAll = "select * from claims order by claim_id, line_id"

    /// A copy of the generated store to damage.
    private struct Patient {
        let folder: TemporaryFolder
        let store: StoreUnderTest

        init() throws {
            folder = try TemporaryFolder()
            store = StoreUnderTest(folder.path("store"))
            try FileContent.copyTree(GeneratedClaims.small().store.path, to: store.path)
        }

        func files(_ place: String) -> [String] {
            FileContent.names(in: store.path + "/" + place).map { place + "/" + $0 }
        }

        func change(_ file: String, _ edit: (inout [UInt8]) -> Void) throws {
            var bytes = try FileContent.bytes(store.path + "/" + file)
            edit(&bytes)
            try Data(bytes).write(to: URL(fileURLWithPath: store.path + "/" + file))
        }

        /// The largest file of a place: that of the claims.
        func largest(_ place: String) throws -> String {
            let sized = try files(place).map { ($0, try FileContent.bytes(store.path + "/" + $0).count) }
            return try #require(sized.max { $0.1 < $1.1 }).0
        }
    }

    private static func expectDamage(
        _ patient: Patient, _ file: String, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let checked = try patient.store.run(["verify"])
        #expect(
            checked.ending == .exited(code: 65), "\(what): verify \(checked.ending)", sourceLocation: sourceLocation)
        #expect(checked.errors.contains(file), "\(what): verify said \(checked.errors)", sourceLocation: sourceLocation)
    }

    @Test("a truncated segment fails the query that meets it by name, and other tables still answer")
    func truncatedSegment() throws {
        for share in [0.0, 0.3, 0.999] {
            let patient = try Patient()
            let file = try patient.largest("segments")
            try patient.change(file) { $0 = Array($0.prefix(Int(Double($0.count) * share))) }
            let answer = try patient.store.run("sql", Self.readAll, expecting: 65)
            #expect(answer.errors.contains(file) && answer.output.isEmpty, "\(answer.errors)")
            try Self.expectDamage(patient, file, "truncated to \(share)")
            #expect(
                try patient.store.count("select count(*) from institutions")
                    == GeneratedClaims.small().sheet("institutions").rows.count)
            #expect(try patient.store.count("select count(*) from knowledge") > 0)
        }
    }

    @Test("a missing segment is named") func missingSegment() throws {
        let patient = try Patient()
        let file = try patient.largest("segments")
        try FileManager.default.removeItem(atPath: patient.store.path + "/" + file)
        #expect(try patient.store.run("sql", Self.readAll, expecting: 65).errors.contains(file))
        try Self.expectDamage(patient, file, "removed")
    }

    @Test("a flipped byte in a segment is never answered over: the query fails by name or does not need it")
    func flippedSegmentByte() throws {
        let clean = try GeneratedClaims.small().store.run("sql", Self.readAll).outputBytes
        var random = SeededRandom(seed: 41)
        let patient = try Patient()
        let file = try patient.largest("segments")
        let size = try FileContent.bytes(patient.store.path + "/" + file).count
        var offsets = [0, 8, 63, 64, size - 1, size - 8, size - 64]
        for _ in 0..<(Torture.isAskedFor ? 200 : 8) { offsets.append(random.below(size)) }
        for offset in offsets {
            let mask = UInt8(1 << random.below(8))
            try patient.change(file) { $0[offset] ^= mask }
            let answer = try patient.store.run(["sql", Self.readAll])
            let isRefused = answer.ending == .exited(code: 65) && answer.errors.contains(file)
            let isRight = answer.ending == .exited(code: 0) && answer.outputBytes == clean
            #expect(isRefused || isRight, "byte \(offset), mask \(mask): \(answer.ending) \(answer.errors)")
            try Self.expectDamage(patient, file, "byte \(offset), mask \(mask)")
            try patient.change(file) { $0[offset] ^= mask }
        }
        try patient.store.run("verify")
    }

    @Test("a flipped byte in a dictionary is never answered over") func flippedDictionaryByte() throws {
        let clean = try GeneratedClaims.small().store.run("sql", Self.readAll).outputBytes
        var random = SeededRandom(seed: 43)
        let patient = try Patient()
        for file in [try patient.largest("dictionaries")]
            + patient.files("dictionaries").shuffled(using: &random).prefix(Torture.isAskedFor ? 20 : 3)
        {
            let size = try FileContent.bytes(patient.store.path + "/" + file).count
            let offset = random.below(size)
            try patient.change(file) { $0[offset] ^= 0x20 }
            let answer = try patient.store.run(["sql", Self.readAll])
            let isRefused = answer.ending == .exited(code: 65) && answer.errors.contains(file)
            let isRight = answer.ending == .exited(code: 0) && answer.outputBytes == clean
            #expect(isRefused || isRight, "\(file), byte \(offset): \(answer.ending) \(answer.errors)")
            try Self.expectDamage(patient, file, "byte \(offset)")
            try patient.change(file) { $0[offset] ^= 0x20 }
        }
    }

    @Test("a damaged newest manifest is named, and what is answered is an earlier state or nothing")
    func flippedManifestByte() throws {
        var random = SeededRandom(seed: 47)
        let patient = try Patient()
        let file = try #require(patient.files("commits").last)
        let size = try FileContent.bytes(patient.store.path + "/" + file).count
        for offset in [0, random.below(size), random.below(size), size - 2] {
            try patient.change(file) { $0[offset] ^= 0x04 }
            let answer = try patient.store.run(["sql", "select count(*) from claims"])
            #expect(answer.errors.contains(file), "byte \(offset): \(answer.ending) \(answer.errors)")
            // The claims came with the newest commit: without it there are none.
            let isRefused = answer.ending == .exited(code: 65)
            let isEarlier = answer.ending == .exited(code: 0) && answer.output == "count\n0\n"
            #expect(isRefused || isEarlier, "byte \(offset): \(answer.ending) \(answer.output)")
            try Self.expectDamage(patient, file, "byte \(offset)")
            try patient.change(file) { $0[offset] ^= 0x04 }
        }
        try patient.store.run("verify")
    }

    @Test("whoever answers from an earlier commit says so, also when asked to be quiet")
    func everyVerbWarns() throws {
        let patient = try Patient()
        try patient.store.run("sql", "create table kept as select count(*) as n from claims")
        let file = try #require(patient.files("commits").last)
        try patient.change(file) { $0[$0.count / 2] ^= 0x04 }
        let claims = try patient.folder.write("few.csv", "claim_id,line_id\n1,1\n")
        let readers = [
            ["sql", "select count(*) from claims"], ["stats"], ["batches"], ["sniff", claims], ["export", "--table", "institutions", "--out", patient.folder.path("out")],
            ["feedback", "show"],
        ]
        for arguments in readers {
            for quiet in [[], ["--quiet"]] {
                let answer = try patient.store.run(arguments + quiet)
                #expect(answer.errors.contains(file), "\(arguments): \(answer.ending) \(answer.errors)")
            }
        }
        for arguments in [["compact"], ["gc"], ["drop-batch", "1"], ["ingest", claims], ["doctor"], ["verify"], ["report", "--out", patient.folder.path("report")]] {
            let answer = try patient.store.run(arguments + ["--quiet"])
            #expect(answer.ending == .exited(code: 65) && answer.errors.contains(file), "\(arguments): \(answer.ending) \(answer.errors)")
        }
    }

    @Test("an older manifest that was changed breaks the chain, and verify names it") func changedHistory() throws {
        let patient = try Patient()
        let file = try #require(patient.files("commits").first)
        try patient.change(file) { $0[$0.count / 2] ^= 0x01 }
        try Self.expectDamage(patient, file, "older manifest")
    }

    @Test("a newest manifest of no bytes counts as absent, so that a crash before its bytes were safe loses nothing")
    func emptyManifest() throws {
        let patient = try Patient()
        let newest = try #require(patient.files("commits").last)
        let number = try #require(Int(newest.split(separator: "/").last?.split(separator: ".").first ?? ""))
        let digits = String(number + 1)
        let next = "commits/" + String(repeating: "0", count: max(0, 8 - digits.utf8.count)) + digits + ".json"
        try Data().write(to: URL(fileURLWithPath: patient.store.path + "/" + next))
        #expect(try patient.store.count("select count(*) from claims") == GeneratedClaims.smallLineCount)
        let file = try patient.folder.write("d.csv", "patient_id,death_date\nP1,2025-01-01\n")
        try patient.store.run("ingest", file, "--table", "deaths")
        #expect(try patient.store.count("select count(*) from deaths") == 1)
        try patient.store.run("verify")
    }

    @Test("files that do not belong to the store do no harm") func strangers() throws {
        let patient = try Patient()
        for name in ["segments/readme.txt", "dictionaries/.DS_Store", "commits/notes.txt", "stranger"] {
            try Data("?".utf8).write(to: URL(fileURLWithPath: patient.store.path + "/" + name))
        }
        #expect(try patient.store.count("select count(*) from claims") == GeneratedClaims.smallLineCount)
        try patient.store.run("verify")
    }

    @Test("verify compares with the head hash a report printed") func expectedHead() throws {
        let store = try GeneratedClaims.small().store
        let head = try #require(store.run("verify").output.split { !$0.isHexDigit }.first { $0.count == 64 })
        try store.run("verify", "--expect-head", String(head))
        try store.run("verify", "--expect-head", String(repeating: "0", count: 64), expecting: 1)
    }
}
