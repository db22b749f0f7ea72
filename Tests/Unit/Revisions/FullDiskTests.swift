import Configuration
import Glibc
import Kernel
import Revisions
import TestSupport
import Testing

/// The log on a disk that takes no more bytes.
@Suite struct FullDiskTests {
    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func failedAppendLeavesTheLogAndCanBeRetried() throws {
        let place = try TemporaryDirectory()
        let mounted = unsafe mount("tmpfs", place.path, "tmpfs", 0, "size=64k")
        guard mounted == 0 else { return }
        defer { _ = unsafe umount2(place.path, Int32(MNT_DETACH)) }
        var log = try RevisionLog.open(directory: place["state"])
        _ = try log.append(.accepted, files: .sample(0))
        let before = try Files.read(place["state/revisions/log"])
        try place.fill("ballast")
        #expect(throws: Errno.noSpace) { _ = try log.append(.accepted, files: .big) }
        #expect(try Files.read(place["state/revisions/log"]) == before)
        #expect(try RevisionVerification.verify(directory: place["state"]).isSound)
        #expect(log.history.count == 1)
        try Files.remove(place["ballast"])
        #expect(try log.append(.accepted, files: .sample(1)).number == 2)
        #expect(try RevisionVerification.verify(directory: place["state"]).records == 2)
    }

    @Test(arguments: [0, 1, 40, 200])
    func recordCutShortByALimitIsTakenBack(room: Int) async throws {
        let state = try TemporaryDirectory()
        let whole = try state.makeLog(revisions: 3)
        await #expect(processExitsWith: .success) {
            [path = state.path as String, length = whole.count as Int, room = room as Int] in
            var log = try RevisionLog.open(directory: path)
            signal(SIGXFSZ, SIG_IGN)
            try FileSizeLimit.set(UInt(length + room))
            // The bodies of an old set are there already, and the record is what does not fit.
            #expect(throws: Errno.fileTooBig) { _ = try log.append(.accepted, files: .sample(0)) }
            guard log.history.count == 3 else { exit(4) }
            guard try Files.status(of: "\(path)/revisions/log").size == length else { exit(5) }
            try FileSizeLimit.set(.max)
            guard try log.append(.accepted, files: .sample(0)).number == 4 else { exit(6) }
        }
        #expect(try state.log.starts(with: whole))
        #expect(try RevisionVerification.verify(directory: state.path).records == 4)
    }
}

private enum FileSizeLimit {
    static func set(_ bytes: UInt) throws {
        var limits = rlimit(rlim_cur: bytes, rlim_max: .max)
        guard unsafe setrlimit(__rlimit_resource_t(UInt32(RLIMIT_FSIZE.rawValue)), &limits) == 0 else {
            throw Errno(errno)
        }
    }
}

extension FileSet {
    /// More than the disk of the test holds.
    fileprivate static let big = FileSet(files: [
        File(path: "big.yaml", bytes: [UInt8](repeating: UInt8(ascii: "#"), count: 100_000))
    ])
}

extension TemporaryDirectory {
    /// Writes a file until the disk is full.
    fileprivate func fill(_ name: String) throws {
        let file = try DurableFile.createOver(self[name], mode: 0o600)
        var length = 0
        for size in [4096, 1] {
            while (try? file.write([UInt8](repeating: 1, count: size), at: length)) != nil { length += size }
        }
    }
}
