import Foundation
import Glibc
import Testing

/// A small memory disk to be filled up, unmounted when the test lets go of it.
final class SmallDisk {
    let path: String
    private let folder: TemporaryFolder

    /// nil if this process may not mount.
    init?(sizeMebibytes: Int) throws {
        folder = try TemporaryFolder()
        path = try folder.makeFolder("disk")
        guard unsafe mount("tmpfs", path, "tmpfs", 0, "size=\(sizeMebibytes)m") == 0 else { return nil }
    }

    deinit { unsafe umount2(path, Int32(MNT_DETACH)) }

    private var filler: String { path + "/filler" }

    /// Leaves so many bytes free, in whole pages.
    func fill(leaving bytes: Int) throws {
        makeRoom()
        let descriptor = unsafe open(filler, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        let page = [UInt8](repeating: 0x2E, count: 4096)
        var size = 0
        while unsafe write(descriptor, page, page.count) == page.count { size += page.count }
        ftruncate(descriptor, max(0, size - bytes))
    }

    func makeRoom() { unsafe unlink(filler) }
}

/// Looks at the lock of a store's writer without touching it.
enum Writers {
    /// Waits until a writer holds the store's lock.
    static func waitUntilLocked(_ store: String) throws {
        let attributes = try FileManager.default.attributesOfItem(atPath: store + "/LOCK")
        let inode = try #require(attributes[.systemFileNumber] as? Int)
        let start = ContinuousClock.now
        while ContinuousClock.now - start < .seconds(20) {
            if try FileContent.text("/proc/locks").contains(":\(inode) ") { return }
            usleep(10_000)
        }
        Issue.record("no writer took the lock of \(store)")
    }
}
