import Cryptography
import Diagnostics
import Kernel
import Revisions
import Supervisor
import TestSupport
import Testing

@Suite struct StartTests {
    private let place: TemporaryDirectory

    init() throws {
        place = try TemporaryDirectory()
    }

    private func serveOnce(_ bodies: String...) throws {
        let rig = ReloadRig(place)
        for (index, body) in bodies.enumerated() {
            try place.configure(body)
            _ = index == 0 ? try rig.start() : rig.reload()
        }
    }

    @Test func sameFilesServeUnderTheirNumber() throws {
        try serveOnce("one", "two")
        let rig = ReloadRig(place)
        #expect(try rig.start() == .applied(revision: 2, summary: "1 route changed", warnings: []))
        #expect(rig.notes.published == [.init(revision: 2, body: "two")])
        try place.configure("two", comment: "edited")
        let other = try place.verdicts()
        #expect(other == "++")
    }

    @Test func commentEditedWhileStoppedIsNoRevision() throws {
        try serveOnce("one")
        try place.configure("one", comment: "edited")
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect(rig.status.revision == 1)
        #expect(rig.reload() == .unchanged)
        #expect(try place.verdicts() == "+")
    }

    @Test func changeWhileStoppedIsARevisionWithItsDifference() throws {
        try serveOnce("one")
        try place.configure("two")
        #expect(try ReloadRig(place).start() == .applied(revision: 2, summary: "1 route changed", warnings: []))
    }

    @Test func invalidFilesServeTheLog() throws {
        try serveOnce("one")
        try place.misconfigure()
        for _ in 0..<2 {
            let rig = ReloadRig(place)
            let lines = try #require(try rig.start().rejectedLines)
            #expect(rig.notes.published == [.init(revision: 1, body: "one")])
            #expect(rig.status.state == .rejected(lines))
            #expect(rig.reload() == .unchanged)
        }
        #expect(try place.verdicts() == "+-")
        let rig = ReloadRig(place)
        _ = try rig.start()
        try place.configure("one")
        #expect(rig.reload() == .unchanged)
        #expect(rig.status.state == .serving)
    }

    @Test func missingDirectoryServesTheLog() throws {
        try serveOnce("one")
        try place.move("gateway.d", to: "gone")
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect(rig.notes.published == [.init(revision: 1, body: "one")])
        #expect(rig.status.state.name == "rejected")
    }

    @Test func nothingGoodAnywhereFails() throws {
        try place.misconfigure()
        #expect {
            _ = try ReloadRig(place).start()
        } throws: { error in
            guard
                case .nothingToServe(.rejected(let lines), let diagnostics, let sources, let log)? = error
                    as? StartFailure
            else { return false }
            return lines.count == 1 && diagnostics.count == 1 && sources.files.count == 1 && log.isEmpty
        }
    }

    @Test func damagedRevisionGivesWayToTheOneBefore() throws {
        try serveOnce("one", "two")
        let history = try #require(try RevisionHistory.open(directory: place["state"]))
        let digest = try #require(history.latest?.files.first?.digest).hex
        try Files.remove(place["state/revisions/bodies/\(digest.prefix(2))/\(digest.dropFirst(2))"])
        try place.misconfigure()
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect(rig.notes.published == [.init(revision: 1, body: "one")])
    }

    @Test func addressInUseAtStartFails() throws {
        try place.configure("one")
        let rig = ReloadRig(place)
        rig.notes.refusesToPrepare = "address in use"
        #expect(throws: StartFailure.self) { try rig.start() }
        #expect(try place.verdicts() == "-")
    }

    @Test func secondGatewayIsRefused() throws {
        try place.configure("one")
        let rig = ReloadRig(place)
        _ = try rig.start()
        #expect {
            _ = try ReloadRig(place).start()
        } throws: { error in
            if case .log(.locked)? = error as? StartFailure { true } else { false }
        }
        #expect(rig.status.revision == 1)
    }
}
