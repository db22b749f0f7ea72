import Kernel
import Model
import Revisions
import Supervisor
import TestSupport

/// A reloader over a directory of its own, with a publisher that takes notes.
final class ReloadRig {
    struct Published: Equatable {
        let revision: Int
        /// Of the one route's answer.
        let body: String
    }

    /// What the publisher was asked for, and what it refuses.
    final class Notes {
        var published: [Published] = []
        var refusesToPrepare: String?
        var refusesToPublish: String?
    }

    let place: TemporaryDirectory
    let notes = Notes()
    private var reloader: Reloader
    private var seconds: Int64 = 0

    init(_ place: TemporaryDirectory, state: String = "state") {
        self.place = place
        reloader = Reloader(
            .init(
                directory: place["gateway.d"], stateDirectory: place[state], environment: [:], actor: "tester"),
            publisher: ReloadRig.publisher(notes))
    }

    private static func publisher(_ notes: Notes) -> Publisher {
        Publisher(
            prepare: { _ throws(PublishFailure) in
                if let message = notes.refusesToPrepare { throw PublishFailure(message) }
            },
            publish: { graph, revision throws(PublishFailure) in
                if let message = notes.refusesToPublish { throw PublishFailure(message) }
                notes.published.append(Published(revision: revision, body: graph.body))
            })
    }

    var status: ReloadStatus { reloader.board.current }
    var nextRetry: Int64? { reloader.nextRetry.map { $0.nanoseconds / 1_000_000_000 } }

    func start() throws -> ReloadOutcome { try reloader.start(at: tick()) }
    func reload(isForced: Bool = false) -> ReloadOutcome { reloader.reload(at: tick(), isForced: isForced) }
    func retry() -> ReloadOutcome { reloader.retry(at: tick()) }
    func rollback(to number: Int) throws -> Revision { try reloader.rollback(to: number, actor: "alice", at: tick()) }

    /// One second after the last call.
    private func tick() -> Moment {
        seconds += 1
        return Moment(instant: Instant(nanoseconds: seconds * 1_000_000_000), wall: seconds * 1_000_000_000)
    }
}

extension Graph {
    fileprivate var body: String {
        if case .respond(let response) = routes[0].action { response.body.value } else { "" }
    }
}

extension TemporaryDirectory {
    /// A configuration of one route that answers with a text.
    func configure(_ body: String, comment: String = "") throws {
        try write(
            "gateway.d/routes.yaml", "routes: {hello: {path: /hello, response: {body: \"\(body)\"}}} # \(comment)\n")
    }

    func misconfigure(_ name: String = "bad") throws {
        try write("gateway.d/routes.yaml", "routes: {\(name): {path: /hello, service: absent}}\n")
    }

    func move(_ name: String, to other: String) throws {
        try DurableDirectory.rename(self[name], to: self[other])
    }

    /// The verdicts in the log, oldest first: `+` and `-`.
    func verdicts(_ state: String = "state") throws -> String {
        guard let history = try RevisionHistory.open(directory: self[state]) else { return "" }
        return (0..<history.count).map { history.revision($0 + 1)?.isAccepted == true ? "+" : "-" }.joined()
    }
}

extension ReloadOutcome {
    var rejectedLines: [String]? {
        if case .rejected(let lines) = self { lines } else { nil }
    }
}
