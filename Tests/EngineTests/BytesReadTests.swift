import Engine
import Foundation
import Testing

/// What a statement is said to have read.
@Suite("Bytes read")
struct BytesReadTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fundwatch-bytes-\(UUID().uuidString)")

    private func database() -> Database {
        var options = EngineOptions()
        options.countsBytesRead = true
        return Database(path: folder.appendingPathComponent("store").path, options: options)
    }

    @Test("of CSV it is the files, once, and nothing of the copy") func files() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var size = 0
        for number in 0..<3 {
            let text = "n,t\n" + (0..<1000 * (number + 1)).map { "\($0),text \($0 % 7)\n" }.joined()
            try Data(text.utf8).write(to: folder.appendingPathComponent("\(number).csv"))
            size += text.utf8.count
        }
        let database = database()
        func bytesRead(_ statement: String) throws -> Int {
            var total = 0
            try database.run(statement) { total += $0.bytesRead }
            return total
        }
        let all = "select count(*), sum(n), max(t) from '\(folder.path)/*.csv'"
        #expect(try bytesRead(all) == size)
        // They are not read again.
        #expect(try bytesRead(all) == 0)
        #expect(try bytesRead("select count(*) from '\(folder.path)/0.csv'") == Data(contentsOf: folder.appendingPathComponent("0.csv")).count)
        #expect(try bytesRead("select 1") == 0)
    }
}
