import Foundation

/// Whether the long rounds are asked for: `make torture`.
enum Torture {
    static let isAskedFor = ProcessInfo.processInfo.environment["FUNDWATCH_TORTURE"] == "1"
}
