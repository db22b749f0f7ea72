// What became of tries, for those who judge instances by it.

internal import Decisions
internal import Kernel
internal import Upstreams

extension Worker where Network: ~Copyable {
    /// Takes what became of a try at the chosen instance. A try that the client broke off is never noted.
    @inline(__always) mutating func note(_ client: Client, _ outcome: TryOutcome) {
        if client.exchange.notesTries { judge(client, outcome) }
    }

    private mutating func judge(_ client: Client, _ outcome: TryOutcome) {
        let services = client.snapshot.services
        let service = services.service(Int(client.exchange.service))
        guard client.exchange.instance >= 0 else { return }
        Outliers.note(
            outcome, of: Int(client.exchange.instance), service, in: services, at: now.nanoseconds)
    }
}
