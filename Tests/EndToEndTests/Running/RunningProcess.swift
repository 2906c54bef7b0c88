import Glibc

/// How a process ended and what it wrote.
struct ProcessOutcome {
    enum Ending: Hashable {
        case exited(code: Int32)
        case killed(signal: Int32)
        /// It was still running at its time limit and was killed.
        case ranOutOfTime
    }

    var ending: Ending
    var outputBytes: [UInt8]
    var errorBytes: [UInt8]

    /// nil if the process did not exit by itself.
    var exitCode: Int32? { if case .exited(let code) = ending { code } else { nil } }
    var output: String { String(decoding: outputBytes, as: UTF8.self) }
    var errors: String { String(decoding: errorBytes, as: UTF8.self) }
}

/// What a process reads from its standard input.
enum ProcessInput {
    case nothing
    case bytes([UInt8])
    /// A pipe the test writes to, and closes when it likes.
    case pipe
}

/// A started process.
///
/// Its output goes to files, so that no pipe can fill up while nobody reads. It is spawned and waited for with the
/// system's own calls: signals are sent within milliseconds of each other here, and the end must be the process's own.
final class RunningProcess {
    let processID: pid_t
    private let folder: TemporaryFolder
    private let writesOutput: Bool
    /// The end the test writes to; -1 if there is none.
    private var inputDescriptor: Int32
    private var status: Int32?

    /// Starts an executable.
    ///
    /// `environment` is added to that of the tests, from which the tool's own variables are taken out; `output` is a file
    /// or device to write standard output to instead.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String] = [:],
        input: ProcessInput = .nothing,
        output: String? = nil, workingFolder: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        writesOutput = output == nil
        var spawning = Spawning()
        var readEnd: Int32 = -1
        inputDescriptor = -1
        switch input {
        case .nothing: spawning.open("/dev/null", O_RDONLY, as: 0)
        case .bytes(let bytes): spawning.open(try folder.write("input", bytes), O_RDONLY, as: 0)
        case .pipe:
            var ends: [Int32] = [-1, -1]
            guard unsafe pipe(&ends) == 0 else { throw Spawning.Failure(call: "pipe", code: errno) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            (readEnd, inputDescriptor) = (ends[0], ends[1])
            spawning.duplicate(readEnd, as: 0)
        }
        defer { if readEnd >= 0 { close(readEnd) } }
        let outputPath = try output ?? folder.write("output", "")
        spawning.open(outputPath, O_WRONLY | O_NOCTTY, as: 1)
        spawning.open(try folder.write("errors", ""), O_WRONLY | O_APPEND, as: 2)
        if let workingFolder {
            let words = ["-c", "cd \"$0\" && exec \"$@\"", workingFolder, executable] + arguments
            processID = try spawning.start("/bin/sh", words, environment: environment)
        } else {
            processID = try spawning.start(executable, arguments, environment: environment)
        }
    }

    deinit {
        closeInput()
        if status == nil {
            kill(processID, SIGKILL)
            var ignored: Int32 = 0
            unsafe waitpid(processID, &ignored, 0)
        }
    }

    var isRunning: Bool {
        if status != nil { return false }
        var found: Int32 = 0
        if unsafe waitpid(processID, &found, WNOHANG) == processID { status = found }
        return status == nil
    }

    func send(signal number: Int32) { if isRunning { kill(processID, number) } }

    /// What it has written to standard error by now.
    var errorsSoFar: String { (try? FileContent.text(folder.path("errors"))) ?? "" }

    /// Writes to the pipe it reads from.
    func feed(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(inputDescriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Spawning.Failure(call: "write", code: errno) }
            rest = rest.dropFirst(count)
        }
    }

    func closeInput() {
        if inputDescriptor >= 0 { close(inputDescriptor) }
        inputDescriptor = -1
    }

    /// Waits until the process has a handler for a signal and has run for some hundredths of a second, or has ended.
    func waitUntilAtWork(on signal: Int32, ticks: Int = 20) {
        let start = ContinuousClock.now
        while isRunning, ContinuousClock.now - start < .seconds(60) {
            if let activity = ProcessActivity(of: processID), activity.catches(signal), activity.ticks >= ticks { return }
            usleep(2000)
        }
    }

    /// Waits for the end, for `limitSeconds` at most.
    func wait(limitSeconds: Double = 300) throws -> ProcessOutcome {
        let start = ContinuousClock.now
        var ranOutOfTime = false
        while isRunning {
            if !ranOutOfTime, ContinuousClock.now - start > .seconds(limitSeconds) {
                ranOutOfTime = true
                kill(processID, SIGKILL)
            }
            usleep(1000)
        }
        let status = status ?? 0
        // The low seven bits are the signal, 0 if there was none; the next byte is the exit code.
        let ending: ProcessOutcome.Ending =
            ranOutOfTime
            ? .ranOutOfTime
            : status & 0x7F == 0 ? .exited(code: (status >> 8) & 0xFF) : .killed(signal: status & 0x7F)
        return ProcessOutcome(
            ending: ending, outputBytes: writesOutput ? try FileContent.bytes(folder.path("output")) : [],
            errorBytes: try FileContent.bytes(folder.path("errors")))
    }
}
