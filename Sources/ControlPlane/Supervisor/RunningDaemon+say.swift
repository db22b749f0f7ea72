// What an operator reads in the daemon's log.

internal import Diagnostics
internal import Health
internal import Kernel
internal import Revisions
internal import Upstreams

extension RunningDaemon {
    func say(_ outcome: ReloadOutcome) {
        switch outcome {
        case .unchanged: break
        case .sameGraph: DaemonLog.info("the files changed, and mean the same")
        case .applied(let revision, let summary, let warnings):
            DaemonLog.info("revision \(revision) serves: \(summary)")
            for warning in warnings { DaemonLog.warning(warning) }
        case .rejected(let lines):
            DaemonLog.error("the configuration is refused, the last good revision keeps serving")
            for line in lines { DaemonLog.error(line) }
        case .pinned: DaemonLog.info("the files on disk were rolled back from and wait for a change")
        case .unrecorded(let reason, let isServing):
            let consequence = isServing ? "it serves all the same" : "the last good revision keeps serving"
            DaemonLog.error("\(reason): \(consequence), and it is tried again every 5 s")
        }
    }

    /// Why the gateway cannot start; 1 for the configuration's fault, 2 for the machine's.
    func explain(_ failure: StartFailure) -> Int32 {
        switch failure {
        case .log(let failure):
            DaemonLog.error("\(failure)")
            return 2
        case .nothingToServe(let outcome, let diagnostics, let sources, let log):
            if diagnostics.isEmpty {
                say(outcome)
            } else {
                let color = StandardStream.error.isTerminal
                let renderer = DiagnosticRenderer(format: .text, sources: sources, color: color)
                StandardStream.error.write(renderer.render(diagnostics))
            }
            for reason in log { DaemonLog.error(reason) }
            DaemonLog.error("there is no good revision to serve")
            return diagnostics.isEmpty ? 2 : 1
        }
    }
}

extension DaemonLog {
    /// An instance has become another.
    static func tell(_ change: HealthChange) {
        let name = "instance `\(change.instance)` of service `\(change.service)`"
        if let failure = change.failure {
            warning("\(name) is \(change.health.text): \(failure)")
        } else {
            info("\(name) is \(change.health.text)")
        }
    }
}
