extension Instance {
    /// `host:port` as a URL or a `Host` field has it, with an IPv6 address in brackets.
    package var authority: String {
        let name = host.value
        let isIPv6 = name.utf8.contains(UInt8(ascii: ":"))
        return "\(isIPv6 ? "[\(name)]" : name):\(port.value)"
    }
}
