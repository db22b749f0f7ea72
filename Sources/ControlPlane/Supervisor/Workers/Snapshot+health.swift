internal import Decisions
internal import Health
internal import Kernel
internal import Model
internal import Upstreams

extension Snapshot {
    /// Instances that take traffic and whose service has them checked.
    var healthTargets: [HealthTarget] {
        var targets: [HealthTarget] = []
        var index = 0
        for service in graph.services {
            defer { index += service.instances.count }
            guard let check = service.watch.check else { continue }
            for (position, instance) in service.instances.enumerated() where instance.weight.value > 0 {
                let compiled = services.instance(index + position)
                let addresses = addresses.list(of: index + position).map { address in
                    check.port.value.map { address.with(port: $0) } ?? address
                }
                targets.append(
                    HealthTarget(
                        identity: compiled.identity, service: service.name, instance: instance.id,
                        authority: instance.authority, addresses: addresses, check: check,
                        words: services.words(ofInstance: index + position)))
            }
        }
        return targets
    }
}
