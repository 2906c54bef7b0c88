import Foundation
import Glibc
import Testing

/// What a recorded screen cannot show: files the shell keeps, signals, pasted text.
@Suite("Shell")
struct ShellTests {
    private static func shell(_ folder: TemporaryFolder, _ arguments: [String] = [], _ environment: [String: String] = [:]) throws -> ShellUnderTest? {
        let shell = try ShellUnderTest(
            arguments, environment: ["FUNDWATCH_STORE": "store"].merging(environment) { $1 }, folder: folder.url.path)
        try shell?.settle()
        return shell
    }

    private static func type(_ lines: String..., into shell: ShellUnderTest) throws {
        for line in lines {
            shell.press(line + "\r")
            try shell.settle()
        }
    }

    @Test("the history lies in a file only its owner reads, and the next session has it") func history() throws {
        let folder = try TemporaryFolder()
        guard let first = try Self.shell(folder) else { return }
        try Self.type("select 1 as 一,", "2 as b;", " select 'kept from the history';", "select 'a\\b';", "\\q", into: first)
        #expect(!first.isRunning && first.status == 0)
        let path = folder.path(".local/state/fundwatch/history")
        #expect(try FileContent.text(path) == "select 1 as 一,\\n2 as b;\nselect 'a\\\\b';\n\\\\q\n")
        var status = stat()
        #expect(unsafe stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
        let second = try #require(try Self.shell(folder))
        second.press("\u{1B}[A\u{1B}[A\u{1B}[A")
        try second.settle()
        #expect(second.text.hasSuffix("fundwatch> select 1 as 一,\n2 as b;"), "\(second.text)")
        let moved = folder.path("state")
        let third = try #require(try Self.shell(folder, [], ["XDG_STATE_HOME": moved]))
        try Self.type("\\q", into: third)
        #expect(FileManager.default.fileExists(atPath: moved + "/fundwatch/history"))
    }

    @Test("signals end it with their code, and the terminal echoes again", arguments: [SIGTERM, SIGHUP])
    func signals(number: Int32) throws {
        let folder = try TemporaryFolder()
        guard let shell = try Self.shell(folder) else { return }
        shell.send(signal: number)
        let start = ContinuousClock.now
        while shell.isRunning, ContinuousClock.now - start < .seconds(30) { usleep(5000) }
        let status = try #require(shell.status)
        #expect(status == (128 + number) << 8, "\(status)")
        #expect(shell.echoes)
    }

    @Test("pasted statements of several lines run one after the other, tabs are blanks") func paste() throws {
        let folder = try TemporaryFolder()
        guard let shell = try Self.shell(folder, ["sql", "--quiet"]) else { return }
        shell.press("select 1\tas a;\rselect\r\t2 as b,\r\t3\tas c;\r")
        try shell.settle()
        let rows = shell.text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(rows.contains("1") && rows.contains("2  3"), "\(shell.text)")
    }

    @Test("an interrupted editor line loses nothing but itself") func interruptedLine() throws {
        let folder = try TemporaryFolder()
        guard let shell = try Self.shell(folder, ["sql", "--quiet"]) else { return }
        shell.press("select 'never run'")
        try shell.settle()
        shell.send(signal: SIGINT)
        try shell.settle()
        try Self.type("select 7 as seven;", into: shell)
        #expect(shell.text.contains("    7") && shell.isRunning, "\(shell.text)")
    }

    @Test("results go where standard output goes, the conversation to standard error") func redirected() throws {
        let folder = try TemporaryFolder()
        guard let shell = try ShellUnderTest(
            ["sql"], environment: ["FUNDWATCH_STORE": "store"], folder: folder.url.path, output: folder.path("out"))
        else { return }
        try shell.settle()
        try Self.type("select 5 as five;", "\\q", into: shell)
        #expect(try FileContent.text(folder.path("out")).hasPrefix("five\n----\n   5\n"))
        #expect(shell.text.contains("fundwatch> select 5") && !shell.text.contains("----"), "\(shell.text)")
    }
}
