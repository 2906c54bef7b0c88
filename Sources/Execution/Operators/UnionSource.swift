import Columns

/// The morsels of several pipelines one after the other: UNION ALL.
struct UnionSource: MorselSource {
    private let parts: [Pipeline]
    /// First morsel of each part.
    private let bases: [Int]
    let morselCount: Int

    init(_ parts: [Pipeline]) {
        var bases: [Int] = []
        var next = 0
        for part in parts {
            bases.append(next)
            next += part.source.morselCount
        }
        self.parts = parts
        self.bases = bases
        morselCount = next
    }

    var estimatedRowCount: Int { parts.reduce(0) { $0 + $1.estimatedRowCount } }
    func makeReader(_ next: any BatchConsumer) -> any MorselReader { Reader(self, next: next) }

    private final class Reader: MorselReader {
        private let bases: [Int]
        private let readers: [any MorselReader]

        init(_ union: UnionSource, next: any BatchConsumer) {
            bases = union.bases
            readers = union.parts.enumerated().map { index, part in
                part.makeReader(Renumbering(base: union.bases[index], next: next))
            }
        }

        func read(morsel: Int) throws(ExecutionError) {
            var part = readers.count - 1
            while bases[part] > morsel { part -= 1 }
            try readers[part].read(morsel: morsel - bases[part])
        }
    }

    private final class Renumbering: BatchConsumer {
        private let base: Int
        private let next: any BatchConsumer

        init(base: Int, next: any BatchConsumer) {
            self.base = base
            self.next = next
        }

        func consume(_ batch: Batch) throws(ExecutionError) {
            var batch = batch
            batch.morsel += base
            try next.consume(batch)
        }
    }
}
