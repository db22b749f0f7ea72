// What one worker knows of services and instances at run time. Indexed by identity, so it survives reloads.

package import Bytes

@usableFromInline package struct InstanceState: BitwiseCopyable, Sendable {
    /// Requests that this worker has with the instance now.
    package var inFlight: Int32 = 0
    /// Accumulated turn of smooth weighted round robin.
    var turn: Int32 = 0
    /// The idle connection used last.
    package var idle = SlabKey.none
    package var idleCount: Int32 = 0
    /// The newest revision has it, so that its connections are worth keeping.
    package fileprivate(set) var isCurrent = false
}

/// Owned by one worker. Tables by identity, which grow and never shrink; an element is reached without a call.
@safe
@usableFromInline package struct UpstreamState: ~Copyable {
    // Invariant: the first `serviceCount` and `instanceCount` elements are initialised.
    @usableFromInline var services: UnsafeMutablePointer<ServiceState>
    @usableFromInline var instances: UnsafeMutablePointer<InstanceState>
    @usableFromInline package private(set) var serviceCount = 0
    @usableFromInline package private(set) var instanceCount = 0
    private let start: UInt32

    /// `start` spreads the workers over the instances, so that they do not all begin with the first.
    package init(start: UInt32) {
        self.start = start
        unsafe services = .allocate(capacity: 0)
        unsafe instances = .allocate(capacity: 0)
    }

    deinit {
        unsafe services.deallocate()
        unsafe instances.deallocate()
    }

    /// Makes room for identities up to these counts.
    package mutating func grow(services: Int, instances: Int) {
        if services > serviceCount {
            let state = ServiceState(cursor: start)
            unsafe self.services = UpstreamState.grown(self.services, from: serviceCount, to: services, state)
            serviceCount = services
        }
        if instances > instanceCount {
            unsafe self.instances = UpstreamState.grown(
                self.instances, from: instanceCount, to: instances, InstanceState())
            instanceCount = instances
        }
    }

    private static func grown<State: BitwiseCopyable>(
        _ table: UnsafeMutablePointer<State>, from old: Int, to new: Int, _ state: State
    ) -> UnsafeMutablePointer<State> {
        let larger = UnsafeMutablePointer<State>.allocate(capacity: new)
        unsafe larger.initialize(from: table, count: old)
        unsafe (larger + old).initialize(repeating: state, count: new - old)
        unsafe table.deallocate()
        return unsafe larger
    }

    @inlinable package subscript(instance identity: UInt32) -> InstanceState {
        @inline(__always)
        unsafeAddress {
            precondition(Int(identity) < instanceCount)
            return unsafe UnsafePointer(instances + Int(identity))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(Int(identity) < instanceCount)
            return unsafe instances + Int(identity)
        }
    }

    @inlinable package subscript(service identity: UInt32) -> ServiceState {
        @inline(__always)
        unsafeAddress {
            precondition(Int(identity) < serviceCount)
            return unsafe UnsafePointer(services + Int(identity))
        }
        @inline(__always)
        unsafeMutableAddress {
            precondition(Int(identity) < serviceCount)
            return unsafe services + Int(identity)
        }
    }

    /// Takes over what a revision says of its services, for one worker among so many.
    package mutating func adopt(_ table: ServiceTable, workers: Int) {
        for identity in 0..<UInt32(instanceCount) { self[instance: identity].isCurrent = false }
        for index in 0..<table.instanceCount { self[instance: table.instance(index).identity].isCurrent = true }
        for index in 0..<table.count {
            self[service: table.service(index).identity].limits = table.pool(index).share(of: workers)
        }
    }

    /// Further tries have turns of their own: they would shift those of all other requests.
    mutating func nextTurn(of service: UInt32, isFirst: Bool) -> UInt32 {
        if isFirst {
            self[service: service].cursor &+= 1
            return self[service: service].cursor
        }
        self[service: service].retryCursor &+= 1
        return self[service: service].retryCursor
    }

    mutating func addTurn(_ amount: Int32, to identity: UInt32) -> Int32 {
        self[instance: identity].turn &+= amount
        return self[instance: identity].turn
    }
}
