import Glibc
import Kernel
import Revisions
import Supervisor
import TestSupport
import Testing

/// A disk that takes no record.
@Suite struct UnrecordedTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
        try place.configure("one")
    }

    /// New bodies pass through a file of this name, and a directory in its place refuses them.
    private func breakBodies() throws { try place.makeDirectory("state/revisions/bodies/incoming") }
    private func mendBodies() { _ = unsafe rmdir(place["state/revisions/bodies/incoming"]) }

    @Test func unrecordedChangeIsNotActivated() throws {
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect(rig.nextRetry == nil)
        try breakBodies()
        try place.configure("two")
        let reason = "cannot record the revision: is a directory"
        #expect(rig.reload() == .unrecorded(reason: reason, isServing: false))
        #expect(rig.status.state == .unrecorded(reason))
        #expect(rig.status.revision == 1)
        #expect(rig.nextRetry == 7)
        #expect(rig.notes.published.count == 1)
        #expect(rig.retry() == .unrecorded(reason: reason, isServing: false))
        #expect(rig.reload() == .unrecorded(reason: reason, isServing: false))
        mendBodies()
        #expect(rig.retry() == .applied(revision: 2, summary: "1 route changed", warnings: []))
        #expect(rig.notes.published.last == .init(revision: 2, body: "two"))
        #expect(rig.status.state == .serving)
        #expect(rig.nextRetry == nil)
        #expect(rig.retry() == .unchanged)
    }

    @Test func changeTakenBackIsForgotten() throws {
        let rig = ReloadRig(place)
        _ = try rig.start()
        try breakBodies()
        try place.configure("two")
        _ = rig.reload()
        try place.configure("one")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .serving)
        #expect(rig.nextRetry == nil)
        #expect(rig.retry() == .unchanged)
    }

    @Test func invalidChangeReplacesTheWaitingOne() throws {
        let rig = ReloadRig(place)
        _ = try rig.start()
        try breakBodies()
        try place.configure("two")
        _ = rig.reload()
        try place.misconfigure()
        #expect(rig.reload().rejectedLines != nil)
        #expect(rig.nextRetry == nil)
        mendBodies()
        #expect(rig.retry() == .unchanged)
        #expect(rig.status.revision == 1)
    }

    @Test func startServesWithoutARecord() throws {
        try place.write("file", "")
        let rig = ReloadRig(place, state: "file/state")
        let reason = "cannot record the revision: not a directory"
        #expect(try rig.start() == .unrecorded(reason: reason, isServing: true))
        #expect(rig.notes.published == [.init(revision: 0, body: "one")])
        #expect(rig.status.state == .unrecorded(reason))
        #expect(rig.nextRetry != nil)
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .unrecorded(reason))
        #expect(rig.retry() == .unrecorded(reason: reason, isServing: true))
        try Files.remove(place["file"])
        #expect(rig.retry() == .applied(revision: 1, summary: "1 route, 0 services", warnings: []))
        #expect(rig.notes.published.last == .init(revision: 1, body: "one"))
        #expect(rig.status.state == .serving)
        #expect(rig.status.revision == 1)
        #expect(rig.nextRetry == nil)
        #expect(try place.verdicts("file/state") == "+")
    }

    @Test func startUnrecordedThenChanged() throws {
        try place.write("file", "")
        let rig = ReloadRig(place, state: "file/state")
        _ = try rig.start()
        try place.configure("two")
        let reason = "cannot record the revision: not a directory"
        #expect(rig.reload() == .unrecorded(reason: reason, isServing: false))
        try place.configure("one")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state.name == "unrecorded")
        #expect(rig.nextRetry != nil)
        try Files.remove(place["file"])
        #expect(rig.retry() == .applied(revision: 1, summary: "1 route, 0 services", warnings: []))
    }

    @Test func stateDirectoryTakenAwayIsMadeAnew() throws {
        let rig = ReloadRig(place)
        _ = try rig.start()
        try place.move("state", to: "elsewhere")
        try place.configure("two")
        #expect(rig.reload() == .applied(revision: 1, summary: "1 route changed", warnings: []))
        #expect(try place.verdicts() == "+")
        try place.configure("three")
        #expect(rig.reload() == .applied(revision: 2, summary: "1 route changed", warnings: []))
    }

    @Test func recordThatIsThereAlreadyIsTaken() throws {
        do { _ = try ReloadRig(place).start() }
        try DurableDirectory.rename(place["state"], to: place["kept"])
        try place.write("state", "")
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect(rig.status.revision == 0)
        try Files.remove(place["state"])
        try DurableDirectory.rename(place["kept"], to: place["state"])
        _ = rig.retry()
        #expect(rig.status.revision == 1)
        #expect(try place.verdicts() == "+")
    }

    @Test(.enabled(if: geteuid() == 0, "mounting needs root"))
    func fullDisk() throws {
        try place.makeDirectory("disk")
        guard unsafe mount("tmpfs", place["disk"], "tmpfs", 0, "size=64k") == 0 else { return }
        defer { _ = unsafe umount2(place["disk"], Int32(MNT_DETACH)) }
        let rig = ReloadRig(place, state: "disk/state")
        _ = try rig.start()
        let file = try DurableFile.createOver(place["disk/ballast"], mode: 0o600)
        var length = 0
        while (try? file.write([UInt8](repeating: 1, count: 4096), at: length)) != nil { length += 4096 }
        try place.configure("two")
        let reason = "cannot record the revision: no space left on device"
        #expect(rig.reload() == .unrecorded(reason: reason, isServing: false))
        #expect(rig.notes.published.count == 1)
        try Files.remove(place["disk/ballast"])
        try file.truncate(to: 0)
        #expect(rig.retry() == .applied(revision: 2, summary: "1 route changed", warnings: []))
        #expect(try RevisionVerification.verify(directory: place["disk/state"]).isSound)
    }
}
