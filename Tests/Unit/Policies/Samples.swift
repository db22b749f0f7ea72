import Bytes
import Diagnostics
import HTTP
import Kernel
import Model
import Policies
import TestSupport

extension SocketAddress {
    static func at(_ host: String, port: UInt16 = 0) -> SocketAddress {
        guard let address = SocketAddress(host: host, port: port) else { preconditionFailure("no address: \(host)") }
        return address
    }
}

extension AddressPrefix {
    /// `10.0.0.0/8`; the bits behind the prefix are taken as they are.
    static func block(_ text: String) -> AddressPrefix {
        let parts = text.split(separator: "/")
        let address = SocketAddress.at(String(parts[0]))
        var number = address.number
        var bytes: [UInt8] = []
        for _ in 0..<(address.isIPv6 ? 16 : 4) {
            bytes.insert(UInt8(truncatingIfNeeded: number), at: 0)
            number >>= 8
        }
        let length = parts.count > 1 ? Int(parts[1]) ?? 0 : bytes.count * 8
        return AddressPrefix(bytes: bytes, length: length, description: text)
    }
}

extension ClientIdentification {
    static func trusting(_ blocks: [String], _ source: Source = .xForwardedFor) -> ClientIdentification {
        ClientIdentification(
            trustedProxies: Setting(blocks.map(AddressPrefix.block), .builtIn), source: Setting(source, .builtIn))
    }
}

/// Parses a request and lends it.
func withRequest<Result>(
    _ method: String = "GET", _ path: String = "/", _ fields: [(String, String)],
    _ body: (borrowing RequestHead, borrowing Buffer) -> Result
) throws -> Result {
    var buffer = Buffer(capacity: 20_000)
    buffer.append(
        text: "\(method) \(path) HTTP/1.1\r\nHost: a\r\n" + fields.map { "\($0.0): \($0.1)\r\n" }.joined() + "\r\n")
    var head = RequestHead()
    guard head.parse(buffer, limits: .standard) == .complete(buffer.count) else { throw Fault.field }
    return body(head, buffer)
}
