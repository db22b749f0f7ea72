// Answers the questions that workers pass on: the gateway's own endpoints.

internal import Decisions
internal import Encoding
internal import Kernel
internal import Routing
internal import Synchronization
internal import Worker

/// A thread with a queue. A worker only puts its question in.
final class EndpointDesk: Sendable {
    private let questions = Mutex<[ControlQuestion]>([])
    private let wake: WakeEvent

    init() throws(Errno) {
        wake = try WakeEvent()
    }

    func ask(_ question: ControlQuestion) {
        questions.withLock { $0.append(question) }
        wake.raise()
    }

    /// Answers from now on.
    func start(_ name: String, fleet: Fleet, report: StatusReport) throws(Errno) {
        try PlatformThread.start(name) { [self] in
            var inquirer = Inquirer()
            while true {
                _ = try? wake.wait(or: nil, milliseconds: -1)
                _ = wake.lower()
                let taken = questions.withLock { questions in
                    let taken = questions
                    questions = []
                    return taken
                }
                for question in taken { fleet.answer(question, EndpointDesk.answer(question, report, &inquirer)) }
            }
        }
    }

    private static func answer(
        _ question: ControlQuestion, _ report: StatusReport, _ inquirer: inout Inquirer
    ) -> ControlAnswer {
        if let inquiry = question.inquiry {
            let answer = inquirer.answer(inquiry, seconds: WallClock.nanoseconds / 1_000_000_000)
            return ControlAnswer(
                to: question, status: answer.status, contentType: "application/json", fields: answer.fields,
                body: answer.body)
        }
        switch question.endpoint {
        case .health:
            let body = report.healthDocument.text() + "\n"
            return ControlAnswer(to: question, status: 200, contentType: "application/json", body: Array(body.utf8))
        case .status:
            let body = report.status.text() + "\n"
            return ControlAnswer(to: question, status: 200, contentType: "application/json", body: Array(body.utf8))
        case .permissionCheck, .permissionList, .permissionAudit: preconditionFailure("these are inquiries")
        case .metrics:
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return ControlAnswer(to: question, status: 200, contentType: type, body: Array(report.metrics.utf8))
        }
    }
}
