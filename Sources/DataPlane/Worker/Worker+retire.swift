// Connections to addresses that instances have no longer.

internal import Bytes
internal import Decisions
internal import Kernel

extension Worker where Network: ~Copyable {
    /// Idle connections close now, busy ones when their exchange ends.
    mutating func retire(_ identities: [UInt32]) {
        let retired = Set(identities)
        for slot in 0..<origins.slots {
            guard let key = origins.key(at: slot), retired.contains(origins[key].instance) else { continue }
            origins[key].retires = now
            if origins[key].phase == .idle { closeIdle(key) }
        }
    }

    /// Whether the address of an exchange's instance is none any more: an exchange that began before a name led
    /// elsewhere still connects to where it led.
    func isGone(_ address: SocketAddress, of key: SlabKey) -> Bool {
        let exchange = clients[key].exchange
        guard Int(exchange.snapshot) != snapshots.current else { return false }
        return !snapshots[snapshots.current].has(address, behind: exchange.instanceIdentity)
    }
}
