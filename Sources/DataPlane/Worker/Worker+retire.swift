// Connections to addresses that instances have no longer.

internal import Bytes
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
}
