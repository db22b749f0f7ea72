// One attempt to change the configuration, as the log keeps it.

package import Cryptography

package struct Revision: Sendable, Equatable {
    /// What asked for the attempt.
    package enum Source: String, Sendable {
        case files
        case rollback
    }

    package enum Verdict: Sendable, Equatable {
        case accepted
        /// At most `Revision.errorLinesMax` lines, each a finding with its place.
        case rejected(errors: [String])
    }

    package struct FileEntry: Sendable, Equatable {
        /// Relative to the configuration directory.
        package let path: String
        package let digest: Digest
        /// Bytes.
        package let size: Int

        package init(path: String, digest: Digest, size: Int) {
            self.path = path
            self.digest = digest
            self.size = size
        }
    }

    package static let errorLinesMax = 20

    /// From 1, without gaps.
    package let number: Int
    /// RFC 3339, UTC, milliseconds.
    package let time: String
    package let source: Source
    /// A user name, or `uid 1000`.
    package let actor: String
    /// The commit that the configuration directory was checked out from.
    package let commit: String?
    package let files: [FileEntry]
    package let filesDigest: Digest
    /// Nil when no graph came of the files.
    package let graphDigest: Digest?
    package let verdict: Verdict
    /// The revision whose files a rollback brought back.
    package let rollbackOf: Int?
    /// Digest of the files that a rollback left on disk: they are not applied again until they change.
    package let pinned: Digest?
    /// The revision that could not be published after it had been recorded, so that this record takes it back.
    package let withdraws: Int?
    package let summary: String
    /// Over the previous record's hash and this record's text.
    package internal(set) var hash: Digest

    package var isAccepted: Bool { verdict == .accepted }
}

/// What a caller knows of a revision before it is recorded.
package struct RevisionDraft: Sendable {
    /// Wall clock, nanoseconds since 1970.
    package var time: Int64
    package var source: Revision.Source
    package var actor: String
    package var commit: String?
    package var graphDigest: Digest?
    package var verdict: Revision.Verdict
    package var summary: String
    package var rollbackOf: Int?
    package var pinned: Digest?
    package var withdraws: Int?

    package init(
        time: Int64, source: Revision.Source = .files, actor: String, commit: String? = nil, graphDigest: Digest? = nil,
        verdict: Revision.Verdict = .accepted, summary: String
    ) {
        self.time = time
        self.source = source
        self.actor = actor
        self.commit = commit
        self.graphDigest = graphDigest
        self.verdict = verdict
        self.summary = summary
    }
}
