import CKernels

/// Values less their smallest, cut into planes of equal-ranking bytes, each plane compressed by itself: slow to read, so it
/// is chosen only where it saves much.
///
/// Layout: base (zigzag varint), plane count (byte), for each plane from the lowest: mode (0 raw, 1 zstd), size (varint),
/// bytes.
package enum BytePlanesEncoding: IntegerEncoding {
    package static let identifier: UInt8 = 13
    package static let name = "byteplanes"

    package static func candidate(for input: EncodingInput) -> EncodingCandidate? {
        let statistics = input.statistics
        guard statistics.count >= 1024, statistics.width >= 7 else { return nil }
        let planeCount = (statistics.width + 7) / 8
        let base = statistics.minimum
        return EncodingCandidate(
            size: size(input.values, base: base, planeCount: planeCount), decodeWeight: 250 * planeCount
        ) { writer in
            writer.appendSigned(base)
            writer.append(UInt8(planeCount))
            for plane in 0..<planeCount {
                let (mode, bytes) = compressed(self.plane(plane, of: input.values, base: base))
                writer.append(mode)
                writer.appendVarint(bytes.count)
                writer.append(contentsOf: bytes)
            }
        }
    }

    /// As a stretch of the values from the middle makes expect.
    private static func size(_ values: [Int64], base: Int64, planeCount: Int) -> Int {
        let trialCount = min(values.count, 8192)
        let start = (values.count - trialCount) / 2
        let trial = Array(values[start..<(start + trialCount)])
        var bytes = 0
        for plane in 0..<planeCount { bytes += compressed(self.plane(plane, of: trial, base: base)).bytes.count }
        return 16 + bytes * values.count / trialCount
    }

    private static func plane(_ plane: Int, of values: [Int64], base: Int64) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: values.count)
        let shift = Int64(plane * 8)
        for row in 0..<values.count { bytes[row] = UInt8(truncatingIfNeeded: (values[row] &- base) &>> shift) }
        return bytes
    }

    private static func compressed(_ plane: [UInt8]) -> (mode: UInt8, bytes: [UInt8]) {
        let packed = Zstandard.compress(plane)
        return packed.count * 20 < plane.count * 19 ? (1, packed) : (0, plane)
    }

    package static func decode(
        _ reader: inout BlockReader, count: Int, context: DecodingContext
    ) throws(EncodingError) -> [Int64] {
        let base = try reader.readSigned()
        let planeCount = Int(try reader.readByte())
        guard planeCount <= 8 else { throw EncodingError("\(planeCount) byte planes, at most 8 expected") }
        // Planes one behind the other.
        var planes: [UInt8] = []
        planes.reserveCapacity(planeCount * count)
        for _ in 0..<planeCount {
            let mode = try reader.readByte()
            let size = try reader.readCount(upTo: reader.remaining)
            let stored = try reader.readBytes(size)
            let bytes = mode == 0 ? stored : try Zstandard.decompress(stored, size: count)
            guard mode <= 1, bytes.count == count else {
                throw EncodingError("a byte plane of \(bytes.count) bytes, \(count) expected")
            }
            planes += bytes
        }
        // Bounds: there are `count` bytes of each plane, and a value is written for each.
        return unsafe [Int64](unsafeUninitializedCapacity: count) { values, filledCount in
            unsafe ck_join_planes(ck_level(), planes, planeCount, count, base, values.baseAddress)
            filledCount = count
        }
    }
}
