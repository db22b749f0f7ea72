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
}

/// Owned by one worker.
@usableFromInline package struct UpstreamState: ~Copyable {
    private var cursors: [UInt32] = []
    @usableFromInline var instances: [InstanceState] = []
    private let start: UInt32

    /// `start` spreads the workers over the instances, so that they do not all begin with the first.
    package init(start: UInt32) {
        self.start = start
    }

    /// Makes room for identities up to these counts.
    package mutating func grow(services: Int, instances instanceCount: Int) {
        while cursors.count < services { cursors.append(start) }
        while instances.count < instanceCount { instances.append(InstanceState()) }
    }

    @inlinable package subscript(instance identity: UInt32) -> InstanceState {
        get { instances[Int(identity)] }
        set { instances[Int(identity)] = newValue }
    }

    mutating func nextTurn(of service: UInt32) -> UInt32 {
        cursors[Int(service)] &+= 1
        return cursors[Int(service)]
    }

    mutating func addTurn(_ amount: Int32, to identity: UInt32) -> Int32 {
        instances[Int(identity)].turn &+= amount
        return instances[Int(identity)].turn
    }
}
