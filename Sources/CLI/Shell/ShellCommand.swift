import Diagnostics
import Indicators

/// A command of the shell itself: `\x` as in psql, `.x` as in DuckDB and SQLite.
enum ShellCommand: CaseIterable {
    case describe, tables, views, functions, indicators, indicator
    case mode, expanded, timing, rowLimit, nullText, pager, language, settings
    case output, once, copy, read, edit, run, runExpanded, show, reset, history, say
    case open, place, folder, system, preset, help, quit

    /// How it is called, the names of the help first.
    var names: [String] {
        switch self {
        case .describe: ["\\d", ".schema", ".columns"]
        case .tables: ["\\dt", ".tables"]
        case .views: ["\\dv", ".views"]
        case .functions: ["\\df", ".functions"]
        case .indicators: ["\\indicators", ".indicators"]
        case .indicator: ["\\indicator", ".indicator"]
        case .mode: [".mode", "\\mode"]
        case .expanded: ["\\x", ".expanded"]
        case .timing: ["\\timing", ".timer"]
        case .rowLimit: [".maxrows", "\\maxrows"]
        case .nullText: [".nullvalue", "\\null"]
        case .pager: [".pager", "\\pager"]
        case .language: [".lang", "\\lang"]
        case .settings: [".show", "\\settings"]
        case .output: ["\\o", ".output"]
        case .once: [".once", "\\once"]
        case .copy: ["\\copy"]
        case .read: ["\\i", ".read", "\\ir"]
        case .edit: ["\\e", ".edit"]
        case .run: ["\\g"]
        case .runExpanded: ["\\gx"]
        case .show: ["\\p"]
        case .reset: ["\\r"]
        case .history: ["\\s", ".history"]
        case .say: ["\\echo", ".print", "\\qecho"]
        case .open: [".open", "\\c"]
        case .place: ["\\conninfo", ".databases"]
        case .folder: ["\\cd", ".cd"]
        case .system: ["\\!", ".shell", ".system"]
        case .preset: ["\\pset"]
        case .help: ["\\?", ".help", "\\h"]
        case .quit: ["\\q", ".quit", ".exit"]
        }
    }

    /// What follows the name, as the help shows it.
    var argument: String {
        switch self {
        case .describe: "[TABLE]"
        case .tables, .views, .functions: "[PATTERN]"
        case .indicator: "ID"
        case .mode: "[FORMAT]"
        case .expanded: "[on|off|auto]"
        case .timing, .pager: "[on|off]"
        case .rowLimit, .history: "[N]"
        case .nullText: "[TEXT]"
        case .language: "[en|zh]"
        case .output, .edit, .run, .runExpanded: "[FILE]"
        case .read, .once: "FILE"
        case .copy: "… to FILE"
        case .preset: "[NAME VALUE]"
        case .say: "TEXT"
        case .open, .folder: "DIR"
        case .system: "COMMAND"
        case .indicators, .settings, .show, .reset, .place, .help, .quit: ""
        }
    }

    /// The same in a language: words in capitals stand for what is to be written there.
    func argument(in language: DisplayLanguage) -> String {
        guard language == .chinese else { return argument }
        let words = [
            ("COMMAND", "命令"), ("FORMAT", "格式"), ("PATTERN", "模式"), ("TABLE", "表"), ("TEXT", "文字"), ("FILE", "文件"), ("NAME", "名称"),
            ("VALUE", "值"), ("DIR", "目录"), ("ID", "编号"),
        ]
        return words.reduce(argument) { $0.replacing($1.0, with: $1.1) }
    }

    var meaning: BilingualText {
        switch self {
        case .describe: BilingualText("columns of a table or view; without a name, all of them", "表或视图的列；不带名称时列出全部")
        case .tables: BilingualText("tables and their rows", "各表及行数")
        case .views: BilingualText("views", "各视图")
        case .functions: BilingualText("functions", "函数")
        case .indicators: BilingualText("the library of indicators", "指标库")
        case .indicator: BilingualText("figures of one indicator for each institution", "一项指标在各机构的数值")
        case .mode:
            BilingualText(
                "form of results: \(OutputFormat.listing)", "结果格式：\(OutputFormat.listing)")
        case .expanded: BilingualText("one line a column; auto: where a table is too wide", "每列一行；auto：表格过宽时才这样")
        case .timing: BilingualText("time of each statement to the microsecond", "显示每条语句精确到微秒的用时")
        case .rowLimit: BilingualText("rows a table shows at most, 0 for all", "表格最多显示的行数，0 为全部")
        case .nullText: BilingualText("what a table shows for NULL", "表格中 NULL 的写法")
        case .pager: BilingualText("whether long results go through $PAGER", "较长的结果是否用 $PAGER 分页")
        case .language: BilingualText("language of the shell", "界面语言")
        case .settings: BilingualText("these settings", "当前设置")
        case .output: BilingualText("results into a file (form from its ending); without a name, here again", "结果写入文件（格式由扩展名决定）；不带名称时恢复显示在屏幕")
        case .once: BilingualText("the next result into a file", "下一个结果写入文件")
        case .copy: BilingualText("a table or (query) into a file, like copy … to", "表或（查询）写入文件，同 copy … to")
        case .read: BilingualText("run the statements of a file (\\ir: beside the file it stands in)", "执行文件中的语句（\\ir：相对所在文件）")
        case .edit: BilingualText("edit a file, or the statement in hand, in $EDITOR and run it", "用 $EDITOR 编辑文件或当前语句，然后执行")
        case .run: BilingualText("run what was typed, like ;, into a file if one is named", "执行已输入的语句，同 ;；可指明写入的文件")
        case .runExpanded: BilingualText("run it with one line a column", "执行，并每列一行显示")
        case .show: BilingualText("show what was typed so far", "显示已输入的内容")
        case .reset: BilingualText("forget what was typed so far", "清除已输入的内容")
        case .history: BilingualText("what was typed in this and earlier sessions", "本次及以前输入过的语句")
        case .say: BilingualText("print a text", "输出一段文字")
        case .open: BilingualText("work on another store", "换一个数据仓")
        case .place: BilingualText("the store and its newest commit", "数据仓及其最新提交")
        case .folder: BilingualText("change the folder", "切换目录")
        case .system: BilingualText("run a command of the system", "执行系统命令")
        case .preset: BilingualText("a setting by its name in psql: null, format, pager, expanded", "按 psql 的名称设置：null、format、pager、expanded")
        case .help: BilingualText("this list", "本列表")
        case .quit: BilingualText("leave (also Ctrl-D)", "退出（或 Ctrl-D）")
        }
    }

    /// The command of that name; nil if there is none.
    init?(name: String) {
        guard let known = ShellCommand.allCases.first(where: { $0.names.contains(name) }) else { return nil }
        self = known
    }

    /// What to do instead of commands that psql or DuckDB have and this shell has not.
    static func instead(of name: String) -> BilingualText? {
        switch name {
        case "\\l", "\\list": BilingualText("there is one store at a time; .open DIR works on another", "一次只有一个数据仓；.open 目录 可换一个")
        case "\\set", ".set": BilingualText("write set NAME = VALUE; show all lists them", "请写 set 名称 = 值；show all 列出全部")
        case ".import", ".load": BilingualText("load it with \\! fundwatch ingest FILE --table NAME", "请用 \\! fundwatch ingest 文件 --table 表名 载入")
        case "\\t", "\\a": BilingualText("write .mode csv or .mode tsv for rows alone", "只要各行请写 .mode csv 或 .mode tsv")
        case "\\H": BilingualText("write .mode html", "请写 .mode html")
        case "\\w": BilingualText("\\e FILE edits a file and runs it; \\s shows what was typed", "\\e 文件 可编辑并执行文件；\\s 显示输入过的内容")
        case "\\watch": BilingualText("\\g runs the last statement again", "\\g 可再次执行上一条语句")
        case "\\encoding", ".encoding": BilingualText("all text is UTF-8", "文字一律为 UTF-8")
        case ".headers", ".header": BilingualText("copy (…) to 'x.csv' (header false) leaves the names out", "copy (…) to 'x.csv' (header false) 可去掉列名")
        case ".width": BilingualText("columns are as wide as what they hold; \\x auto shows one a line where they do not fit", "列宽随内容而定；放不下时 \\x auto 每列一行显示")
        case ".dump", ".export": BilingualText("write it with \\! fundwatch export --table NAME --out DIR", "请用 \\! fundwatch export --table 表名 --out 目录 导出")
        case "\\dn", "\\du", "\\di", "\\ds", "\\dp", "\\db": BilingualText("a store has tables and views only; \\d lists them", "数据仓只有表和视图；\\d 列出")
        default: nil
        }
    }

    static var allNames: [String] { allCases.flatMap(\.names) }

    /// All commands with what they do.
    static func help(_ language: DisplayLanguage) -> String {
        let calls = allCases.map { command in
            let names = command.names.prefix(2).joined(separator: " ")
            return command.argument.isEmpty ? names : names + " " + command.argument(in: language)
        }
        let width = (calls.map(DisplayWidth.of).max() ?? 0) + 2
        let lines = zip(calls, allCases).map { call, command in
            call + String(repeating: " ", count: width - DisplayWidth.of(call)) + command.meaning[language]
        }
        let keys = BilingualText(
            "A statement ends with ; and may take several lines. Tab completes, Ctrl-R searches, Ctrl-C stops a query.",
            "语句以 ; 结束，可写多行。Tab 补全，Ctrl-R 查找历史，Ctrl-C 停止查询。")
        return lines.joined(separator: "\n") + "\n\n" + keys[language] + "\n"
    }
}
