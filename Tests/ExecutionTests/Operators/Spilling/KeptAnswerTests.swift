import Columns
import Execution
import Planning
import Testing

/// Answers that are kept for other statements: in memory while they are few rows, else in a file that is read piece by piece.
@Suite("Kept answers")
struct KeptAnswerTests {
    private let scan = Scan("t")
    private var source: MemoryTables { MemoryTables(tables: ["t": MemoryTable.random(seed: 91, segmentSizes: [1500, 1, 1300])]) }

    private func answer(_ plan: LogicalPlan, spillingByteCount: Int?) throws -> KeptRows {
        try Executor.answer(
            plan: plan, output: plan.columns, source: source,
            options: ExecutionOptions(workerCount: 2, temporaryDirectories: ["/tmp"], spillingByteCount: spillingByteCount))
    }

    private func rows(_ kept: KeptRows) throws -> [[ScalarValue]] {
        var batches: [Batch] = []
        try kept.forEachBatch { batches.append($0) }
        return Run.rows(batches)
    }

    private var plans: [LogicalPlan] {
        [
            scan.plan(), .sort(scan.plan(), [PlanSortKey(expression: scan(.note))]),
            .window(
                scan.plan(),
                [
                    WindowColumn(
                        column: PlanColumn(id: ColumnID(7000), name: "w", type: .bigint),
                        call: AggregateCall(name: "row_number", arguments: [], type: .bigint), partitionBy: [scan(.note)],
                        orderBy: [PlanSortKey(expression: scan(.score))], frame: WindowFrame())
                ]),
        ]
    }

    @Test("have the same rows in memory and in a file, as a whole and piece by piece") func agrees() throws {
        for plan in plans {
            let expected = Run.rows(try Executor.run(plan: plan, output: plan.columns, source: source, options: ExecutionOptions()))
            let inMemory = try answer(plan, spillingByteCount: nil)
            #expect(try rows(inMemory) == expected)
            #expect(inMemory.pieceCount == 0 && inMemory.heldByteCount > 0)
            let inFile = try answer(plan, spillingByteCount: 4000)
            #expect(try rows(inFile) == expected)
            #expect(inFile.heldByteCount == 0 && inFile.batchesInMemory == nil)
            var pieces: [Batch] = []
            for number in 0..<inFile.pieceCount {
                let piece = try inFile.piece(number)
                #expect(piece.rowCount == inFile.rowCount(piece: number))
                pieces.append(piece)
            }
            #expect(Run.rows(pieces) == expected)
        }
    }

    @Test("are taken apart by the value of a column, each part kept as it fits") func parts() throws {
        let plan = scan.plan()
        let marker = Field.allCases.firstIndex(of: .flag) ?? 0
        let columns = [Field.note, .wide, .day].map(\.rawValue)
        let expected = Run.rows(try Executor.run(plan: plan, output: plan.columns, source: source, options: ExecutionOptions()))
            .filter { $0[marker] == .boolean(true) }.map { row in columns.map { row[$0] } }
        #expect(!expected.isEmpty)
        for spillingByteCount in [nil, 1_000_000, 4000] as [Int?] {
            let part = try answer(plan, spillingByteCount: spillingByteCount).rows(where: marker, is: .boolean(true), columns: columns)
            #expect(try rows(part) == expected)
            #expect(part.rowCount == expected.count)
            #expect((part.batchesInMemory == nil) == (spillingByteCount == 4000))
        }
    }
}
