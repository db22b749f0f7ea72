// Record, then publish: a revision that serves is on disk.

internal import Configuration
internal import Cryptography
internal import Kernel
internal import Model
internal import Revisions

extension Reloader {
    /// Makes a candidate serve. A failure keeps what serves.
    mutating func activate(_ candidate: Candidate, at now: Moment) -> ReloadOutcome {
        do {
            try publisher.prepare(candidate.graph)
        } catch {
            return reject(candidate.files, [error.message], at: now)
        }
        let revision: Revision
        do {
            revision = try record(candidate.draft, candidate.files)
        } catch {
            waiting = candidate
            return wait(error, isServing: false, at: now)
        }
        do {
            try publish(candidate.graph, revision, filesDigest: candidate.files.digest, at: now)
        } catch {
            return reject(candidate.files, [error.message], withdrawing: revision.number, at: now)
        }
        return .applied(revision: revision.number, summary: revision.summary, warnings: candidate.warnings)
    }

    /// Gives a revision to what serves without one.
    mutating func recordServing(_ candidate: Candidate, at now: Moment) -> ReloadOutcome {
        let revision: Revision
        do {
            try ensureLog()
            if let recorded = known(candidate.graph) {
                revision = recorded
            } else {
                revision = try record(candidate.draft, candidate.files)
            }
        } catch {
            return wait(error, isServing: true, at: now)
        }
        // What the graph needs is there already, so only its number is news to those who serve it.
        try? publisher.publish(candidate.graph, revision.number)
        let digest = serving?.filesDigest ?? candidate.files.digest
        serving = Serving(revision: revision.number, graph: candidate.graph, filesDigest: digest, candidate: nil)
        nextRetry = nil
        board.update { status in
            status.revision = revision.number
            if case .unrecorded = status.state { status.state = .serving }
        }
        return .applied(revision: revision.number, summary: revision.summary, warnings: candidate.warnings)
    }

    /// Publishes a recorded graph and takes note of it.
    mutating func publish(
        _ graph: Graph, _ revision: Revision, filesDigest: Digest, state: ReloadStatus.State = .serving, at now: Moment
    ) throws(PublishFailure) {
        try publisher.publish(graph, revision.number)
        serving = Serving(revision: revision.number, graph: graph, filesDigest: filesDigest, candidate: nil)
        giveUpWaiting()
        if state == .serving { rejected = nil }
        board.update { status in
            status.state = state
            status.revision = revision.number
            status.graphDigest = graph.digest
            status.commit = revision.commit
            status.lastAttempt = now.wall
            status.accepted += 1
        }
    }

    /// Refuses files, and records that; the record may fail, the refusal stands.
    mutating func reject(
        _ files: FileSet, _ lines: [String], withdrawing number: Int? = nil, at now: Moment
    ) -> ReloadOutcome {
        giveUpWaiting()
        rejected = files.digest
        var draft = RevisionDraft(
            time: now.wall, actor: setup.actor, commit: GitCheckout(around: setup.directory)?.commit,
            verdict: .rejected(errors: lines), summary: lines.count == 1 ? "1 error" : "\(lines.count) errors")
        draft.withdraws = number
        _ = try? record(draft, files)
        board.update { status in
            status.state = .rejected(lines)
            status.lastAttempt = now.wall
            status.rejected += 1
        }
        return .rejected(lines)
    }

    /// Forgets a candidate that does not serve. What serves still wants its record.
    mutating func giveUpWaiting() {
        waiting = nil
        if serving?.candidate == nil { nextRetry = nil }
    }

    /// Takes note of a failed record, and of when to try again.
    mutating func wait(_ error: Errno, isServing: Bool, at now: Moment) -> ReloadOutcome {
        let reason = "cannot record the revision: \(error)"
        self.reason = reason
        nextRetry = now.instant + Reloader.retryInterval
        rejected = nil
        board.update { status in
            if status.state != .unrecorded(reason) { status.lastAttempt = now.wall }
            status.state = .unrecorded(reason)
        }
        return .unrecorded(reason: reason, isServing: isServing)
    }

    mutating func record(_ draft: RevisionDraft, _ files: FileSet) throws(Errno) -> Revision {
        do {
            return try append(draft, files)
        } catch {
            guard error == .stale else { throw error }
            // The state directory was taken away: a new log is better than none.
            log = nil
            return try append(draft, files)
        }
    }

    private mutating func append(_ draft: RevisionDraft, _ files: FileSet) throws(Errno) -> Revision {
        try ensureLog()
        guard let revision = try log?.append(draft, files: files) else { preconditionFailure("the log was opened") }
        return revision
    }

    /// Opens the log unless that is done.
    mutating func ensureLog() throws(Errno) {
        if log != nil { return }
        do {
            try openLog()
        } catch {
            switch error {
            case .locked: throw .again
            case .unusable(_, let cause): throw cause
            }
        }
    }

    mutating func openLog() throws(RevisionLogFailure) {
        let opened = try RevisionLog.open(directory: setup.stateDirectory)
        let repair = opened.repair
        board.update { $0.repair = repair }
        log = consume opened
    }

    /// The latest accepted revision, when it is this graph.
    func known(_ graph: Graph) -> Revision? {
        guard let latest = history?.latestAccepted, latest.graphDigest == graph.digest else { return nil }
        return latest
    }
}
