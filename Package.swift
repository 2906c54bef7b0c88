// swift-tools-version: 6.2
import PackageDescription

// One set of settings for every Swift target: docs/decisions/001-build-settings.md says why.
let strict: [SwiftSetting] = [
    .strictMemorySafety(), .enableExperimentalFeature("Lifetimes"),
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"), .treatAllWarnings(as: .error),
]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let bigInt: Target.Dependency = .product(name: "BigInt", package: "BigInt")
let networking: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOSSL", package: "swift-nio-ssl"),
]
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "fundwatch",
    products: [
        .executable(name: "fundwatch", targets: ["fundwatch"]), .library(name: "Fundwatch", targets: ["Fundwatch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        // 0: C libraries, one system-library target each, and our own C kernels.
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CSnappy", pkgConfig: "snappy", providers: [.apt(["libsnappy-dev"])]),
        .systemLibrary(name: "CXXHash", pkgConfig: "libxxhash", providers: [.apt(["libxxhash-dev"])]),
        .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
        .systemLibrary(name: "CPgQuery", providers: [.apt(["libpg-query-dev"])]),
        .target(name: "CKernels"),

        // 1–15: in flow order; a module imports only modules above it.
        .target(name: "Diagnostics", swiftSettings: strict),
        .target(name: "Columns", dependencies: ["Diagnostics", "CKernels"], swiftSettings: strict),
        .target(
            name: "CSV", dependencies: ["Diagnostics", "Columns", "CKernels", "CZstd", "CZlib"], swiftSettings: strict),
        .target(name: "Spreadsheet", dependencies: ["Diagnostics", "Columns", "CZlib"], swiftSettings: strict),
        .target(name: "Arrow", dependencies: ["Diagnostics", "Columns"], swiftSettings: strict),
        .target(
            name: "Encodings", dependencies: ["Diagnostics", "Columns", "CKernels", "CZstd", "CXXHash"],
            swiftSettings: strict),
        .target(
            name: "Parquet", dependencies: ["Diagnostics", "Columns", "Encodings", "CKernels", "CZlib", "CSnappy"],
            swiftSettings: strict),
        .target(
            name: "Storage", dependencies: ["Diagnostics", "Columns", "Encodings", "CXXHash", crypto],
            swiftSettings: strict),
        .target(name: "SQL", dependencies: ["Diagnostics", "CPgQuery"], swiftSettings: strict),
        .target(name: "Planning", dependencies: ["Diagnostics", "Columns", "SQL", bigInt], swiftSettings: strict),
        .target(
            name: "Execution", dependencies: ["Diagnostics", "Columns", "Storage", "Planning", "CKernels"],
            swiftSettings: strict),
        .target(
            name: "Engine",
            dependencies: [
                "Diagnostics", "Columns", "CKernels", "CSV", "Spreadsheet", "Parquet", "Encodings", "Storage", "SQL", "Planning", "Execution",
                crypto,
            ], swiftSettings: strict),
        .target(name: "Claims", dependencies: ["Diagnostics", "Columns", "CSV", "Engine"], swiftSettings: strict),
        .target(
            name: "Knowledge", dependencies: ["Diagnostics", "Columns", "CSV", "Spreadsheet", "Engine", "Claims"],
            swiftSettings: strict),
        .target(
            name: "Indicators", dependencies: ["Diagnostics", "Columns", "Engine", "Claims", yams],
            resources: [.embedInCode("Library"), .embedInCode("Templates"), .embedInCode("National")], swiftSettings: strict),
        .target(
            name: "Ranking", dependencies: ["Diagnostics", "Columns", "Engine", "Indicators"], swiftSettings: strict),
        .target(
            name: "Reporting",
            dependencies: ["Diagnostics", "Columns", "Spreadsheet", "Engine", "Indicators", "Ranking"],
            swiftSettings: strict),
        .target(
            name: "Nightly",
            dependencies: [
                "Diagnostics", "Columns", "CSV", "Storage", "Engine", "Claims", "Indicators", "Ranking", "Reporting",
            ], swiftSettings: strict),
        .target(
            name: "Wire", dependencies: ["Diagnostics", "Columns", "SQL", "Planning", "Engine", crypto] + networking,
            swiftSettings: strict),
        .executableTarget(
            name: "fundwatch",
            dependencies: [
                "Diagnostics", "Columns", "CSV", "Spreadsheet", "Arrow", "Storage", "SQL", "Engine", "Claims", "Knowledge",
                "Indicators", "Ranking", "Reporting", "Nightly", "Wire", "CEdit", argumentParser,
            ], path: "Sources/CLI", swiftSettings: strict),

        // The library for other programs, and a program that uses it (its own package builds it alone).
        .target(
            name: "Fundwatch",
            dependencies: [
                "Diagnostics", "Columns", "CSV", "Storage", "SQL", "Planning", "Engine", "Claims", "Indicators", "Ranking",
            ], swiftSettings: strict),
        .executableTarget(
            name: "FindOversizedPrescriptions", dependencies: ["Fundwatch"],
            path: "docs/examples/FindOversizedPrescriptions/Sources/FindOversizedPrescriptions", swiftSettings: strict),

        // Tests: one target for each module, the rules of the house, and the program as a user runs it.
        .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: strict),
        .testTarget(name: "ColumnsTests", dependencies: ["Columns", "CKernels"], swiftSettings: strict),
        .testTarget(name: "CSVTests", dependencies: ["CSV", "Columns", "Diagnostics", "CKernels"], swiftSettings: strict),
        .testTarget(
            name: "SpreadsheetTests", dependencies: ["Spreadsheet", "Columns", "Diagnostics"], swiftSettings: strict),
        .testTarget(name: "ArrowTests", dependencies: ["Arrow", "Columns"], swiftSettings: strict),
        .testTarget(
            name: "ParquetTests", dependencies: ["Parquet", "Columns", "Diagnostics", "CKernels"], exclude: ["Files"], swiftSettings: strict),
        .testTarget(name: "EncodingsTests", dependencies: ["Encodings", "Columns", "CKernels"], swiftSettings: strict),
        .testTarget(
            name: "StorageTests", dependencies: ["Storage", "Encodings", "Columns", "Diagnostics"], swiftSettings: strict),
        .testTarget(name: "SQLTests", dependencies: ["SQL", "Diagnostics"], swiftSettings: strict),
        .testTarget(name: "PlanningTests", dependencies: ["Planning", "SQL", "Columns", "Diagnostics"], swiftSettings: strict),
        .testTarget(
            name: "ExpressionTests", dependencies: ["Execution", "Planning", "Columns", "Diagnostics"],
            path: "Tests/ExecutionTests/Expressions", swiftSettings: strict),
        .testTarget(
            name: "OperatorTests", dependencies: ["Execution", "Planning", "Columns", "Diagnostics"],
            path: "Tests/ExecutionTests/Operators", swiftSettings: strict),
        .testTarget(
            name: "GoldenTests", dependencies: ["Engine", "Claims", "Planning", "Columns", "Diagnostics"],
            exclude: ["Scripts", "Files"], swiftSettings: strict),
        .testTarget(
            name: "EngineTests", dependencies: ["Engine", "CSV", "Parquet", "Execution", "Columns", "Diagnostics", "CKernels"], swiftSettings: strict),
        .testTarget(
            name: "ClaimsTests", dependencies: ["Claims", "Columns", "Diagnostics"], swiftSettings: strict),
        .testTarget(
            name: "KnowledgeTests", dependencies: ["Knowledge", "Claims", "Spreadsheet", "Engine", "Columns", "Diagnostics"],
            swiftSettings: strict),
        .testTarget(
            name: "IndicatorsTests", dependencies: ["Indicators", "Claims", "Engine", "Columns", "Diagnostics"], swiftSettings: strict),
        .testTarget(
            name: "RankingTests", dependencies: ["Ranking", "Indicators", "Engine", "Columns", "Diagnostics"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: ["Reporting", "Spreadsheet", "Ranking", "Indicators", "Claims", "Engine", "Columns", "Diagnostics"],
            swiftSettings: strict),
        .testTarget(
            name: "NightlyTests",
            dependencies: ["Nightly", "Reporting", "Ranking", "Indicators", "Columns", "Diagnostics"],
            swiftSettings: strict),
        .testTarget(
            name: "WireTests",
            dependencies: [
                "Wire", "Engine", "SQL", "Columns", "Diagnostics", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ], swiftSettings: strict),
        .testTarget(
            name: "FundwatchTests", dependencies: ["Fundwatch", "fundwatch", "FindOversizedPrescriptions"], swiftSettings: strict),
        .testTarget(name: "HouseRulesTests", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["fundwatch"], exclude: ["Sessions"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// libFuzzer brings the main function of this one: it is there only where it is asked for, by `make fuzz`.
if Context.environment["FUNDWATCH_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fundwatch-fuzz", dependencies: ["Storage", "Encodings", "CSV", "Parquet", "Engine", "Columns", "Diagnostics"],
            path: "Tests/Fuzz", exclude: ["run"], swiftSettings: strict))
}
