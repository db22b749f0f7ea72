// Verifies passwords beside the workers: a few threads that give way to them, and a queue with an end.

internal import Identity
internal import Kernel
internal import Synchronization
internal import Worker

final class PasswordPool: Sendable {
    private struct State: Sendable {
        var waiting: [CredentialMark] = []
        /// Who asked, for each question that waits or is being worked on: one hash answers them all.
        var questions: [CredentialMark: (question: PasswordQuestion, askers: [PasswordAsker])] = [:]
        var askers = 0
    }

    /// Different credentials at a time.
    private let questionsMax: Int
    /// Requests at a time.
    private let askersMax: Int
    private let state = Mutex(State())
    private let wake: WakeEvent

    init(questionsMax: Int = 64, askersMax: Int = 1_024) throws(Errno) {
        self.questionsMax = questionsMax
        self.askersMax = askersMax
        wake = try WakeEvent()
    }

    /// Takes a question; false when too many wait.
    func ask(_ question: PasswordQuestion, for asker: PasswordAsker) -> Bool {
        let isTaken = state.withLock { state in
            guard state.askers < askersMax else { return false }
            if state.questions[question.mark] != nil {
                state.questions[question.mark]?.askers.append(asker)
            } else {
                guard state.questions.count < questionsMax else { return false }
                state.questions[question.mark] = (question, [asker])
                state.waiting.append(question.mark)
            }
            state.askers += 1
            return true
        }
        if isTaken { wake.raise() }
        return isTaken
    }

    /// Answers from now on; `deliver` gives an answer to a worker.
    func start(threads: Int, deliver: @escaping @Sendable (PasswordAnswer, _ worker: Int) -> Void) throws(Errno) {
        for _ in 0..<threads {
            try PlatformThread.start("passwords") { [self] in
                PlatformThread.stepBack()
                while true {
                    guard let question = next() else {
                        _ = try? wake.wait(or: nil, milliseconds: -1)
                        _ = wake.lower()
                        continue
                    }
                    // Another thread may sleep beside a queue that is not empty.
                    if state.withLock({ !$0.waiting.isEmpty }) { wake.raise() }
                    let verdict = question.table.judge(
                        user: question.user, password: question.password, scheme: question.scheme)
                    for asker in finish(question.mark) {
                        deliver(
                            PasswordAnswer(client: asker.client, mark: question.mark, verdict: verdict), asker.worker)
                    }
                }
            }
        }
    }

    /// Half of the processors: the rest is left to requests, even of a kernel that lets no thread give way.
    static var threads: Int { max(1, min(4, CurrentProcess.processors / 2)) }

    private func next() -> PasswordQuestion? {
        state.withLock { state in
            guard !state.waiting.isEmpty else { return nil }
            return state.questions[state.waiting.removeFirst()]?.question
        }
    }

    private func finish(_ mark: CredentialMark) -> [PasswordAsker] {
        state.withLock { state in
            let askers = state.questions.removeValue(forKey: mark)?.askers ?? []
            state.askers -= askers.count
            return askers
        }
    }
}
