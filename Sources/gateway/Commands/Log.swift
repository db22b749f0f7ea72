internal import ArgumentParser
internal import Diagnostics
internal import Encoding
internal import Revisions
internal import Supervisor

struct Log: Command {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List the revisions, newest first.",
        discussion: """
            `*` marks the revision that serves, or that the next start serves.

            Examples:
              gateway log --limit 10
              gateway log --verify                check all records and stored files

            Exit codes: 0 fine, 1 the log does not verify, 2 could not run.
            """)

    @Flag(help: "Check hashes, numbers and stored files instead.")
    var verify = false

    @Option(name: [.customShort("n"), .long], help: ArgumentHelp("How many revisions at most.", valueName: "count"))
    var limit: Int?

    @OptionGroup var output: FormatOptions
    @OptionGroup var directory: ConfigurationOptions
    @OptionGroup var state: StateOptions

    func perform(in surroundings: Surroundings) throws -> Report {
        if verify { return try verified(in: surroundings) }
        let history = try state.history(directory, in: surroundings)
        let first = max(1, history.count - max(0, limit ?? history.count) + 1)
        let revisions = stride(from: history.count, through: first, by: -1).compactMap { history.revision($0) }
        let active = history.latestAccepted?.number
        switch output.format {
        case .json:
            let json: JSON = [
                "active": active.map { .integer($0) } ?? .null, "revisions": .array(revisions.map(\.json)),
            ]
            return Report(output: json.document)
        case .text:
            return Report(output: table(revisions, active: active, Paint(isOn: surroundings.colorsOutput)))
        }
    }

    private func table(_ revisions: [Revision], active: Int?, _ paint: Paint) -> String {
        let width = String(revisions.first?.number ?? 0).count
        let actors = revisions.map(\.actor.count).max() ?? 0
        return revisions.map { revision in
            let mark = revision.number == active ? paint(.note, "*") : " "
            let number = String(revision.number).leading(width)
            let verdict =
                revision.isAccepted ? "accepted" : paint(.error, "rejected")
            let source = revision.rollbackOf.map { "rollback to \($0)" } ?? revision.source.rawValue
            let who = revision.actor.visible.trailing(actors)
            let line = "\(mark) \(number)  \(revision.time)  \(verdict)  \(who)  \(source)"
            return line + (revision.summary.isEmpty ? "" : ": \(revision.summary.visible)") + "\n"
        }.joined()
    }

    private func verified(in surroundings: Surroundings) throws -> Report {
        // A log that is not there is neither sound nor damaged.
        _ = try state.history(directory, in: surroundings)
        let path = state.directory(directory, in: surroundings)
        let report: RevisionVerification.Report
        do throws(RevisionLogFailure) {
            report = try RevisionVerification.verify(directory: surroundings.resolve(path))
        } catch {
            throw CommandFailure("\(error)")
        }
        let sound = "\(report.records.counting("record")), \(report.bodies.counting("stored file"))"
        let bad = report.firstBad.map { "revision \($0.revision) at byte \($0.offset): \($0.fault)" }
        let status: ExitStatus = bad == nil ? .fine : .invalid
        if output.format == .json {
            let json: JSON = [
                "sound": .bool(bad == nil), "records": .integer(report.records), "bodies": .integer(report.bodies),
                "first_bad": report.firstBad.map { place in
                    [
                        "revision": .integer(place.revision), "offset": .integer(place.offset),
                        "fault": .string("\(place.fault)"),
                    ]
                } ?? .null,
            ]
            return Report(output: json.document, status: status)
        }
        guard let bad else { return Report(output: "sound: \(sound)\n") }
        return Report(output: "sound up to there: \(sound)\n", errors: "error: \(bad)\n", status: status)
    }
}

extension String {
    /// Filled up on the left.
    func leading(_ width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
    /// Filled up on the right.
    func trailing(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
