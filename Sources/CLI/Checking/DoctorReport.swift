import Columns
import Diagnostics
import Engine
import Glibc
import Indicators
import Storage

/// What `doctor` found, a line each.
struct DoctorReport {
    /// What a line is about.
    enum Part {
        case program, processor, memory, limit, disk, store, setting
    }

    private let language: DisplayLanguage
    private var rows: ResultRows

    init(language: DisplayLanguage) {
        self.language = language
        let names = [("part", "部分"), ("name", "名称"), ("value", "值"), ("note", "说明")]
        rows = ResultRows(fields: names.map { Field(name: BilingualText($0, $1)[language], type: .text) })
    }

    var result: QueryResult { rows.result() }

    func say(_ english: String, _ chinese: String) -> String { BilingualText(english, chinese)[language] }

    mutating func add(_ part: Part, _ name: String, _ value: String, _ note: String = "") {
        rows.append([.text(text(part)), .text(name), .text(value), note.isEmpty ? .null : .text(note)])
    }

    private func text(_ part: Part) -> String {
        switch part {
        case .program: say("program", "程序")
        case .processor: say("processor", "处理器")
        case .memory: say("memory", "内存")
        case .limit: say("limit", "限制")
        case .disk: say("disk", "磁盘")
        case .store: say("store", "数据仓")
        case .setting: say("setting", "设置")
        }
    }

    mutating func addMachine(storePath: String) {
        add(.program, say("version", "版本"), Fundwatch.toolVersion)
        add(.processor, say("cores", "核数"), String(EngineOptions.processorCount))
        add(.processor, say("kernels", "指令集"), EngineProcess.kernelLevel, say("of portable, AVX2, AVX-512", "可为 portable、AVX2、AVX-512"))
        let unknown = say("unknown", "未知")
        let little = say("little", "偏少")
        add(
            .memory, say("available", "可用"), MachineMemory.available.map(ByteSize.text) ?? unknown,
            (MachineMemory.available ?? .max) < 1 << 28 ? little : "")
        add(.memory, say("total", "总量"), MachineMemory.total.map(ByteSize.text) ?? unknown)
        if let limit = MachineMemory.groupLimit { add(.memory, say("limit of the control group", "控制组上限"), ByteSize.text(limit)) }
        if let limit = MachineMemory.usualLimit {
            add(.memory, say("a query may hold", "一条查询可用"), ByteSize.text(limit), say("without --memory", "未设 --memory 时"))
        }
        let files = MachineLimits.openFiles
        add(.limit, say("open files", "可打开文件数"), String(files), files < 256 ? say("few: raise it with ulimit -n", "偏少：请用 ulimit -n 调高") : "")
        if let free = MachineLimits.diskFree(near: storePath) {
            add(.disk, say("free at the store", "数据仓处剩余"), ByteSize.text(free), free < 1 << 30 ? little : "")
        }
    }

    /// - Returns: What is damaged.
    mutating func addStore(_ path: String) -> [StorageError] {
        add(.store, say("path", "路径"), path)
        do throws(StorageError) {
            let store = try Store.open(path)
            let snapshot = try store.snapshot()
            add(.store, say("commit", "提交"), String(snapshot.commitNumber), snapshot.headHash)
            add(.store, say("batches", "批次数"), String(snapshot.batches.count { !$0.isDropped }))
            for table in snapshot.tables {
                let count = CountText.text(table.rowCount)
                add(
                    .store, say("table \(table.name)", "表 \(table.name)"), say(CountedWord.text(table.rowCount, "row"), "\(count) 行"),
                    say(CountedWord.text(table.segments.count, "segment"), "\(table.segments.count) 个数据段"))
            }
            let report = try store.verify(deep: false)
            add(
                .store, say("health", "状况"),
                report.isSound ? say("sound", "完好") : say("\(report.problems.count) problem(s)", "\(report.problems.count) 处问题"),
                say(
                    "\(CountedWord.text(report.segmentCount, "segment")), \(CountedWord.text(report.dictionaryCount, "dictionary", "dictionaries")) looked at",
                    "已查看 \(report.segmentCount) 个数据段、\(report.dictionaryCount) 个字典"))
            return report.problems
        } catch {
            let message = error.diagnostic.message
            add(
                .store, say("health", "状况"), error.kind == .noInput ? say("none yet", "尚无") : say("unreadable", "不能读取"),
                say(message, ChineseMessages.text(message)))
            return error.kind == .noInput ? [] : [error]
        }
    }

    func defaultText(of setting: String) -> String {
        switch setting {
        case "store": "./fundwatch-store"
        case "threads": String(EngineOptions.processorCount)
        case "memory": MachineMemory.usualLimit == nil ? say("no limit", "不限") : say("three quarters of the memory", "四分之三")
        case "timeout": say("no limit", "不限")
        case "lang": "en"
        default: "auto"
        }
    }
}
