import Columns
import Foundation
import Parquet

/// A file that is gone with its owner.
final class ScratchFile {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("parquet-\(UUID().uuidString)").path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ bytes: some Sequence<UInt8>) throws { try Data(bytes).write(to: URL(fileURLWithPath: path)) }
}

extension ParquetWriter {
    /// The bytes of a file with these row groups.
    static func file(
        _ fields: [Field], _ groups: [[Vector]], compression: PageCompression = .zstd
    ) throws -> [UInt8] {
        var options = ParquetWriteOptions()
        options.compression = compression
        var writer = try ParquetWriter(fields: fields, options: options)
        var bytes: [UInt8] = []
        for group in groups { bytes += writer.append(try writer.encode(group, rowCount: group[0].count)) }
        return bytes + writer.finish()
    }
}

extension Vector {
    /// Every row as a scalar.
    var scalars: [ScalarValue] { (0..<count).map { scalar(at: $0) } }
}
