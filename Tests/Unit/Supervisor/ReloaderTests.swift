import Revisions
import Supervisor
import TestSupport
import Testing

/// The rules of a running gateway.
@Suite struct ReloaderTests {
    private let place: TemporaryDirectory
    private let rig: ReloadRig

    init() throws {
        place = try TemporaryDirectory()
        rig = ReloadRig(place)
        try place.configure("one")
        #expect(try rig.start() == .applied(revision: 1, summary: "1 route, 0 services", warnings: []))
    }

    private func expectServing(_ revision: Int, _ body: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(rig.notes.published.last == .init(revision: revision, body: body), sourceLocation: sourceLocation)
        #expect(rig.status.revision == revision, sourceLocation: sourceLocation)
    }

    @Test func newGraphIsRecordedAndPublished() throws {
        try place.configure("two")
        #expect(rig.reload() == .applied(revision: 2, summary: "1 route changed", warnings: []))
        expectServing(2, "two")
        #expect(rig.status.state == .serving)
        #expect(rig.status.lastAttempt == 2_000_000_000)
        #expect(rig.status.accepted == 2)
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.lastAttempt == 2_000_000_000)
        #expect(try place.verdicts() == "++")
        let recorded = try #require(try RevisionHistory.open(directory: place["state"])?.latest)
        #expect(recorded.actor == "tester")
        #expect(recorded.graphDigest == rig.status.graphDigest)
        #expect(recorded.filesDigest == rig.status.filesOnDisk)
    }

    @Test func commentIsNoRevision() throws {
        try place.configure("one", comment: "edited")
        #expect(rig.reload() == .sameGraph)
        #expect(rig.reload() == .unchanged)
        // Once more under its number, for the lines that have moved.
        #expect(rig.notes.published.map(\.revision) == [1, 1])
        #expect(try place.verdicts() == "+")
    }

    @Test func rejectedChangeLeavesTheLastGoodOne() throws {
        try place.misconfigure()
        let lines = try #require(rig.reload().rejectedLines)
        #expect(lines.count == 1)
        #expect(lines[0].hasPrefix("error[GW"))
        #expect(lines[0].contains("gateway.d/routes.yaml:1:"))
        expectServing(1, "one")
        #expect(rig.status.state == .rejected(lines))
        #expect(rig.status.rejected == 1)
        #expect(rig.reload() == .unchanged)
        #expect(rig.reload(isForced: true) == .rejected(lines))
        #expect(try place.verdicts() == "+-")
        try place.configure("two")
        #expect(rig.reload() == .applied(revision: 3, summary: "1 route changed", warnings: []))
        expectServing(3, "two")
        #expect(rig.status.state == .serving)
    }

    @Test func takingARejectedChangeBackIsServing() throws {
        try place.misconfigure()
        _ = rig.reload()
        try place.configure("one")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .serving)
        try place.misconfigure()
        #expect(rig.reload().rejectedLines != nil)
        #expect(try place.verdicts() == "+-")
    }

    @Test func unreadableDirectoryIsRejectedOnce() throws {
        try place.move("gateway.d", to: "gone")
        let lines = try #require(rig.reload().rejectedLines)
        #expect(rig.status.state == .rejected(lines))
        #expect(rig.status.filesOnDisk == nil)
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.rejected == 1)
        try place.move("gone", to: "gateway.d")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .serving)
        #expect(try place.verdicts() == "+")
    }

    @Test func addressInUseIsARejection() throws {
        try place.configure("two")
        rig.notes.refusesToPrepare = "address in use"
        #expect(rig.reload() == .rejected(["address in use"]))
        expectServing(1, "one")
        #expect(try place.verdicts() == "+-")
        rig.notes.refusesToPrepare = nil
        #expect(rig.reload() == .unchanged)
        #expect(rig.reload(isForced: true) == .applied(revision: 3, summary: "1 route changed", warnings: []))
        expectServing(3, "two")
    }

    @Test func failureToPublishWithdrawsTheRevision() throws {
        try place.configure("two")
        rig.notes.refusesToPublish = "address in use"
        #expect(rig.reload() == .rejected(["address in use"]))
        expectServing(1, "one")
        #expect(try place.verdicts() == "++-")
        let history = try #require(try RevisionHistory.open(directory: place["state"]))
        #expect(history.latest?.withdraws == 2)
        #expect(history.latestAccepted?.number == 1)
    }
}
