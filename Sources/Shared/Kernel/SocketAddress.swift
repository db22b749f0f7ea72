internal import CLinux

/// A numeric IPv4 or IPv6 address and a port.
package struct SocketAddress: BitwiseCopyable, Sendable, Hashable {
    // Network byte order; an IPv4 address fills the first four bytes of `high`.
    let high: UInt64
    let low: UInt64
    package let port: UInt16
    package let isIPv6: Bool

    /// Nil when the host is not a numeric address.
    package init?(host: String, port: UInt16) {
        var address = clinux_address()
        // The kernel's reader would stop at a NUL.
        guard !host.utf8.contains(0), unsafe clinux_parse_address(host, &address) == 1 else { return nil }
        address.port = port
        self.init(address)
    }

    /// An address of 4 or 16 bytes in network order, without a port; nil for another number of bytes.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        var address = clinux_address()
        address.is_v6 = bytes.count == 16 ? 1 : 0
        unsafe withUnsafeMutableBytes(of: &address.bytes) { unsafe $0.copyBytes(from: bytes) }
        self.init(address)
    }

    init(_ address: clinux_address) {
        var copy = address.bytes
        (high, low) = unsafe withUnsafeBytes(of: &copy) {
            unsafe ($0.load(as: UInt64.self), $0.load(fromByteOffset: 8, as: UInt64.self))
        }
        port = address.port
        isIPv6 = address.is_v6 != 0
    }

    package func with(port: UInt16) -> SocketAddress {
        var address = raw
        address.port = port
        return SocketAddress(address)
    }

    var raw: clinux_address {
        var address = clinux_address()
        unsafe withUnsafeMutableBytes(of: &address.bytes) {
            unsafe $0.storeBytes(of: high, as: UInt64.self)
            unsafe $0.storeBytes(of: low, toByteOffset: 8, as: UInt64.self)
        }
        address.port = port
        address.is_v6 = isIPv6 ? 1 : 0
        return address
    }

    /// The address without brackets and port: `127.0.0.1`, `::1`.
    package var host: String {
        var address = raw
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            unsafe clinux_address_text(&address, text.baseAddress, 64)
            return unsafe String(cString: text.baseAddress!)
        }
    }

    /// `127.0.0.1:80`, `[::1]:80`.
    package var text: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
