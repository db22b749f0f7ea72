import Bytes
import Diagnostics
import HTTP
import Kernel
import Model
import Policies

/// `10.0.0.0/8` and one IPv6 block.
private let trusted = [
    AddressPrefix(bytes: [10, 0, 0, 0], length: 8, description: "10.0.0.0/8"),
    AddressPrefix(
        bytes: [0x20, 1, 0x0D, 0xB8] + Array(repeating: 0, count: 12), length: 32, description: "2001:db8::/32"),
]

private let tables = [ClientIdentification.Source.xForwardedFor, .forwarded].map { source in
    PolicyTable(
        ClientIdentification(trustedProxies: Setting(trusted, .builtIn), source: Setting(source, .builtIn)), [])
}

/// Who the client is, by fields of any content.
@Sendable func checkClientAddress(_ input: [UInt8]) throws(Violation) {
    let input = FuzzInput(input)
    let isForwarded = input.choice & 2 != 0
    let name = isForwarded ? "Forwarded" : "X-Forwarded-For"
    let lines = input.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).prefix(8)
    var text = Array("GET / HTTP/1.1\r\nHost: a\r\n".utf8)
    for line in lines { text += Array("\(name): ".utf8) + line + [0x0D, 0x0A] }
    let buffer = exactBuffer(text + [0x0D, 0x0A])
    var head = RequestHead()
    guard case .complete = head.parse(buffer, limits: .standard) else { return }
    guard let near = SocketAddress(host: "10.0.0.1", port: 7), let far = SocketAddress(host: "192.0.2.9", port: 7)
    else {
        return
    }
    let table = tables[isForwarded ? 1 : 0]
    try hold(table.client(of: far, head, buffer) == far, "a peer that nobody trusts is the client")
    let expected = ReferenceClient.find(lines.map { Array($0) }, isForwarded: isForwarded) ?? near
    let seen = table.client(of: near, head, buffer)
    try hold(seen == expected, "\(input.bytes.shown): \(seen.text), and should be \(expected.text)")
}
