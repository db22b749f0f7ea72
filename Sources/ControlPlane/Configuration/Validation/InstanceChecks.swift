internal import Diagnostics
internal import Model

/// What must hold among the instances of one service.
struct InstanceChecks {
    let reader: Reader
    let service: ServiceDeclaration
    /// No instance was left out because something in it was refused.
    let isWhole: Bool

    func run() {
        checkIdentities()
        checkAddresses()
        if isWhole { checkWeights() }
    }

    private func checkIdentities() {
        var seen: [String: Instance] = [:]
        for instance in service.instances {
            guard let first = seen[instance.id] else {
                seen[instance.id] = instance
                continue
            }
            reader.findings.report(
                Catalogue.instanceTwice,
                "two instances of service `\(service.name)` have the id `\(instance.id)`", at: instance.span,
                label: "the second", notes: [Diagnostic.Note("the first", at: first.span)],
                help: ["logs, metrics and connection pools go by the id: give each instance its own `instance_id`"])
        }
    }

    private func checkAddresses() {
        var seen: [String: Instance] = [:]
        for instance in service.instances {
            let address = "\(instance.host.value) \(instance.port.value)"
            guard let first = seen[address] else {
                seen[address] = instance
                continue
            }
            guard first.id != instance.id else { continue }
            reader.findings.report(
                Catalogue.addressTwice,
                "the instances `\(first.id)` and `\(instance.id)` are at the same address", at: instance.host.span,
                label: "`\(instance.host.value)` port \(instance.port.value) again",
                notes: [Diagnostic.Note("the first", at: first.host.span)],
                help: ["to give an instance a bigger share, use `weight`"])
        }
    }

    private func checkWeights() {
        let weighed = service.instances.filter { if case .declared = $0.weight.origin { true } else { false } }
        if !service.instances.isEmpty, service.instances.allSatisfy({ $0.weight.value == 0 }) {
            reader.findings.report(
                Catalogue.noWeight, "no instance of service `\(service.name)` takes traffic", at: service.span,
                label: "every `weight` is 0", help: ["give at least one instance a weight above 0"])
        } else if let first = weighed.first, case .declared(let span) = first.weight.origin,
            service.balancing?.value ?? .roundRobin == .roundRobin, !weighed.allSatisfy({ $0.weight.value == 0 })
        {
            reader.findings.report(
                Catalogue.weightUnused, "`weight` counts for nothing under `round_robin`", at: span,
                label: "all instances get the same share", help: ["add `load_balancing: weighted` to the service"])
        }
    }
}
