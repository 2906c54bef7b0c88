import Foundation

/// What a run fuzzes: `FUZZ_TARGET` names it.
enum FuzzTarget: String {
    /// A CSV file, packed or not.
    case csv
    /// A segment file, its checksums made to hold.
    case segment
    /// A manifest, its own hash made to hold.
    case manifest
    /// A Parquet file.
    case parquet
    /// A node of an encoded block.
    case node
    /// Numbers there and back through every encoding.
    case values

    static let chosen: FuzzTarget = {
        let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
        guard let target = FuzzTarget(rawValue: name) else { fatalError("FUZZ_TARGET \"\(name)\" is none of the targets") }
        return target
    }()

    /// Traps if the product does not keep its promise; whatever it promises to throw is caught.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .csv: CSVFuzzing.run(bytes)
        case .segment: SegmentFuzzing.run(bytes)
        case .manifest: ManifestFuzzing.run(bytes)
        case .parquet: ParquetFuzzing.run(bytes)
        case .node: NodeFuzzing.run(bytes)
        case .values: ValueFuzzing.run(bytes)
        }
    }
}

/// Called by libFuzzer with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    // The bytes are copied before the call returns.
    let bytes = unsafe size == 0 ? [] : Array(UnsafeBufferPointer(start: data, count: size))
    FuzzTarget.chosen.run(bytes)
    return 0
}
