// What one connection takes of the gateway's memory. The kernel's own buffers come on top.

internal import Bytes
package import Model

/// Bytes that one client connection holds at most, by what it does.
package struct ConnectionMemory: Sendable {
    /// Between two requests: a slot and a timer, no buffer.
    package let idle: Int
    /// While a head arrives: the same, and what has come of it.
    package let receivingHead: Int
    /// While a request is proxied: the record and the head for the instance, and bytes that cannot move on, two
    /// buffers in each direction.
    package let proxying: Int
    /// The largest buffer.
    package let buffer: Int

    package init(_ gateway: Gateway) {
        let limits = gateway.listeners.map(\.limits) + (gateway.admin == nil ? [] : [gateway.adminLimits])
        let head = limits.map(\.maxHeadSize.value.bytes).max() ?? 0
        buffer = Bounds.bufferBytes(headBytes: head)
        // With what its slot adds: a generation.
        idle = MemoryLayout<ClientConnection>.stride + 8 + MemoryLayout<TimerEntry>.stride
        // What follows a head may have come with it.
        receivingHead = idle + buffer
        proxying = idle + MemoryLayout<UpstreamConnection>.stride + 8 + 5 * buffer
    }
}
