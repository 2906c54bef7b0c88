import Testing

/// The import table: data flows one way, and so do imports.
@Suite("Import table")
struct ImportTableTests {
    /// What each module may import besides the standard library's modules.
    static let allowed: [String: Set<String>] = [
        "Diagnostics": [],
        "Columns": ["Diagnostics"],
        "CSV": ["Diagnostics", "Columns", "CKernels", "CZstd", "CZlib"],
        "Encodings": ["Diagnostics", "Columns", "CKernels", "CZstd", "CXXHash"],
        "Storage": ["Diagnostics", "Columns", "Encodings", "CXXHash", "Crypto"],
        "SQL": ["Diagnostics", "CPgQuery"],
        "Planning": ["Diagnostics", "Columns", "SQL"],
        "Execution": ["Diagnostics", "Columns", "Storage", "Planning", "CKernels"],
        "Engine": [
            "Diagnostics", "Columns", "CSV", "Encodings", "Storage", "SQL", "Planning", "Execution", "Crypto",
        ],
        "Claims": ["Diagnostics", "Columns", "CSV", "Engine"],
        "Indicators": ["Diagnostics", "Columns", "Engine", "Claims"],
        "Ranking": ["Diagnostics", "Columns", "Engine", "Indicators"],
        "Reporting": ["Diagnostics", "Columns", "Engine", "Indicators", "Ranking"],
        "CLI": [
            "Diagnostics", "Columns", "CSV", "Storage", "SQL", "Engine", "Claims", "Indicators", "Ranking", "Reporting",
            "ArgumentParser",
        ],
    ]
    static let standard: Set<String> = ["Swift", "Glibc", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch"]
    static let cTargets: Set<String> = ["CZstd", "CZlib", "CXXHash", "CPgQuery", "CKernels"]

    @Test("every module imports only modules above it, and only those named") func importsFollowTheTable() throws {
        let tree = SourceTree()
        for module in try tree.modules() where !Self.cTargets.contains(module) {
            let allowed = try #require(Self.allowed[module], "module \(module) is not in the table")
            for file in tree.swiftFiles(below: "Sources/\(module)") {
                let extra = SourceTree.imports(of: file.text).subtracting(allowed).subtracting(Self.standard)
                #expect(extra.isEmpty, "\(file.path) imports \(extra.sorted())")
            }
        }
    }

    @Test("only one file imports each C library of the system", arguments: ["CZstd", "CZlib", "CXXHash", "CPgQuery"])
    func oneFileWrapsEachLibrary(library: String) throws {
        let tree = SourceTree()
        for module in try tree.modules() {
            let files = tree.swiftFiles(below: "Sources/\(module)").filter {
                SourceTree.imports(of: $0.text).contains(library)
            }
            #expect(files.count <= 1, "\(library) is imported by \(files.map(\.path))")
        }
    }

    @Test("the table itself points one way") func tableHasNoCycle() {
        var settled: Set<String> = []
        var remaining = Self.allowed
        while !remaining.isEmpty {
            let ready = remaining.filter { $0.value.intersection(Set(Self.allowed.keys)).isSubset(of: settled) }.map(\.key)
            #expect(!ready.isEmpty, "a cycle among \(remaining.keys.sorted())")
            if ready.isEmpty { return }
            for module in ready {
                settled.insert(module)
                remaining[module] = nil
            }
        }
    }
}
