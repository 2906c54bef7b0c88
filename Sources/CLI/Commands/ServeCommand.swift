import ArgumentParser
import Diagnostics
import Engine
import Glibc
import Indicators
import Wire

struct ServeCommand: CommonOptionsCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a store to psql, to drivers and to BI tools: PostgreSQL's wire protocol, read-only; docs/serve.md.",
        discussion: """
            Examples:
              fundwatch serve
              fundwatch serve --pg 127.0.0.1:5433 --timeout 60s --memory 2G --max-rows 1000000
              fundwatch serve --pg 0.0.0.0:5433 --password-file /etc/fundwatch/passwords --tls-cert server.crt --tls-key server.key

            Beyond this machine a client needs a password: a line of --password-file is user:secret, or a secret for everybody.
            Of --token-file a user may have several lines, one for each client, and any of them will do; both files are looked at
            at each login.
            Statements see what other processes have committed by then. SIGTERM and SIGINT end the server: running statements have
            --grace to end, then they are cancelled. Neither statements nor values go to the log.
            """)

    static let ignoredOptions: Set<CommonOption> = [.format, .output, .excel, .timing, .color]

    @OptionGroup var common: CommonOptions<ServeCommand>

    @Option(name: .customLong("pg"), help: ArgumentHelp("Where to listen.", valueName: "host:port"))
    var address = "127.0.0.1:5433"

    @Option(help: ArgumentHelp("How long one statement may run (default: as long as it takes).", valueName: "time"))
    var timeout: String?

    @Option(help: ArgumentHelp("Rows one statement may give; one that gives more fails (default: any number).", valueName: "n"))
    var maxRows: Int?

    @Option(help: ArgumentHelp("Clients at a time.", valueName: "n"))
    var maxClients = 100

    @Option(help: ArgumentHelp("Statements that run at a time; others wait.", valueName: "n"))
    var concurrency = 4

    @Option(help: ArgumentHelp("How long a client may be silent before it is sent away; 0 for ever.", valueName: "time"))
    var idleTimeout = "1h"

    @Option(help: ArgumentHelp("How long running statements have when the server ends.", valueName: "time"))
    var grace = "10s"

    @Option(help: ArgumentHelp("Who may connect: user:secret a line, or a secret for everybody. Readable by its owner only.", valueName: "file"), completion: .file())
    var passwordFile: String?

    @Option(
        help: ArgumentHelp(
            "Who may connect: user:token a line, as many for a user as he has clients, or a token alone for any user.", valueName: "file"),
        completion: .file())
    var tokenFile: String?

    @Option(help: ArgumentHelp("The certificate chain for TLS (PEM).", valueName: "file"), completion: .file())
    var tlsCert: String?

    @Option(help: ArgumentHelp("The private key for TLS (PEM).", valueName: "file"), completion: .file())
    var tlsKey: String?

    @Flag(help: "Take encrypted connections only.")
    var requireTls = false

    func run() throws {
        let options = try serverOptions()
        let database = try common.database(options.engine)
        Interruption.takeTime()
        let server = try WireServer.start(database, options: options)
        if try database.snapshot() == nil {
            let path = TerminalText.sanitized(common.path)
            let warning = BilingualText(
                "fundwatch: warning: there is no store at \(path) yet: all tables are empty until files are loaded there",
                "fundwatch：警告：\(path) 处还没有数据仓：载入文件之前所有表都是空的")
            StandardError.write(warning[common.lang] + "\n")
        }
        if let warning = ServeCommand.warning(options) {
            StandardError.write(BilingualText("fundwatch: warning: ", "fundwatch：警告：")[common.lang] + warning[common.lang] + "\n")
        }
        let place = "\(options.host):\(server.port)\(options.tlsFiles == nil ? "" : ", TLS")"
        common.note("fundwatch: serving \(common.path) at \(place)", "fundwatch：正在 \(place) 提供 \(common.path)")
        while !Interruption.isRequested { usleep(100_000) }
        let count = server.clientCount
        common.note("fundwatch: ending, \(count) \(count == 1 ? "client" : "clients")", "fundwatch：正在结束，\(count) 个客户端")
        server.stop {
            usleep(100_000)
            return false
        }
    }

    /// What whoever starts a server that others reach must know, however quiet it is; nil if there is nothing to say.
    private static func warning(_ options: ServerOptions) -> BilingualText? {
        if LoopbackAddress.isLoopback(options.host) || options.requiresTLS { return nil }
        let host = options.host
        let what = "can be reached from other machines, and rows travel"
        if options.tlsFiles == nil {
            return BilingualText(
                "\(host) \(what) unencrypted: name --tls-cert, --tls-key and --require-tls",
                "\(host) 可从其他机器访问，且各行以明文传输：请给出 --tls-cert、--tls-key 和 --require-tls")
        }
        return BilingualText(
            "\(host) \(what) unencrypted to clients that do not ask for TLS: add --require-tls",
            "\(host) 可从其他机器访问，且对不要求 TLS 的客户端以明文传输：请加 --require-tls")
    }

    private func serverOptions() throws -> ServerOptions {
        guard (1...10_000).contains(maxClients) else { throw Diagnostic(.usage, "--max-clients \(maxClients) is not between 1 and 10000") }
        guard (1...256).contains(concurrency) else { throw Diagnostic(.usage, "--concurrency \(concurrency) is not between 1 and 256") }
        guard maxRows ?? 1 >= 1 else { throw Diagnostic(.usage, "--max-rows \(maxRows ?? 0) is not at least 1") }
        var options = ServerOptions()
        (options.host, options.port) = try ServeCommand.place(address)
        options.engine = try common.engineOptions()
        options.engine.rowLimit = maxRows
        if let timeout = Setting.resolve("timeout", flag: timeout).value {
            options.engine.timeout = try SettingText.duration(timeout, of: "--timeout", bareUnit: "s")
        }
        options.clientLimit = maxClients
        // A pool that starts again logs in all at once.
        options.strangerLimit = max(options.strangerLimit, maxClients)
        options.statementLimit = concurrency
        options.idleSeconds = idleTimeout == "0" ? nil : try seconds(idleTimeout, "--idle-timeout")
        options.graceSeconds = grace == "0" ? 0 : try seconds(grace, "--grace")
        guard passwordFile == nil || tokenFile == nil else {
            throw Diagnostic(.usage, "--password-file and --token-file were both given", mend: "leave one of them out")
        }
        if let path = passwordFile ?? tokenFile {
            let file = SecretFile(path, kind: tokenFile == nil ? .passwords : .tokens)
            _ = try file.credentials()
            options.credentials = { try file.credentials() }
        }
        switch (tlsCert, tlsKey) {
        case (let certificate?, let key?): options.tlsFiles = (certificate, key)
        case (nil, nil):
            if requireTls { throw Diagnostic(.usage, "--require-tls needs a certificate", mend: "add --tls-cert and --tls-key") }
        default: throw Diagnostic(.usage, "--tls-cert and --tls-key go together", mend: "name both")
        }
        options.requiresTLS = requireTls
        if !common.quiet { options.log = { StandardError.write("fundwatch: \($0)\n") } }
        return options
    }

    private func seconds(_ text: String, _ option: String) throws -> Double {
        let parts = try SettingText.duration(text, of: option, bareUnit: "s").components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// `host:port`, `[::1]:port`, or a port of this machine.
    static func place(_ text: String) throws -> (host: String, port: Int) {
        var host = "127.0.0.1"
        var digits = text[...]
        if let colon = text.lastIndex(of: ":") {
            host = String(text[..<colon])
            digits = text[text.index(after: colon)...]
        }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard let port = UInt16(digits), !host.isEmpty else {
            throw Diagnostic(.usage, "--pg \"\(text)\" is no address", mend: "write host:port, such as 127.0.0.1:5433")
        }
        return (host, Int(port))
    }
}
