internal import Configuration
internal import Cryptography
internal import Model
package import Revisions

extension Reloader {
    /// Brings the files of a revision back into service, under a new number. The files on disk stay as they are and are
    /// not applied again until they change.
    package mutating func rollback(
        to number: Int, actor: String, at now: Moment
    ) throws(RollbackFailure) -> Revision {
        guard let target = history?.revision(number) else { throw .noSuchRevision(number) }
        let graph = try graph(of: target)
        if graph.digest == serving?.graph.digest { throw .alreadyServing(number) }
        let pinned = filesOnDisk()
        let isPinned = pinned != target.filesDigest
        var draft = RevisionDraft(
            time: now.wall, source: .rollback, actor: actor, commit: target.commit, graphDigest: graph.digest,
            summary: serving.map { GraphDiff.summary(GraphDiff.between($0.graph, graph)) } ?? "rollback")
        draft.rollbackOf = number
        draft.pinned = isPinned ? pinned : nil
        let revision = try recordRollback(draft, to: target, graph)
        let state: ReloadStatus.State = isPinned ? .pinned : .serving
        do {
            try publish(graph, revision, filesDigest: target.filesDigest, state: state, at: now)
        } catch {
            withdraw(revision, error, at: now)
            throw .cannotPublish(error)
        }
        rejected = nil
        return revision
    }

    private mutating func recordRollback(
        _ draft: RevisionDraft, to target: Revision, _ graph: Graph
    ) throws(RollbackFailure) -> Revision {
        do { try publisher.prepare(graph) } catch { throw .cannotPublish(error) }
        guard let history = history else { throw .noSuchRevision(target.number) }
        let files: FileSet
        do { files = try history.files(of: target) } catch { throw .body(error) }
        do { return try record(draft, files) } catch { throw .notRecorded("\(error)") }
    }

    /// Takes back a rollback that could not be published; what serves, and the state, stay as they were.
    private mutating func withdraw(_ revision: Revision, _ failure: PublishFailure, at now: Moment) {
        guard let files = try? history?.files(of: revision) else { return }
        var draft = RevisionDraft(
            time: now.wall, source: .rollback, actor: revision.actor, verdict: .rejected(errors: [failure.message]),
            summary: "1 error")
        draft.withdraws = revision.number
        _ = try? record(draft, files)
    }

    /// The digest of the files as they are now, or as they were when they could last be read.
    private func filesOnDisk() -> Digest? {
        (try? FileSet.read(directory: setup.directory))?.digest ?? board.current.filesOnDisk
    }
}
