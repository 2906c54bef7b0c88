import ArgumentParser
import Columns
import Diagnostics
import Engine
import Indicators
import Storage

struct DoctorCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "What this machine offers, whether the store is sound, and every setting.",
        discussion: """
            Examples:
              fundwatch doctor
              fundwatch doctor --format json

            What this machine offers, whether the store is sound (a quick check; `verify` reads all of it), and every
            setting with where it comes from.

            Exit code 65 if something is damaged.
            """)

    @OptionGroup var common: CommonOptions<DoctorCommand>

    func run() throws {
        Interruption.endAtOnce()
        let format = try common.resolvedFormat()
        var report = DoctorReport(language: format.isForPeople ? common.lang : .english)
        report.addMachine(storePath: common.path)
        let problems = report.addStore(common.path)
        for name in Configuration.keys {
            let setting = common.setting(name)
            let isDefault = setting.value == nil
            report.add(
                .setting, name, setting.value ?? report.defaultText(of: name), isDefault ? report.say("default", "默认") : setting.origin)
        }
        report.add(
            .setting, report.say("configuration file", "配置文件"), Configuration.current.path ?? report.say("none", "无"))
        let writer = try common.writer()
        try writer.write(report.result)
        try writer.sink.finish()
        if let first = problems.first { throw first.diagnostic }
    }
}
