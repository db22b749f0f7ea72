// The services of one graph as flat tables, read by all workers.

package import Bytes
package import Model

/// What a request has to look at beside its instance and its connection; most services have none.
@usableFromInline package struct ServiceFeatures: BitwiseCopyable, Sendable {
    /// Instances may be left out.
    @usableFromInline package let isWatched: Bool
    /// What becomes of tries is noted.
    @usableFromInline package let notesTries: Bool

    init(_ service: Service) {
        isWatched = service.watch.isWatching
        notesTries = service.watch.outliers != nil
    }
}

package struct CompiledService: BitwiseCopyable, Sendable {
    package enum HostHeader: BitwiseCopyable, Sendable {
        case preserve
        /// `hostText` of the instance.
        case instance
        case literal(ByteRange)
    }

    /// Survives reloads.
    package let identity: UInt32
    package let features: ServiceFeatures
    /// Place in its table.
    let index: Int32
    package let balancing: LoadBalancing
    package let hostHeader: HostHeader
    package let connectNanoseconds: Int64
    package let responseNanoseconds: Int64
    /// Far more than any other time when a try has none of its own.
    package let tryNanoseconds: Int64
    package let retries: Int
    package let retriesAnyMethod: Bool
    package let firstInstance: Int
    package let instanceCount: Int
    /// How many of them have a weight.
    let openCount: Int

    /// Indices of the instances in the table.
    package var instances: Range<Int> { firstInstance..<firstInstance + instanceCount }

    init(_ service: Service, identity: UInt32, _ hostHeader: HostHeader, index: Int, firstInstance: Int) {
        self.identity = identity
        self.index = Int32(index)
        features = ServiceFeatures(service)
        self.hostHeader = hostHeader
        self.firstInstance = firstInstance
        balancing = service.balancing.value
        connectNanoseconds = service.connectTimeout.value.nanoseconds
        responseNanoseconds = service.responseTimeout.value.nanoseconds
        tryNanoseconds = service.retry.tryTimeout.value?.nanoseconds ?? .max
        retries = service.retry.limit.value
        retriesAnyMethod = service.retry.methods.value == .any
        instanceCount = service.instances.count
        openCount = service.instances.count { $0.weight.value > 0 }
    }
}

extension PoolLimits {
    init(_ policy: PoolPolicy) {
        connections = policy.maxConnections.value.map { Int32(clamping: $0) } ?? .max
        queue = Int32(clamping: policy.maxQueue.value)
        queueNanoseconds = policy.queueTimeout.value.nanoseconds
        idle = Int32(clamping: policy.maxIdleConnections.value)
        keepAliveNanoseconds = policy.keepAliveTimeout.value.nanoseconds
        ageNanoseconds = policy.maxConnectionAge.value?.nanoseconds ?? .max
    }
}

/// What is asked only when something failed.
package struct CompiledRetry: BitwiseCopyable, Sendable {
    package let conditions: RetryConditions
    package let budget: RetryBudget

    init(_ policy: RetryPolicy) {
        conditions = policy.conditions.value
        budget = RetryBudget(
            percent: Int32(clamping: policy.budget.value), floor: Int32(clamping: policy.budgetFloor.value))
    }
}

/// What is asked only of services whose instances are watched.
package struct CompiledWatch: BitwiseCopyable, Sendable {
    package let condition: ServiceCondition
    /// 0 for none.
    let slowStartNanoseconds: Int64
    /// In percent; 0 for never.
    let panicThreshold: Int
    package let outliers: CompiledOutliers?

    init(_ policy: WatchPolicy, _ condition: ServiceCondition) {
        self.condition = condition
        slowStartNanoseconds = policy.slowStart.value?.nanoseconds ?? 0
        panicThreshold = policy.panicThreshold.value
        outliers = policy.outliers.map(CompiledOutliers.init)
    }
}

package struct CompiledInstance: BitwiseCopyable, Sendable {
    /// Survives reloads.
    package let identity: UInt32
    package let condition: InstanceCondition
    package let weight: Int32
    /// `host:port` as declared.
    package let hostText: ByteRange
}

package final class ServiceTable: Sendable {
    private let arena: FrozenArray<UInt8>
    private let services: FrozenArray<CompiledService>
    private let retries: FrozenArray<CompiledRetry>
    private let pools: FrozenArray<PoolLimits>
    private let instances: FrozenArray<CompiledInstance>
    private let watches: FrozenArray<CompiledWatch>
    /// What the conditions point at.
    private let serviceWords: [SharedWords]
    private let instanceWords: [SharedWords]

    package init(_ graph: Graph, identities: inout Identities) {
        var arena: [UInt8] = []
        var services: [CompiledService] = []
        var instances: [CompiledInstance] = []
        var serviceWords: [SharedWords] = []
        var instanceWords: [SharedWords] = []
        var watches: [CompiledWatch] = []
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
            let identity = identities.service(service.name)
            let words = identities.words(ofService: identity)
            serviceWords.append(words)
            services.append(
                CompiledService(
                    service, identity: identity, hostHeader, index: services.count, firstInstance: instances.count))
            watches.append(CompiledWatch(service.watch, ServiceCondition(words)))
            for instance in service.instances {
                let identity = identities.instance(instance, of: service.name)
                let words = identities.words(ofInstance: identity)
                instanceWords.append(words)
                instances.append(
                    CompiledInstance(
                        identity: identity, condition: InstanceCondition(words),
                        weight: Int32(instance.weight.value),
                        hostText: intern(instance.authority)))
            }
        }
        self.arena = FrozenArray(arena)
        self.services = FrozenArray(services)
        retries = FrozenArray(graph.services.map { CompiledRetry($0.retry) })
        pools = FrozenArray(graph.services.map { PoolLimits($0.pool) })
        self.instances = FrozenArray(instances)
        self.watches = FrozenArray(watches)
        self.serviceWords = serviceWords
        self.instanceWords = instanceWords
    }

    package var count: Int { services.count }
    package var instanceCount: Int { instances.count }

    package func service(_ index: Int) -> CompiledService { services[index] }
    package func retry(_ index: Int) -> CompiledRetry { retries[index] }
    /// Of all workers together.
    func pool(_ index: Int) -> PoolLimits { pools[index] }
    package func watch(of service: CompiledService) -> CompiledWatch { watches[Int(service.index)] }
    /// For whoever keeps the condition of an instance longer than the table.
    package func words(ofInstance index: Int) -> SharedWords { instanceWords[index] }
    package func instance(_ index: Int) -> CompiledInstance { instances[index] }

    /// Appends text that a service or an instance points at.
    package func append(_ range: ByteRange, to out: inout Buffer) { arena.append(range, to: &out) }
}
