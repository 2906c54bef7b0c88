import Columns
import Storage

/// Any bytes are a segment of one of the golden store's tables, with the checksums that its directory has room for made to hold.
enum SegmentFuzzing {
    /// A segment the newest commit names, as its manifest tells it.
    private struct Place {
        var path: String
        var bytes: [UInt8]
        var rowCount: Int
        /// A name that only this table's directories hold.
        var mark: [UInt8]
    }

    private static let places: [Place] = {
        let files = FrozenFiles.golden
        guard let snapshot = try? Store.open("/store", fileSystem: FrozenFiles(files)).snapshot() else {
            fatalError("the store is damaged")
        }
        return snapshot.tables.compactMap { table in
            table.segments.first.map { segment in
                let path = "/store/segments/" + segment.fileName
                return Place(
                    path: path, bytes: files[path] ?? [], rowCount: segment.rowCount, mark: Array(table.schema.fields[1].name.utf8))
            }
        }
    }()

    static func run(_ bytes: [UInt8]) {
        guard let place = places.first(where: { bytes.contains($0.mark) }) ?? places.first else { return }
        let forged = sealed(bytes)
        var files = FrozenFiles.golden
        files[place.path] = forged
        guard let commit = files.keys.filter({ $0.contains("/commits/") }).max(), let old = files[commit] else { return }
        let name = String(place.path.split(separator: "/").last ?? "")
        var text = String(decoding: old, as: UTF8.self)
        text = text.replacing(
            "\"file\":\"\(name)\",\"sha256\":\"\(Checksum.sha256(place.bytes))\",\"size\":\(place.bytes.count),\"rows\":\(place.rowCount),",
            with: "\"file\":\"\(name)\",\"sha256\":\"\(Checksum.sha256(forged))\",\"size\":\(forged.count),\"rows\":\(rowCount(of: forged) ?? place.rowCount),")
        text = text.replacing("\"xxh3\":\"\(seal(place.bytes))\"", with: "\"xxh3\":\"\(seal(forged))\"")
        files[commit] = ManifestFuzzing.sealed(Array(text.utf8))
        let fileSystem = FrozenFiles(files)
        guard let snapshot = try? Store.open("/store", fileSystem: fileSystem).snapshot() else { return }
        for table in snapshot.tables where table.segments.first.map({ "/store/segments/" + $0.fileName }) == place.path {
            StoreUse.use(table)
        }
    }

    private static func seal(_ file: [UInt8]) -> String { String(word(file, file.count - 8), radix: 16) }

    /// The rows the directory claims, if they are few enough to be read quickly.
    private static func rowCount(of file: [UInt8]) -> Int? {
        let directory = Int(word(file, file.count - 64))
        let (low, high) = (Int(file[directory]), Int(file[directory + 1]))
        return low < 0x80 ? low : high < 0x80 ? low & 0x7F | high << 7 : nil
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> UInt64 {
        (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    private static func set(_ bytes: inout [UInt8], _ offset: Int, _ value: UInt64) {
        for byte in 0..<8 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)) }
    }

    /// The bytes as a file of whole lines of 64 with a sound header and trailer; the directory lies where they say, if it can.
    private static func sealed(_ bytes: [UInt8]) -> [UInt8] {
        var file = bytes
        file += [UInt8](repeating: 0, count: (64 - file.count % 64) % 64)
        while file.count < 192 { file += [UInt8](repeating: 0, count: 64) }
        file.replaceSubrange(0..<16, with: [0x46, 0x57, 0x53, 0x45, 0x47, 0x0D, 0x0A, 0x1A, 1, 0, 0, 0, 0, 0, 0, 0])
        let trailer = file.count - 64
        let wanted = Int(truncatingIfNeeded: word(file, trailer) & 0xFFFF_FFC0)
        let start = (64..<trailer).contains(wanted) ? wanted : trailer - 64
        sealBlocks(&file, directory: start, end: trailer)
        set(&file, trailer, UInt64(start))
        set(&file, trailer + 8, UInt64(trailer - start))
        set(&file, trailer + 16, Checksum.block(file, start..<trailer))
        set(&file, trailer + 24, UInt64(file.count))
        file.replaceSubrange((trailer + 48)..<(trailer + 56), with: file[0..<8])
        for frame in [0, trailer] { set(&file, frame + 56, Checksum.block(file, frame..<(frame + 56))) }
        return file
    }

    /// Writes the checksum of each block the directory lists, as far as it can be read.
    private static func sealBlocks(_ file: inout [UInt8], directory: Int, end: Int) {
        var position = directory
        func varint(_ file: [UInt8]) -> Int? {
            var value = 0
            for shift in stride(from: 0, to: 35, by: 7) {
                guard position < end else { return nil }
                let byte = file[position]
                position += 1
                value |= Int(byte & 0x7F) << shift
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }
        for _ in 0..<3 where varint(file) == nil { return }
        guard let blockCount = varint(file) else { return }
        for _ in 0..<blockCount {
            guard let offset = varint(file), let size = varint(file), position + 8 <= end else { return }
            if offset * 64 + size * 64 <= file.count {
                set(&file, position, Checksum.block(file, (offset * 64)..<(offset * 64 + size * 64)))
            }
            position += 8
        }
    }
}

extension Array where Element == UInt8 {
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard count >= part.count, let first = part.first else { return false }
        for start in 0...(count - part.count) where self[start] == first && self[start..<(start + part.count)] == part[...] {
            return true
        }
        return false
    }
}
