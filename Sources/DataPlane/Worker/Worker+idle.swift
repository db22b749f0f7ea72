// Connections to instances that wait for their next request: a list for each instance, the last used first.

internal import Bytes
internal import Kernel
internal import Upstreams

extension Worker where Network: ~Copyable {
    mutating func pushIdle(_ key: SlabKey) {
        if origins[key].isRetired { return closeUpstream(key) }
        let identity = origins[key].instance
        origins[key].phase = .idle
        origins[key].client = .none
        origins[key].isReused = true
        origins[key].newer = .none
        let head = upstreams[instance: identity].idle
        origins[key].older = head
        if !head.isNone { origins[head].newer = key }
        upstreams[instance: identity].idle = key
        upstreams[instance: identity].idleCount += 1
        wheel.set(
            &origins[key].deadline, to: now + Bounds.idleUpstreamNanoseconds, token: Token.make(.upstream, key))
    }

    mutating func popIdle(_ identity: UInt32) -> SlabKey? {
        let key = upstreams[instance: identity].idle
        guard !key.isNone else { return nil }
        unlink(key)
        origins[key].phase = .busy
        return key
    }

    /// Closes an idle connection: its peer has closed it or sent bytes that nobody asked for, or its time is up.
    mutating func closeIdle(_ key: SlabKey) {
        unlink(key)
        closeUpstream(key)
    }

    private mutating func unlink(_ key: SlabKey) {
        let (newer, older) = (origins[key].newer, origins[key].older)
        let identity = origins[key].instance
        if newer.isNone {
            upstreams[instance: identity].idle = older
        } else {
            origins[newer].older = older
        }
        if !older.isNone { origins[older].newer = newer }
        upstreams[instance: identity].idleCount -= 1
    }
}
