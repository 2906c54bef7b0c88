import Columns
import Diagnostics
import Storage
import Synchronization
import Testing

@Suite("Failing calls and second writers")
struct FailureTests {
    enum Pattern: CaseIterable {
        case once, forEver, often, onceAfterTheEffect

        func plan(from call: Int) -> FailurePlan {
            var failure = FailurePlan.Failure(code: call % 2 == 0 ? FailurePlan.noSpace : FailurePlan.inputOutput)
            switch self {
            case .once: return .once(call, failure)
            case .forEver: return .forEver(from: call, failure)
            case .often: return .often(from: call, failure)
            case .onceAfterTheEffect:
                failure.comesAfterTheEffect = true
                return .once(call, failure)
            }
        }
    }

    @Test(
        "whichever call of whichever writer fails, in whatever way, the store stays as it was or is as the writer wanted it, and the next try works",
        arguments: Pattern.allCases)
    func everyCall(pattern: Pattern) throws {
        let states = try StoreWriter.states()
        for (writer, (before, after)) in zip(StoreWriter.all, zip(states, states.dropFirst())) {
            let counting = MemoryFileSystem(copying: before.files)
            counting.arm(.none)
            try writer.write(counting)
            for failAt in 1...counting.callCount {
                let what: Comment = "\(writer.name), call \(failAt)"
                let fileSystem = MemoryFileSystem(copying: before.files)
                fileSystem.arm(pattern.plan(from: failAt))
                var failure: StorageError?
                do { try writer.write(fileSystem) } catch let error as StorageError { failure = error }
                fileSystem.arm(.none)
                if let failure { #expect(!failure.message.isEmpty, what) }
                #expect(fileSystem.openFiles.isEmpty && !fileSystem.isLocked, what)
                let contents = try contents(of: fileSystem, what)
                // Taking a commit back can fail too; then it stays, whole.
                let wasTakenBack = contents == before.contents
                #expect(wasTakenBack || contents == after.contents, what)
                if failure == nil { #expect(!wasTakenBack, what) }
                guard wasTakenBack else { continue }
                try writer.write(fileSystem)
                #expect(files(fileSystem) == files(after.files), what)
            }
        }
    }

    private func contents(of fileSystem: MemoryFileSystem, _ what: Comment) throws -> StoreContents {
        do { return try StoreContents(StoreWriter.path, fileSystem: fileSystem) } catch {
            Issue.record(error, what)
            throw error
        }
    }

    private func files(_ fileSystem: MemoryFileSystem) -> [String: [UInt8]] {
        fileSystem.files.filter { !$0.key.hasSuffix("/LOCK") }
    }

    @Test("a manifest that cannot be taken back keeps every file it names") func commitInDoubt() throws {
        let states = try StoreWriter.states()
        for (writer, (before, after)) in zip(StoreWriter.all, zip(states, states.dropFirst())) {
            let fileSystem = MemoryFileSystem(copying: before.files)
            // The link is made although it says it failed, and cannot be removed again.
            fileSystem.arm(
                FailurePlan { call in
                    guard call.path.hasSuffix(".json") else { return nil }
                    return switch call.name {
                    case "link": FailurePlan.Failure(comesAfterTheEffect: true)
                    case "unlink": FailurePlan.Failure()
                    default: nil
                    }
                })
            let error = #expect(throws: StorageError.self) { try writer.write(fileSystem) }
            fileSystem.arm(.none)
            #expect(try contents(of: fileSystem, "\(writer.name)") == after.contents)
            #expect(error?.message.contains("may be there") == true, "\(error?.message ?? "")")
        }
    }

    @Test("a full disk is said with the free bytes")
    func fullDisk() throws {
        let fileSystem = MemoryFileSystem()
        let noSpace = FailurePlan.Failure(code: FailurePlan.noSpace)
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        fileSystem.arm(.forEver(from: 1, noSpace))
        let error = #expect(throws: StorageError.self) { try transaction.commit(batch: nil) }
        fileSystem.arm(.forEver(from: 2, noSpace))
        #expect(error?.kind != nil)
        fileSystem.arm(.none)
        let second = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        fileSystem.arm(.forEver(from: 4, noSpace))
        let full = #expect(throws: StorageError.self) { try second.commit(batch: nil) }
        #expect(full?.kind == .cannotCreate)
        #expect(full?.message.contains("4096 bytes are free") == true)
    }

    @Test("a second writer is told who holds the store, and readers are not disturbed")
    func twoWriters() throws {
        let fileSystem = MemoryFileSystem()
        let first = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        let error = #expect(throws: StorageError.self) { try StoreTransaction.begin("/store", fileSystem: fileSystem) }
        #expect(error?.kind == .busy)
        #expect(error?.message.contains("process ") == true)
        #expect(try Store.open("/store", fileSystem: fileSystem).snapshot().commitNumber == 0)
        first.abort()
        try StoreTransaction.begin("/store", fileSystem: fileSystem).commit(batch: nil)
    }

    @Test("what a crashed writer left is removed by the next one, and nothing else")
    func leftovers() throws {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 30, seed: 1)], into: "/store", fileSystem: fileSystem, rejects: "x\n")
        let sound = fileSystem.files
        for name in [
            "segments/00000002-1-00000000.seg", "segments/00000001-1-00000009.seg.tmp",
            "dictionaries/00000002-1-0.dict",
            "commits/00000002.json.tmp", "commits/00000002.json", "rejects/2.csv", "rejects/2.csv.tmp",
        ] { fileSystem.files["/store/" + name] = [] }
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        transaction.abort()
        #expect(fileSystem.files == sound)
    }

    @Test("an abandoned transaction leaves nothing behind")
    func abandoned() throws {
        let fileSystem = MemoryFileSystem()
        try load([SampleTable(rowCount: 30, seed: 1)], into: "/store", fileSystem: fileSystem)
        let sound = fileSystem.files
        do {
            let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
            let schema = Schema([Field(name: "a", type: .bigint)])
            try transaction.createTable("t", schema: schema)
            let column = EncodableColumn(.int64([1, 2, 3]))
            let segment = try SegmentEncoder.encode(schema: schema, columns: [column], rowCount: 3, groupKeyColumn: nil)
            try transaction.add(segment, to: "t", order: 0)
            try transaction.appendRejects([65])
        }
        #expect(fileSystem.files == sound)
    }

    @Test("the operating system's files work, lock and open as the ones in memory do")
    func posix() throws {
        let folder = "/tmp/fundwatch-storage-test-\(UInt64.random(in: 0 ... .max))"
        defer { removeFolder(folder) }
        #expect(throws: StorageError.self) { try Store.open(folder) }
        let files = PosixFileSystem()
        let rows = SampleTable(rowCount: 100, seed: 1)
        try load([rows], into: folder + "/a/store", fileSystem: files, rejects: "x\n")
        let store = try Store.open(folder + "/a/store")
        #expect(try allRows(try #require(try store.snapshot().table("claims"))) == rows.rows)
        #expect(try store.verify(deep: true).problems == [])
        let first = try StoreTransaction.begin(folder + "/a/store")
        let error = #expect(throws: StorageError.self) { try StoreTransaction.begin(folder + "/a/store") }
        #expect(error?.kind == .busy)
        first.abort()
    }

    private func removeFolder(_ path: String) {
        let files = PosixFileSystem()
        for name in (try? files.list(path)) ?? [] {
            if (try? files.remove(path + "/" + name)) == nil { removeFolder(path + "/" + name) }
        }
        files.removeEmptyFolder(path)
    }
}
