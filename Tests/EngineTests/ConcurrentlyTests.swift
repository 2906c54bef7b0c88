import Diagnostics
import Engine
import Testing

@Suite("Pieces of work at the same time")
struct ConcurrentlyTests {
    private func database(workerCount: Int, memoryLimit: Int? = nil) -> Database {
        var options = EngineOptions()
        options.workerCount = workerCount
        options.memoryLimit = memoryLimit
        return Database(path: "/nowhere", options: options)
    }

    @Test("give what they give in order, for any number of threads", arguments: [1, 2, 3, 8]) func order(workerCount: Int) throws {
        let pieces = (0..<60).map { number -> @Sendable (Database) throws -> Int in { _ in number * number } }
        #expect(try database(workerCount: workerCount).concurrently(pieces) == (0..<60).map { $0 * $0 })
        #expect(try database(workerCount: workerCount).concurrently([@Sendable (Database) throws -> Int]()).isEmpty)
    }

    @Test("share the threads; one thread, one piece and a memory limit leave a piece all of them", arguments: [
        (1, nil, 4, 1), (2, nil, 4, 1), (3, nil, 4, 2), (8, nil, 4, 4), (8, nil, 1, 8), (8, 1 << 30, 4, 8),
    ] as [(Int, Int?, Int, Int)])
    func threads(workerCount: Int, memoryLimit: Int?, pieceCount: Int, share: Int) throws {
        let pieces = (0..<pieceCount).map { _ -> @Sendable (Database) throws -> Int in { $0.options.effectiveWorkerCount } }
        let shares = try database(workerCount: workerCount, memoryLimit: memoryLimit).concurrently(pieces)
        #expect(shares == [Int](repeating: share, count: pieceCount))
    }

    @Test("throw the error of the first that failed, whichever failed sooner", arguments: [1, 2, 8]) func failure(workerCount: Int) {
        let pieces = (0..<20).map { number -> @Sendable (Database) throws -> Int in
            { _ in
                if number >= 7 { throw Diagnostic(.query, "piece \(number)") }
                return number
            }
        }
        for _ in 0..<20 {
            let error = #expect(throws: Diagnostic.self) { try database(workerCount: workerCount).concurrently(pieces) }
            #expect(error?.message == "piece 7")
        }
    }
}
