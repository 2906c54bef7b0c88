import Foundation
import Testing

/// Sessions with the shell through a terminal, compared with what was recorded.
@Suite("Shell sessions")
struct ShellSessionTests {
    @Test("the screen shows what was recorded", arguments: SessionScript.names) func session(name: String) throws {
        let script = try SessionScript(text: String(contentsOf: SessionScript.url(name), encoding: .utf8))
        let folder = try TemporaryFolder()
        try script.scene.copy(to: folder)
        let environment = ["FUNDWATCH_STORE": "store"].merging(script.environment) { $1 }
        guard
            let shell = try ShellUnderTest(
                script.arguments, environment: environment, folder: folder.url.path, rowCount: script.rowCount,
                columnCount: script.columnCount, isSystemShell: script.usesSystemShell)
        else { return }
        try shell.settle()
        var screens: [[String]] = []
        for (index, step) in script.steps.enumerated() {
            // The first step shows what the shell says at its start, too.
            let start = index == 0 ? 0 : shell.screen.row
            for keys in step.presses {
                guard step.waits else {
                    try shell.pressAndWaitForWork(keys)
                    continue
                }
                shell.press(keys)
                try shell.settle()
            }
            // What a step adds: the row it was typed in and those below, but for the prompt of the next step.
            let end = shell.isRunning && step.endsLine ? shell.screen.row : shell.screen.row + 1
            screens.append((min(start, end)..<end).map { Self.masked(shell.screen.text(of: $0), in: folder) })
        }
        if SessionScript.isRewriting {
            try script.text(showing: screens).write(to: SessionScript.url(name), atomically: true, encoding: .utf8)
            return
        }
        for (step, screen) in zip(script.steps, screens) {
            #expect(
                screen == step.expected,
                "\(name).session:\(step.line): \(step.keys)\n\(screen.joined(separator: "\n"))\nwas\n\(step.expected.joined(separator: "\n"))")
        }
    }

    /// The row without what differs from run to run: times, stored sizes, hashes, the folder.
    private static func masked(_ row: String, in folder: TemporaryFolder) -> String {
        row.replacing(folder.url.path, with: "FOLDER")
            .replacing(/[0-9a-f]{64}/, with: "HASH")
            .replacing(/[0-9]+(\.[0-9]+)? (µs|ms|s)\b/, with: "T")
            .replacing(/[0-9]+(\.[0-9]+)? (微秒|毫秒|秒)/, with: "T")
            .replacing(/[0-9]+(\.[0-9]+)? (B|KiB|MiB)\b/, with: "N")
    }
}
