package import Diagnostics
package import Revisions

/// What one look at the configuration led to.
package enum ReloadOutcome: Sendable, Equatable {
    /// The files on disk are those that were judged before.
    case unchanged
    /// The files differ and mean the same.
    case sameGraph
    case applied(revision: Int, summary: String, warnings: [String])
    /// Lines as in the revision log.
    case rejected([String])
    case pinned
    /// A good configuration that could not be recorded; `isServing` only after a start.
    case unrecorded(reason: String, isServing: Bool)
}

/// Why a gateway cannot start.
package enum StartFailure: Error, Sendable {
    /// Neither the files nor the log have a configuration that can serve: what became of the files, with their
    /// diagnostics, and why not the revisions of the log.
    case nothingToServe(ReloadOutcome, [Diagnostic], SourceMap, log: [String])
    case log(RevisionLogFailure)
}

/// Why a rollback did not happen; what served before serves on.
package enum RollbackFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case noSuchRevision(Int)
    /// The graph of that revision is the one that serves.
    case alreadyServing(Int)
    case body(BodyFailure)
    /// Refused by this version of the gateway, or in this environment.
    case invalid(Int, lines: [String])
    case cannotPublish(PublishFailure)
    case notRecorded(String)

    package var description: String {
        switch self {
        case .noSuchRevision(let number): "there is no revision \(number)"
        case .alreadyServing(let number): "revision \(number) means what serves already"
        case .body(let failure): "\(failure)"
        case .invalid(let number, let lines): "revision \(number) is not valid: \(lines.joined(separator: "; "))"
        case .cannotPublish(let failure): failure.message
        case .notRecorded(let reason): "the rollback could not be recorded: \(reason)"
        }
    }
}
