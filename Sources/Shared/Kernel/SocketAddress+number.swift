internal import Bytes
internal import CLinux

extension SocketAddress {
    /// The address as a number of 128 bits; an IPv4 address is where RFC 4291 §2.5.5.2 maps it to.
    package var number: UInt128 {
        guard isIPv6 else { return 0xFFFF << 32 | UInt128(UInt32(truncatingIfNeeded: high).byteSwapped) }
        return UInt128(high.byteSwapped) << 64 | UInt128(low.byteSwapped)
    }

    /// Reads a numeric address without brackets, zone and port; nil for anything else. The port is 0.
    package init?(numeric text: RawSpan) {
        guard (2...45).contains(text.byteCount) else { return nil }
        var address = clinux_address()
        let isAddress = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 46) { copy in
            for index in 0..<text.byteCount {
                let byte = text.byte(at: index)
                // A NUL would end the text early.
                guard byte > 0x20, byte < 0x7F else { return false }
                unsafe copy[index] = CChar(byte)
            }
            unsafe copy[text.byteCount] = 0
            return unsafe clinux_parse_address(copy.baseAddress!, &address) == 1
        }
        guard isAddress else { return nil }
        self.init(address)
    }
}
