internal import Model

extension ValueType where Value == [SocketAddressText] {
    /// One DNS server, or several.
    static var dnsServers: ValueType {
        let one = ValueType<SocketAddressText>.socketAddress
        let several = ValueType<[Located<SocketAddressText>]>.oneOrMore(one, "an address with its port, or a list")
        return ValueType(shape: several.shape, noun: several.noun) { reader, id in
            guard let servers = reader.value(id, as: several) else { return nil }
            for server in servers where server.value.port == 0 {
                reader.findings.report(
                    Catalogue.badAddress, "`\(reader.key)` takes an address with its port, not `\(server.value)`",
                    at: server.span, label: "a server has a port from 1 to 65535")
                return nil
            }
            return servers.map(\.value)
        }
    }
}
