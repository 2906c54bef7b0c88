// swift-tools-version: 6.2
import PackageDescription

// Kernels are `package` declarations, which another package does not see: the modules that hold them are built here once more,
// as targets of this package, from the same sources. `Engine` is a link to the root's `Sources`. A test of the house rules
// holds the dependencies below to the import table.
let strict: [SwiftSetting] = [
    .strictMemorySafety(), .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Libraries of other packages that modules build on, with the package of each.
let packages = ["Crypto": "swift-crypto", "BigInt": "BigInt"]

func module(_ name: String, _ dependencies: [String], isTestable: Bool = false) -> Target {
    .target(
        name: name,
        dependencies: dependencies.map { name in packages[name].map { .product(name: name, package: $0) } ?? .byName(name: name) },
        path: "Engine/\(name)",
        // Tables of groups, states of aggregates and selection are internal to their module.
        swiftSettings: strict + (isTestable ? [.unsafeFlags(["-enable-testing"])] : []))
}

let package = Package(
    name: "Kernels",
    dependencies: [
        // Without its traits: they count allocations, which no figure here needs.
        .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    ],
    targets: [
        .systemLibrary(name: "CZstd", path: "Engine/CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", path: "Engine/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(
            name: "CXXHash", path: "Engine/CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CPgQuery", path: "Engine/CPgQuery", providers: [.apt(["libpg-query-dev"])]),
        .target(name: "CKernels", path: "Engine/CKernels"),
        module("Diagnostics", []),
        module("Columns", ["Diagnostics", "CKernels"]),
        module("CSV", ["Diagnostics", "Columns", "CKernels", "CZstd", "CZlib"]),
        module("Encodings", ["Diagnostics", "Columns", "CKernels", "CZstd", "CXXHash"]),
        module("Storage", ["Diagnostics", "Columns", "Encodings", "CXXHash", "Crypto"]),
        module("SQL", ["Diagnostics", "CPgQuery"]),
        module("Planning", ["Diagnostics", "Columns", "SQL", "BigInt"]),
        module("Execution", ["Diagnostics", "Columns", "Storage", "Planning", "CKernels"], isTestable: true),
        .executableTarget(
            name: "Kernels",
            dependencies: [
                "Columns", "CSV", "Encodings", "Planning", "Execution", "CKernels",
                .product(name: "Benchmark", package: "benchmark"),
            ],
            // The benchmark plugin looks into folders of this name alone.
            path: "Benchmarks/Kernels", swiftSettings: strict,
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    ],
    swiftLanguageModes: [.v6]
)
