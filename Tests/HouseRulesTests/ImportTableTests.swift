import Testing

/// The import table: data flows one way, and so do imports.
@Suite("Import table")
struct ImportTableTests {
    /// What each module may import besides the standard library's modules.
    static let allowed: [String: Set<String>] = [
        "Diagnostics": [],
        "Columns": ["Diagnostics", "CKernels"],
        "CSV": ["Diagnostics", "Columns", "CKernels", "CZstd", "CZlib"],
        "Spreadsheet": ["Diagnostics", "Columns", "CZlib"],
        "Arrow": ["Diagnostics", "Columns"],
        "Encodings": ["Diagnostics", "Columns", "CKernels", "CZstd", "CXXHash"],
        "Parquet": ["Diagnostics", "Columns", "Encodings", "CKernels", "CZlib", "CSnappy"],
        "Storage": ["Diagnostics", "Columns", "Encodings", "CXXHash", "Crypto"],
        "SQL": ["Diagnostics", "CPgQuery"],
        "Planning": ["Diagnostics", "Columns", "SQL", "BigInt"],
        "Execution": ["Diagnostics", "Columns", "Storage", "Planning", "CKernels"],
        "Engine": [
            "Diagnostics", "Columns", "CKernels", "CSV", "Spreadsheet", "Parquet", "Encodings", "Storage", "SQL", "Planning", "Execution",
            "Crypto",
        ],
        "Claims": ["Diagnostics", "Columns", "CSV", "Engine"],
        "Knowledge": ["Diagnostics", "Columns", "CSV", "Spreadsheet", "Engine", "Claims"],
        "Indicators": ["Diagnostics", "Columns", "Engine", "Claims", "Yams"],
        "Ranking": ["Diagnostics", "Columns", "Engine", "Indicators"],
        "Reporting": ["Diagnostics", "Columns", "Spreadsheet", "Engine", "Indicators", "Ranking"],
        "Nightly": [
            "Diagnostics", "Columns", "CSV", "Storage", "Engine", "Claims", "Indicators", "Ranking", "Reporting",
        ],
        "Wire": [
            "Diagnostics", "Columns", "SQL", "Planning", "Engine", "Crypto", "NIOCore", "NIOPosix", "NIOSSL",
        ],
        "Fundwatch": [
            "Diagnostics", "Columns", "CSV", "Storage", "SQL", "Planning", "Engine", "Claims", "Indicators", "Ranking",
        ],
        "CLI": [
            "Diagnostics", "Columns", "CSV", "Spreadsheet", "Arrow", "Storage", "SQL", "Engine", "Claims", "Knowledge", "Indicators",
            "Ranking", "Reporting", "Nightly", "Wire",
            "ArgumentParser", "CEdit",
        ],
    ]
    static let standard: Set<String> = ["Swift", "Glibc", "Foundation", "FoundationEssentials", "Synchronization", "Dispatch"]
    static let cTargets: Set<String> = ["CZstd", "CZlib", "CSnappy", "CXXHash", "CPgQuery", "CEdit", "CKernels"]

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

    /// Libraries of the system and how the names of their functions begin.
    static let libraries = [
        (module: "CZstd", prefix: "ZSTD_"), (module: "CZlib", prefix: "inflate"), (module: "CSnappy", prefix: "snappy_"), (module: "CXXHash", prefix: "XXH"),
        (module: "CPgQuery", prefix: "pg_query_"), (module: "CEdit", prefix: "edit_"),
    ]

    @Test("in each module one file wraps a C library of the system", arguments: libraries)
    func oneFileWrapsEachLibrary(library: (module: String, prefix: String)) throws {
        let tree = SourceTree()
        for module in try tree.modules() {
            let files = tree.swiftFiles(below: "Sources/\(module)").filter {
                SourceTree.imports(of: $0.text).contains(library.module) && $0.text.contains(library.prefix)
            }
            #expect(files.count <= 1, "\(library.module) is called by \(files.map(\.path))")
        }
    }

    /// `Benchmarks/Kernels` builds some of the modules once more: its manifest repeats what they depend on.
    @Test("the package of kernel benchmarks builds its modules as the table says") func kernelPackageFollowsTheTable() throws {
        let manifest = try #require(SourceTree().swiftFiles(below: "Benchmarks/Kernels").first { $0.path.hasSuffix("Package.swift") })
        let lines = manifest.text.split(separator: "\n").filter { $0.contains(" module(\"") && $0.hasSuffix(",") }
        #expect(lines.count == 8)
        for line in lines {
            var names = line.split(separator: "\"").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            let module = names.removeFirst()
            #expect(Set(names) == Self.allowed[module], "\(module) in \(manifest.path)")
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
