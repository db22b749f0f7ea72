internal import Configuration
internal import Diagnostics
internal import Model
internal import Revisions

extension Reloader {
    /// How many accepted revisions are tried, newest first, when the files cannot serve.
    private static let revisionsTriedMax = 10

    /// Makes something serve: the files when they are good, the latest good revision of the log otherwise.
    package mutating func start(at now: Moment) throws(StartFailure) -> ReloadOutcome {
        do {
            try openLog()
        } catch {
            // A state directory that cannot be used now is tried again with each record.
            if case .locked = error { throw .log(error) }
            reason = "\(error)"
        }
        let files: FileSet
        do {
            files = try FileSet.read(directory: setup.directory)
        } catch {
            let outcome = unreadable(error, at: now)
            return try serveFromLog(outcome, error.diagnostics, SourceMap(), at: now)
        }
        board.update { $0.filesOnDisk = files.digest }
        if history?.isPinnedAway(files.digest) == true {
            board.update { $0.state = .pinned }
            return try serveFromLog(.pinned, [], SourceMap(), at: now)
        }
        let result = load(files)
        var outcome: ReloadOutcome
        if let graph = result.graph {
            outcome = start(files, graph, warnings: result.lines(.warning), at: now)
        } else {
            outcome = reject(files, result.lines(.error), at: now)
        }
        if case .rejected = outcome {
            outcome = try serveFromLog(outcome, result.diagnostics, result.sources, at: now)
        }
        return outcome
    }

    private mutating func start(
        _ files: FileSet, _ graph: Graph, warnings: [String], at now: Moment
    ) -> ReloadOutcome {
        do {
            if let revision = known(graph) {
                try publisher.prepare(graph)
                try publish(graph, revision, filesDigest: files.digest, at: now)
                return .applied(revision: revision.number, summary: revision.summary, warnings: warnings)
            }
            let candidate = candidate(files, graph, warnings: warnings, at: now)
            let outcome = activate(candidate, at: now)
            guard case .unrecorded(let reason, _) = outcome else { return outcome }
            try serveUnrecorded(candidate)
            return .unrecorded(reason: reason, isServing: true)
        } catch {
            return reject(files, [error.message], at: now)
        }
    }

    /// A full disk must not keep a gateway from starting.
    private mutating func serveUnrecorded(_ candidate: Candidate) throws(PublishFailure) {
        try publisher.publish(candidate.graph, 0)
        waiting = nil
        serving = Serving(
            revision: 0, graph: candidate.graph, filesDigest: candidate.files.digest, candidate: candidate)
        board.update { status in
            status.graphDigest = candidate.graph.digest
            status.commit = candidate.draft.commit
            status.accepted += 1
        }
    }

    /// Serves the newest revision that still can be; the state stays what became of the files on disk.
    private mutating func serveFromLog(
        _ outcome: ReloadOutcome, _ diagnostics: [Diagnostic], _ sources: SourceMap, at now: Moment
    ) throws(StartFailure) -> ReloadOutcome {
        let state = board.current.state
        var reasons = reason.isEmpty ? [] : [reason]
        let history = history
        for revision in history?.accepted(limit: Self.revisionsTriedMax) ?? [] {
            // A revision that was rolled back from is no way out.
            if history?.isPinnedAway(revision.filesDigest) == true { continue }
            do {
                let graph = try graph(of: revision)
                try prepare(graph)
                try publishAgain(graph, revision, state, at: now)
                return outcome
            } catch {
                reasons.append("revision \(revision.number): \(error)")
            }
        }
        throw .nothingToServe(outcome, diagnostics, sources, log: reasons)
    }

    private func prepare(_ graph: Graph) throws(RollbackFailure) {
        do { try publisher.prepare(graph) } catch { throw .cannotPublish(error) }
    }

    private mutating func publishAgain(
        _ graph: Graph, _ revision: Revision, _ state: ReloadStatus.State, at now: Moment
    ) throws(RollbackFailure) {
        do {
            try publish(graph, revision, filesDigest: revision.filesDigest, state: state, at: now)
        } catch {
            throw .cannotPublish(error)
        }
    }

    /// The graph that the latest accepted revision meant, when it can still be read.
    func recordedGraph() -> Graph? {
        guard let latest = history?.latestAccepted else { return nil }
        return try? graph(of: latest)
    }

    /// Judges the files of a revision by today's rules.
    func graph(of revision: Revision) throws(RollbackFailure) -> Graph {
        guard let history = history else { throw .noSuchRevision(revision.number) }
        let files: FileSet
        do { files = try history.files(of: revision) } catch { throw .body(error) }
        let result = load(files)
        guard let graph = result.graph else { throw .invalid(revision.number, lines: result.lines(.error)) }
        return graph
    }
}
