// Connections to addresses that instances have no longer.

internal import Bytes
internal import Decisions
internal import Kernel

extension Worker where Network: ~Copyable {
    /// Idle connections close now, busy ones when their exchange ends.
    mutating func retire(_ identities: [UInt32]) {
        let retired = Set(identities)
        for slot in 0..<origins.slots {
            guard let origin = origins.slot(at: slot), retired.contains(origin.connection.instance) else { continue }
            origin.connection.retires = now
            if origin.connection.phase == .idle { closeIdle(origin) }
        }
    }

    /// Whether the address of an exchange's instance is none any more: an exchange that began before a name led
    /// elsewhere still connects to where it led.
    func isGone(_ address: SocketAddress, of client: Client) -> Bool {
        guard !snapshots.isNewest(client.exchange.pinned) else { return false }
        return !snapshots.newest.has(address, behind: client.exchange.instanceIdentity)
    }
}
