import Kernel
import Revisions
import Supervisor
import TestSupport
import Testing

@Suite struct RollbackTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
    }

    /// Revisions 1 and 2 serve one after the other.
    private func twoRevisions() throws -> ReloadRig {
        let rig = ReloadRig(place)
        try place.configure("one")
        _ = try rig.start()
        try place.configure("two")
        _ = rig.reload()
        return rig
    }

    @Test func rollbackServesAndPins() throws {
        let rig = try twoRevisions()
        let revision = try rig.rollback(to: 1)
        #expect(revision.number == 3)
        #expect(revision.rollbackOf == 1)
        #expect(revision.actor == "alice")
        #expect(revision.source == .rollback)
        #expect(rig.notes.published.last == .init(revision: 3, body: "one"))
        #expect(rig.status.state == .pinned)
        #expect(rig.reload() == .unchanged)
        #expect(rig.reload(isForced: true) == .unchanged)
        #expect(rig.notes.published.count == 3)
        try place.configure("two", comment: "changed")
        #expect(rig.reload() == .applied(revision: 4, summary: "1 route changed", warnings: []))
        #expect(rig.status.state == .serving)
    }

    @Test func pinOutlivesARestartAndARejection() throws {
        do { _ = try twoRevisions().rollback(to: 1) }
        let rig = ReloadRig(place)
        #expect(try rig.start() == .pinned)
        #expect(rig.notes.published == [.init(revision: 3, body: "one")])
        #expect(rig.status.state == .pinned)
        #expect(rig.reload() == .unchanged)
        try place.misconfigure()
        #expect(rig.reload().rejectedLines != nil)
        try place.configure("two")
        #expect(rig.reload() == .pinned)
        #expect(rig.status.state == .pinned)
        #expect(rig.notes.published.count == 1)
    }

    @Test func filesBroughtBackToTheTargetAreServing() throws {
        let rig = try twoRevisions()
        _ = try rig.rollback(to: 1)
        try place.configure("one")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .serving)
    }

    @Test func filesThatAreTheTargetAreNotPinned() throws {
        let rig = try twoRevisions()
        rig.notes.refusesToPrepare = "address in use"
        try place.configure("one")
        _ = rig.reload()
        rig.notes.refusesToPrepare = nil
        #expect(try rig.rollback(to: 1).pinned == nil)
        #expect(rig.status.state == .serving)
    }

    @Test func refusals() throws {
        let rig = try twoRevisions()
        #expect(throws: RollbackFailure.noSuchRevision(9)) { try rig.rollback(to: 9) }
        #expect(throws: RollbackFailure.noSuchRevision(0)) { try rig.rollback(to: 0) }
        #expect(throws: RollbackFailure.alreadyServing(2)) { try rig.rollback(to: 2) }
        try place.misconfigure()
        _ = rig.reload()
        #expect(throws: RollbackFailure.self) { try rig.rollback(to: 3) }
        rig.notes.refusesToPrepare = "address in use"
        #expect(throws: RollbackFailure.cannotPublish(PublishFailure("address in use"))) { try rig.rollback(to: 1) }
        #expect(try place.verdicts() == "++-")
        rig.notes.refusesToPrepare = nil
        rig.notes.refusesToPublish = "no"
        #expect(throws: RollbackFailure.cannotPublish(PublishFailure("no"))) { try rig.rollback(to: 1) }
        #expect(try place.verdicts() == "++-+-")
        #expect(rig.status.revision == 2)
        #expect(rig.status.state.name == "rejected")
        #expect(try RevisionHistory.open(directory: place["state"])?.latestAccepted?.number == 2)
    }
}
