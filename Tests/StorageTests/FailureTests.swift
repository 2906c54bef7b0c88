import Columns
import Diagnostics
import Storage
import Synchronization
import Testing

@Suite("Failing calls and second writers")
struct FailureTests {
    @Test(
        "whichever call fails, once or for ever, the store stays as it was and the next load works",
        arguments: [false, true])
    func everyCall(forEver: Bool) throws {
        let before = MemoryFileSystem()
        try load([SampleTable(rowCount: 30, seed: 1)], into: "/store", fileSystem: before)
        let state = before.files
        let next = SampleTable(rowCount: 20, seed: 2, firstClaim: 100)
        before.arm(failAt: nil)
        try load([next], into: "/store", fileSystem: before, rejects: "x\n")
        let callCount = before.callCount
        let after = before.files
        for failAt in 1...callCount {
            let fileSystem = MemoryFileSystem()
            fileSystem.files = state
            for folder in ["/store", "/store/commits", "/store/segments", "/store/dictionaries", "/store/rejects"] {
                fileSystem.disk.withLock { _ = $0.folders.insert(folder) }
            }
            fileSystem.arm(failAt: failAt, forEver: forEver, code: failAt % 2 == 0 ? 28 : 5)
            var failed = false
            do {
                try load([next], into: "/store", fileSystem: fileSystem, rejects: "x\n")
            } catch let error as StorageError {
                failed = true
                #expect(!error.message.isEmpty)
            }
            fileSystem.arm(failAt: nil)
            let snapshot = try Store.open("/store", fileSystem: fileSystem).snapshot()
            #expect(snapshot.damage.isEmpty)
            #expect(
                try Store.open("/store", fileSystem: fileSystem).verify(deep: true).problems == [], "call \(failAt)")
            // Taking a commit back can fail too; then it stays, whole.
            let wasTakenBack = snapshot.commitNumber == 1
            #expect(wasTakenBack || snapshot.table("claims")?.rowCount == 50)
            if !failed { #expect(!wasTakenBack) }
            if wasTakenBack {
                #expect(snapshot.table("claims")?.rowCount == 30)
                try load([next], into: "/store", fileSystem: fileSystem, rejects: "x\n")
                #expect(
                    fileSystem.files.filter { $0.key != "/store/LOCK" } == after.filter { $0.key != "/store/LOCK" },
                    "call \(failAt)")
            }
        }
    }

    @Test("a full disk is said with the free bytes")
    func fullDisk() throws {
        let fileSystem = MemoryFileSystem()
        let transaction = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        fileSystem.arm(failAt: 1, forEver: true, code: 28)
        let error = #expect(throws: StorageError.self) { try transaction.commit(batch: nil) }
        fileSystem.arm(failAt: 2, forEver: true, code: 28)
        #expect(error?.kind != nil)
        fileSystem.arm(failAt: nil)
        let second = try StoreTransaction.begin("/store", fileSystem: fileSystem)
        fileSystem.arm(failAt: 4, forEver: true, code: 28)
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
