import Columns
import Diagnostics
import Engine
import Glibc
import Storage

/// What `doctor` found, a line each.
struct DoctorReport {
    private var rows = ResultRows(fields: ["part", "name", "value", "note"].map { Field(name: $0, type: .text) })

    var result: QueryResult { rows.result() }

    mutating func add(_ part: String, _ name: String, _ value: String, _ note: String = "") {
        rows.append([.text(part), .text(name), .text(value), note.isEmpty ? .null : .text(note)])
    }

    mutating func addMachine(storePath: String) {
        add("program", "version", Fundwatch.toolVersion)
        add("processor", "cores", String(EngineOptions.processorCount))
        add("processor", "kernels", EngineProcess.kernelLevel, "of portable, AVX2, AVX-512")
        let memory = MachineLimits.memory
        add("memory", "available", memory.available.map(ByteSize.text) ?? "unknown", (memory.available ?? .max) < 1 << 28 ? "little" : "")
        add("memory", "total", memory.total.map(ByteSize.text) ?? "unknown")
        if let limit = MachineLimits.groupMemory { add("memory", "limit of the control group", ByteSize.text(limit)) }
        let files = MachineLimits.openFiles
        add("limit", "open files", String(files), files < 256 ? "few: raise it with ulimit -n" : "")
        if let free = MachineLimits.diskFree(near: storePath) {
            add("disk", "free at the store", ByteSize.text(free), free < 1 << 30 ? "little" : "")
        }
    }

    /// - Returns: What is damaged.
    mutating func addStore(_ path: String) -> [StorageError] {
        add("store", "path", path)
        do throws(StorageError) {
            let store = try Store.open(path)
            let snapshot = try store.snapshot()
            add("store", "commit", String(snapshot.commitNumber), snapshot.headHash)
            add("store", "batches", String(snapshot.batches.count { !$0.isDropped }))
            for table in snapshot.tables {
                add("store", "table \(table.name)", "\(CountText.text(table.rowCount)) rows", "\(table.segments.count) segments")
            }
            let report = try store.verify(deep: false)
            add(
                "store", "health", report.isSound ? "sound" : "\(report.problems.count) problem(s)",
                "\(report.segmentCount) segments, \(report.dictionaryCount) dictionaries looked at")
            return report.problems
        } catch {
            add("store", "health", error.kind == .noInput ? "none yet" : "unreadable", error.diagnostic.message)
            return error.kind == .noInput ? [] : [error]
        }
    }

    static func defaultText(of setting: String) -> String {
        switch setting {
        case "store": "./fundwatch-store"
        case "threads": String(EngineOptions.processorCount)
        case "memory", "timeout": "no limit"
        case "lang": "en"
        default: "auto"
        }
    }
}
