import ArgumentParser
import Columns
import Diagnostics
import Engine
import Storage

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: """
            Examples:
              fundwatch doctor
              fundwatch doctor --format json

            What this machine offers, whether the store is sound (a quick check; `verify` reads all of it), and every
            setting with where it comes from. Exit code 65 if something is damaged.
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        Interruption.endAtOnce()
        var report = DoctorReport()
        report.addMachine(storePath: common.path)
        let problems = report.addStore(common.path)
        for name in Configuration.keys {
            let setting = common.setting(name)
            let value = setting.value ?? DoctorReport.defaultText(of: name)
            report.add("setting", name, value, setting.origin)
        }
        report.add("setting", "configuration file", Configuration.current.path ?? "none")
        let writer = try common.writer()
        try writer.write(report.result)
        try writer.sink.finish()
        if let first = problems.first { throw first.diagnostic }
    }
}
