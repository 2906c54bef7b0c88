import Diagnostics
import Storage
import Testing

/// The power goes at any step of any writer: see `PowerCut` for what may be left.
@Suite("Power cuts")
struct PowerCutTests {
    /// Tries with other losses at each step.
    private static let seedCount: UInt64 = Torture.isAskedFor ? 40 : 2

    /// What the script left after each commit, with the files it did so by.
    private struct Script {
        let states: [(files: MemoryFileSystem, contents: StoreContents)]

        init() throws { states = try StoreWriter.states() }

        /// Runs the writers from a commit on, and keeps the log. After a failed call the next process goes on where the
        /// store stands, without failures.
        func record(
            from commit: Int, on disk: MemoryFileSystem = MemoryFileSystem(), failures: FailurePlan = .none
        ) throws -> RecordingFileSystem {
            let recording = RecordingFileSystem(disk)
            var next = commit
            disk.arm(failures)
            while next < StoreWriter.all.count {
                recording.note(.begin(commit: next + 1))
                do {
                    try StoreWriter.all[next].write(recording)
                    next += 1
                    recording.note(.acknowledge(commit: next))
                } catch {
                    // Nothing fails twice for no reason.
                    if recording.steps.contains(where: { if case .restart = $0 { true } else { false } }) { throw error }
                    disk.arm(.none)
                    recording.note(.restart)
                    let found = try StoreContents(StoreWriter.path, fileSystem: disk).commitNumber
                    #expect(found == next || found == next + 1)
                    next = found
                }
            }
            disk.arm(.none)
            return recording
        }

        /// The store holds some state from the last acknowledged commit to the last one begun, whole; returns its number.
        func check(_ disk: MemoryFileSystem, acknowledged: Int, begun: Int, _ what: Comment) throws -> Int {
            let found: StoreContents
            do { found = try StoreContents(StoreWriter.path, fileSystem: disk) } catch {
                Issue.record(error, what)
                throw error
            }
            #expect((acknowledged...begun).contains(found.commitNumber), what)
            #expect(found == states[found.commitNumber].contents, what)
            return found.commitNumber
        }

        /// The next writer does its work, and what is there then is what would be there without the cut.
        func checkNext(_ disk: MemoryFileSystem, from commit: Int, _ what: Comment) throws {
            guard commit < StoreWriter.all.count else { return }
            try StoreWriter.all[commit].write(disk)
            _ = try check(disk, acknowledged: commit + 1, begun: commit + 1, what)
            let isOurs = { (path: String) in !path.hasSuffix("/LOCK") }
            let expected = states[commit + 1].files.files.filter { isOurs($0.key) }
            #expect(disk.files.filter { isOurs($0.key) } == expected, what)
        }
    }

    /// The newest commit that was acknowledged, and that was begun, in a part of a log.
    private func range(_ steps: ArraySlice<DiskStep>, from commit: Int = 0) -> (acknowledged: Int, begun: Int) {
        var result = (acknowledged: commit, begun: commit)
        for step in steps {
            if case .acknowledge(let commit) = step { result.acknowledged = commit }
            if case .begin(let commit) = step { result.begun = commit }
        }
        return result
    }

    @Test("after a cut at any step every acknowledged commit is there, none by halves, and the next writer works")
    func everyStep() throws {
        let script = try Script()
        let recording = try script.record(from: 0)
        let steps = recording.steps
        #expect(range(steps[...]).acknowledged == StoreWriter.all.count)
        var cutCount = 0
        for cut in 0...steps.count {
            let known = range(steps[..<cut])
            let power = PowerCut(base: MemoryFileSystem(), firstFiles: [], steps: steps[..<cut])
            for names in PowerCut.Names.allCases {
                for seed in 0..<Self.seedCount {
                    let disk = power.survivor(names, seed: UInt64(cut) << 32 | seed)
                    let what: Comment = "cut at step \(cut), names \(names), seed \(seed)"
                    let commit = try script.check(
                        disk, acknowledged: known.acknowledged, begun: known.begun, what)
                    if seed == 0 { try script.checkNext(disk, from: commit, what) }
                    cutCount += 1
                }
            }
        }
        print("power cuts: \(cutCount) at \(steps.count + 1) steps")
    }

    @Test("a second cut while the next writer cleans up after the first loses nothing either") func twice() throws {
        let script = try Script()
        let first = try script.record(from: 0)
        var random = SeededRandom(seed: 11)
        for round in 0..<(Torture.isAskedFor ? 2000 : 60) {
            let cut = Int.random(in: 0...first.steps.count, using: &random)
            var known = range(first.steps[..<cut])
            var disk = PowerCut(base: MemoryFileSystem(), firstFiles: [], steps: first.steps[..<cut])
                .survivor(.inOrder, seed: random.next())
            for again in 1...2 {
                let what: Comment = "round \(round), first cut at step \(cut), cut again \(again)"
                let commit = try script.check(disk, acknowledged: known.acknowledged, begun: known.begun, what)
                let base = MemoryFileSystem(copying: disk)
                let next = try script.record(from: commit, on: disk)
                let second = Int.random(in: 0...next.steps.count, using: &random)
                known = range(next.steps[..<second], from: commit)
                disk = PowerCut(base: base, firstFiles: next.firstFiles, steps: next.steps[..<second])
                    .survivor(random.next() & 1 == 0 ? .scattered : .inOrder, seed: random.next())
            }
            _ = try script.check(disk, acknowledged: known.acknowledged, begun: known.begun, "round \(round), at last")
        }
    }

    @Test("a cut after a call that failed loses nothing either") func afterFailures() throws {
        let script = try Script()
        var random = SeededRandom(seed: 12)
        let callCount = try callCount()
        for round in 0..<(Torture.isAskedFor ? 4000 : 120) {
            let failing = Int.random(in: 1...callCount, using: &random)
            let recording = try script.record(
                from: 0, failures: round % 2 == 0 ? .once(failing) : .often(from: failing))
            let steps = recording.steps
            // Mostly soon after the failure, when what was taken back may not be safe yet.
            let failed = steps.firstIndex { if case .restart = $0 { true } else { false } }
            let around = round % 3 == 0 ? 0 : failed ?? 0
            let cut = Int.random(in: around...min(steps.count, around == 0 ? steps.count : around + 25), using: &random)
            let known = range(steps[..<cut])
            let disk = PowerCut(base: MemoryFileSystem(), firstFiles: [], steps: steps[..<cut])
                .survivor(.scattered, seed: random.next())
            let what: Comment = "round \(round), call \(failing) failed, cut at step \(cut) of \(steps.count)"
            let commit = try script.check(disk, acknowledged: known.acknowledged, begun: known.begun, what)
            try script.checkNext(disk, from: commit, what)
        }
    }

    /// Calls of all writers that could fail.
    private func callCount() throws -> Int {
        let fileSystem = MemoryFileSystem()
        for writer in StoreWriter.all { try writer.write(fileSystem) }
        return fileSystem.callCount
    }

    @Test("the model does lose what was not synchronised") func modelLoses() throws {
        let recording = RecordingFileSystem()
        try recording.makeFolder("/a")
        let descriptor = try recording.createFile("/a/b")
        let text = Array("twelve bytes".utf8)
        try recording.write(descriptor, unsafe text.span.bytes)
        let steps = recording.steps
        func cut(_ steps: [DiskStep], _ names: PowerCut.Names, _ seed: UInt64) -> [String: [UInt8]] {
            PowerCut(base: MemoryFileSystem(), firstFiles: [], steps: steps[...]).survivor(names, seed: seed).files
        }
        #expect(cut(steps, .none, 0).isEmpty)
        let found = Set((0..<50).map { cut(steps, .all, $0)["/a/b"]! })
        #expect(found.contains([]) && found.contains(text) && found.count > 5)
        // The file is safe, its name is not, nor is its folder's.
        #expect(cut(steps + [.synchronize(file: 0)], .none, 0).isEmpty)
        #expect(cut(steps + [.synchronizeFolder("/a"), .synchronize(file: 0)], .none, 0).isEmpty)
        let all: [DiskStep] = [.synchronizeFolder("/"), .synchronizeFolder("/a"), .synchronize(file: 0)]
        #expect(cut(steps + all, .none, 0) == ["/a/b": text])
    }
}
