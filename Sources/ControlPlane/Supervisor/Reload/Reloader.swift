// Brings what is on disk into service, one whole configuration at a time: read, judge, record, publish. Whatever fails
// on the way leaves the last good one serving. Owned by one thread; only its board is shared.

internal import Configuration
internal import Cryptography
internal import Diagnostics
package import Kernel
internal import Model
internal import Revisions

package struct Reloader: ~Copyable {
    /// Where things are, and in whose name they are done.
    package struct Setup: Sendable {
        /// Of the configuration.
        package var directory: String
        package var stateDirectory: String
        package var environment: [String: String]
        /// Named in records of changes that come from files.
        package var actor: String

        package init(directory: String, stateDirectory: String, environment: [String: String], actor: String) {
            self.directory = directory
            self.stateDirectory = stateDirectory
            self.environment = environment
            self.actor = actor
        }
    }

    /// What serves.
    struct Serving {
        /// 0 when it is not recorded.
        let revision: Int
        let graph: Graph
        /// Of the files that mean this graph: when they are on disk, there is nothing to do.
        var filesDigest: Digest
        /// What is still to be recorded, when the gateway had to start without that.
        let candidate: Candidate?
    }

    /// A good configuration that the log does not have yet.
    struct Candidate {
        let files: FileSet
        let graph: Graph
        let draft: RevisionDraft
        let warnings: [String]
    }

    /// Between attempts to record what could not be recorded.
    static let retryInterval: Int64 = 5_000_000_000

    package let board = ReloadBoard()
    let setup: Setup
    let publisher: Publisher
    /// Nil while the state directory cannot be used.
    var log: RevisionLog?
    var serving: Serving?
    /// Waits for the disk, and does not serve before it is recorded.
    var waiting: Candidate?
    /// Why recording failed last.
    var reason = ""
    /// The files that were refused last.
    var rejected: Digest?
    /// When to call `retry`; nil when nothing waits.
    package internal(set) var nextRetry: Instant?

    package init(_ setup: Setup, publisher: Publisher) {
        self.setup = setup
        self.publisher = publisher
    }

    /// Looks at the files and applies them when they are new and good. `isForced` judges once more what was refused:
    /// the reason may have been an address that is free by now.
    package mutating func reload(at now: Moment, isForced: Bool = false) -> ReloadOutcome {
        let files: FileSet
        do {
            files = try FileSet.read(directory: setup.directory)
        } catch {
            return unreadable(error, at: now)
        }
        board.update { $0.filesOnDisk = files.digest }
        if let outcome = known(files, isForced: isForced) { return outcome }
        let result = load(files)
        guard let graph = result.graph else { return reject(files, result.lines(.error), at: now) }
        if graph.digest == serving?.graph.digest { return adopt(files, graph, at: now) }
        return activate(candidate(files, graph, warnings: result.lines(.warning), at: now), at: now)
    }

    /// Tries again to record what could not be recorded.
    package mutating func retry(at now: Moment) -> ReloadOutcome {
        if let waiting { return activate(waiting, at: now) }
        if let candidate = serving?.candidate { return recordServing(candidate, at: now) }
        return .unchanged
    }

    /// What the log holds; nil while it cannot be opened.
    var history: RevisionHistory? {
        switch log {
        case .some(let log): log.history
        case nil: nil
        }
    }

    /// Reads bytes as a configuration of this directory.
    func load(_ files: FileSet) -> LoadResult {
        Loader.load(
            files, shownAs: setup.directory, environment: setup.environment,
            now: WallClock.nanoseconds / 1_000_000_000)
    }

    func candidate(_ files: FileSet, _ graph: Graph, warnings: [String], at now: Moment) -> Candidate {
        let before = serving?.graph ?? recordedGraph()
        let summary = before.map { GraphDiff.summary(GraphDiff.between($0, graph)) }
        let draft = RevisionDraft(
            time: now.wall, actor: setup.actor, commit: GitCheckout(around: setup.directory)?.commit,
            graphDigest: graph.digest, summary: summary ?? GraphDiff.summary(first: graph))
        return Candidate(files: files, graph: graph, draft: draft, warnings: warnings)
    }

    /// What is known of these files without reading them again; nil when they must be judged.
    private mutating func known(_ files: FileSet, isForced: Bool) -> ReloadOutcome? {
        if files.digest == serving?.filesDigest {
            settle()
            return .unchanged
        }
        if history?.isPinnedAway(files.digest) == true {
            if board.current.state == .pinned { return .unchanged }
            giveUpWaiting()
            board.update { $0.state = .pinned }
            return .pinned
        }
        if files.digest == rejected, !isForced { return .unchanged }
        return nil
    }

    /// The files on disk are what serves: whatever was wrong with others is past.
    private mutating func settle() {
        giveUpWaiting()
        rejected = nil
        let state = serving?.candidate == nil ? ReloadStatus.State.serving : .unrecorded(reason)
        board.update { $0.state = state }
    }

    /// Other files that mean the same graph. It is published for its places alone: explanations name lines, and these
    /// have moved.
    private mutating func adopt(_ files: FileSet, _ graph: Graph, at now: Moment) -> ReloadOutcome {
        if let serving, (try? publisher.publish(graph, serving.revision)) != nil {
            self.serving = Serving(
                revision: serving.revision, graph: graph, filesDigest: files.digest, candidate: serving.candidate)
        }
        serving?.filesDigest = files.digest
        settle()
        let commit = GitCheckout(around: setup.directory)?.commit
        board.update {
            $0.lastAttempt = now.wall
            $0.commit = commit
        }
        return .sameGraph
    }

    /// There are no bytes to record, so only the board knows.
    mutating func unreadable(_ failure: FileSetFailure, at now: Moment) -> ReloadOutcome {
        let lines = failure.diagnostics.map { $0.line(in: .init()) }
        giveUpWaiting()
        rejected = nil
        let isNews = board.current.state != .rejected(lines)
        board.update { status in
            status.filesOnDisk = nil
            guard isNews else { return }
            status.state = .rejected(lines)
            status.lastAttempt = now.wall
            status.rejected += 1
        }
        return isNews ? .rejected(lines) : .unchanged
    }
}
