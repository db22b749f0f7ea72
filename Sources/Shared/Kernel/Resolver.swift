internal import CLinux

/// Names to addresses by the system's resolver. Blocks: never on a worker.
package enum Resolver {
    /// The numeric addresses of a host with this port, in the resolver's order; empty when there are none.
    package static func addresses(of host: String, port: UInt16) -> [SocketAddress] {
        if let numeric = SocketAddress(host: host, port: port) { return [numeric] }
        var found = [clinux_address](repeating: clinux_address(), count: 16)
        let count = unsafe found.withUnsafeMutableBufferPointer { buffer in
            unsafe clinux_resolve(host, buffer.baseAddress, Int32(buffer.count))
        }
        return found.prefix(max(0, Int(count))).map { SocketAddress($0).with(port: port) }
    }
}
