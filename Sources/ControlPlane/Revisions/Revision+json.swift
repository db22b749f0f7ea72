// The text of a record. The list of files comes last, so that the start of a line is for people.

internal import Configuration
package import Cryptography
package import Encoding
internal import Kernel

extension Revision {
    package var json: JSON {
        var members: [JSON.Member] = [
            .init("revision", .integer(number)), .init("time", .string(time)),
            .init("source", .string(source.rawValue)), .init("actor", .string(actor)),
        ]
        if let commit { members.append(.init("commit", .string(commit))) }
        members.append(.init("verdict", .string(isAccepted ? "accepted" : "rejected")))
        if case .rejected(let errors) = verdict { members.append(.init("errors", .array(errors.map { .string($0) }))) }
        members.append(.init("summary", .string(summary)))
        if let rollbackOf { members.append(.init("rollback_of", .integer(rollbackOf))) }
        if let pinned { members.append(.init("pinned", .string(pinned.hex))) }
        if let withdraws { members.append(.init("withdraws", .integer(withdraws))) }
        if let graphDigest { members.append(.init("graph_digest", .string(graphDigest.hex))) }
        members.append(.init("files_digest", .string(filesDigest.hex)))
        members.append(.init("files", .array(files.map(\.json))))
        return .object(members)
    }

    /// Nil when a member is missing or of another kind; members that are not known are skipped.
    package init?(json: JSON, hash: Digest) {
        guard let number = json["revision"]?.integer, let time = json["time"]?.string,
            let source = json["source"]?.string.flatMap(Source.init(rawValue:)), let actor = json["actor"]?.string,
            let verdict = Verdict(json: json), let summary = json["summary"]?.string,
            let filesDigest = json["files_digest"].flatMap(Digest.init(json:)), let list = json["files"]?.array
        else { return nil }
        let files = list.compactMap(FileEntry.init(json:))
        guard files.count == list.count else { return nil }
        self.init(
            number: number, time: time, source: source, actor: actor, commit: json["commit"]?.string, files: files,
            filesDigest: filesDigest, graphDigest: json["graph_digest"].flatMap(Digest.init(json:)), verdict: verdict,
            rollbackOf: json["rollback_of"]?.integer, pinned: json["pinned"].flatMap(Digest.init(json:)),
            withdraws: json["withdraws"]?.integer, summary: summary, hash: hash)
    }

    /// The hash is that of the empty record until the text is known.
    init(number: Int, draft: RevisionDraft, files: FileSet) {
        var verdict = draft.verdict
        if case .rejected(let errors) = verdict, errors.count > Self.errorLinesMax {
            verdict = .rejected(errors: Array(errors.prefix(Self.errorLinesMax)))
        }
        self.init(
            number: number, time: WallClock.text(nanoseconds: draft.time), source: draft.source, actor: draft.actor,
            commit: draft.commit,
            files: files.files.map { FileEntry(path: $0.path, digest: $0.digest, size: $0.bytes.count) },
            filesDigest: files.digest, graphDigest: draft.graphDigest, verdict: verdict, rollbackOf: draft.rollbackOf,
            pinned: draft.pinned, withdraws: draft.withdraws, summary: draft.summary, hash: HashChain.origin)
    }
}

extension Revision.FileEntry {
    var json: JSON {
        ["path": .string(path), "sha256": .string(digest.hex), "size": .integer(size)]
    }

    init?(json: JSON) {
        guard let path = json["path"]?.string, let digest = json["sha256"].flatMap(Digest.init(json:)),
            let size = json["size"]?.integer
        else { return nil }
        self.init(path: path, digest: digest, size: size)
    }
}

extension Revision.Verdict {
    fileprivate init?(json: JSON) {
        switch json["verdict"]?.string {
        case "accepted": self = .accepted
        case "rejected": self = .rejected(errors: (json["errors"]?.array ?? []).compactMap(\.string))
        default: return nil
        }
    }
}

extension Digest {
    fileprivate init?(json: JSON) {
        guard let text = json.string else { return nil }
        self.init(hex: text)
    }
}
