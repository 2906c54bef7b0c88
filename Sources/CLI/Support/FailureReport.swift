import Diagnostics
import Glibc
import Indicators

/// Says what failed on standard error and ends the process with the code the contract gives.
enum FailureReport {
    static func exit(with diagnostic: Diagnostic) -> Never {
        let language = MessageLanguage.current
        if let number = Interruption.signalNumber {
            let consequence = (diagnostic.kind == .interrupted ? diagnostic.mend : nil) ?? "nothing was changed"
            let isChinese = language == .chinese
            StandardError.write(
                "fundwatch: " + (isChinese ? "已中断；" + ChineseMessages.text(consequence) : "interrupted; " + consequence) + "\n")
            Glibc.exit(128 + number)
        }
        StandardError.write("fundwatch: " + DiagnosticRenderer.withCaret(MessageLanguage.said(diagnostic, in: language)) + "\n")
        Glibc.exit(exitCode(of: diagnostic.kind))
    }

    static func exitCode(of kind: FailureKind) -> Int32 {
        switch kind {
        case .query: 1
        case .usage: 64
        case .badData: 65
        case .noInput: 66
        case .internalError: 70
        case .cannotCreate: 73
        case .inputOutput: 74
        case .busy: 75
        case .permission: 77
        case .configuration: 78
        case .interrupted: 130
        }
    }
}

/// Standard error as text.
enum StandardError {
    static func write(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = unsafe bytes.withUnsafeBytes { buffer in unsafe Glibc.write(2, buffer.baseAddress, buffer.count) }
            if written <= 0 { return }
            bytes = bytes.dropFirst(written)
        }
    }

    static var isTerminal: Bool { isatty(2) == 1 }
}
