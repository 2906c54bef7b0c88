// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "FindOversizedPrescriptions",
    dependencies: [.package(name: "fundwatch", path: "../../..")],
    targets: [
        .executableTarget(
            name: "FindOversizedPrescriptions", dependencies: [.product(name: "Fundwatch", package: "fundwatch")])
    ],
    swiftLanguageModes: [.v6]
)
