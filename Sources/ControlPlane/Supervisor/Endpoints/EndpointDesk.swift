// Answers the questions that workers pass on: the gateway's own endpoints.

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
    func start(fleet: Fleet, report: StatusReport) throws(Errno) {
        try PlatformThread.start("endpoints") { [self] in
            while true {
                _ = try? wake.wait(or: nil, milliseconds: -1)
                _ = wake.lower()
                let taken = questions.withLock { questions in
                    let taken = questions
                    questions = []
                    return taken
                }
                for question in taken { fleet.answer(question, EndpointDesk.answer(question, report)) }
            }
        }
    }

    private static func answer(_ question: ControlQuestion, _ report: StatusReport) -> ControlAnswer {
        switch question.endpoint {
        case .health:
            let body = report.healthDocument.text() + "\n"
            return ControlAnswer(to: question, status: 200, contentType: "application/json", body: Array(body.utf8))
        case .status:
            let body = report.status.text() + "\n"
            return ControlAnswer(to: question, status: 200, contentType: "application/json", body: Array(body.utf8))
        case .metrics:
            let type = "text/plain; version=0.0.4; charset=utf-8"
            return ControlAnswer(to: question, status: 200, contentType: type, body: Array(report.metrics.utf8))
        }
    }
}
