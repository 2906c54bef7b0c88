package import Diagnostics

/// Why a report could not be written.
package enum ReportError: DiagnosableError, Hashable {
    case cannotCreate(path: String, reason: String, isPermission: Bool)
    case cannotWrite(path: String, reason: String)

    package var diagnostic: Diagnostic {
        switch self {
        case .cannotCreate(let path, let reason, let isPermission):
            Diagnostic(
                isPermission ? .permission : .cannotCreate, "cannot create \"\(path)\": \(reason)",
                mend: "give --out a folder that can be written to")
        case .cannotWrite(let path, let reason):
            Diagnostic(
                .cannotCreate, "cannot write \"\(path)\": \(reason)",
                mend: "free space on the disk or give --out another folder; the previous report is unchanged")
        }
    }
}
