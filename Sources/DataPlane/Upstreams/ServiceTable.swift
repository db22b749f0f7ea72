// The services of one graph as flat tables, read by all workers.

package import Bytes
package import Model

package struct CompiledService: BitwiseCopyable, Sendable {
    package enum HostHeader: BitwiseCopyable, Sendable {
        case preserve
        /// `hostText` of the instance.
        case instance
        case literal(ByteRange)
    }

    /// Survives reloads.
    package let identity: UInt32
    package let balancing: LoadBalancing
    package let hostHeader: HostHeader
    package let connectNanoseconds: Int64
    package let responseNanoseconds: Int64
    package let retries: Int
    package let firstInstance: Int
    package let instanceCount: Int
    /// How many of them have a weight.
    let openCount: Int

    /// Indices of the instances in the table.
    package var instances: Range<Int> { firstInstance..<firstInstance + instanceCount }
}

package struct CompiledInstance: BitwiseCopyable, Sendable {
    /// Survives reloads.
    package let identity: UInt32
    package let weight: Int32
    /// `host:port` as declared.
    package let hostText: ByteRange
}

package final class ServiceTable: Sendable {
    private let arena: FrozenArray<UInt8>
    private let services: FrozenArray<CompiledService>
    private let instances: FrozenArray<CompiledInstance>

    package init(_ graph: Graph, identities: inout Identities) {
        var arena: [UInt8] = []
        var services: [CompiledService] = []
        var instances: [CompiledInstance] = []
        func intern(_ text: String) -> ByteRange {
            let range = ByteRange(offset: arena.count, length: text.utf8.count)
            arena += text.utf8
            return range
        }
        for service in graph.services {
            let hostHeader: CompiledService.HostHeader =
                switch service.hostHeader.value {
                case .preserve: .preserve
                case .instance: .instance
                case .literal(let name): .literal(intern(name))
                }
            services.append(
                CompiledService(
                    identity: identities.service(service.name), balancing: service.balancing.value,
                    hostHeader: hostHeader, connectNanoseconds: service.connectTimeout.value.nanoseconds,
                    responseNanoseconds: service.responseTimeout.value.nanoseconds, retries: service.retry.limit.value,
                    firstInstance: instances.count, instanceCount: service.instances.count,
                    openCount: service.instances.count { $0.weight.value > 0 }))
            for instance in service.instances {
                instances.append(
                    CompiledInstance(
                        identity: identities.instance(instance, of: service.name),
                        weight: Int32(instance.weight.value),
                        hostText: intern(instance.authority)))
            }
        }
        self.arena = FrozenArray(arena)
        self.services = FrozenArray(services)
        self.instances = FrozenArray(instances)
    }

    package var instanceCount: Int { instances.count }

    package func service(_ index: Int) -> CompiledService { services[index] }
    package func instance(_ index: Int) -> CompiledInstance { instances[index] }

    /// Appends text that a service or an instance points at.
    package func append(_ range: ByteRange, to out: inout Buffer) { arena.append(range, to: &out) }
}
