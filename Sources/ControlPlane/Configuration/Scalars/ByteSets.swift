/// Sets of characters from the RFCs.
extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    var isLetter: Bool { (0x61...0x7A).contains(self | 0x20) }
    var isHexDigit: Bool { isDigit || (0x61...0x66).contains(self | 0x20) }
    var isUpperCase: Bool { (0x41...0x5A).contains(self) }

    /// RFC 9110 §5.6.2.
    var isToken: Bool { isDigit || isLetter || "!#$%&'*+-.^_`|~".utf8.contains(self) }
    /// RFC 3986 §2.3.
    var isUnreserved: Bool { isDigit || isLetter || "-._~".utf8.contains(self) }
    /// RFC 3986 §3.3, without `%`.
    var isPathCharacter: Bool { isUnreserved || "!$&'()*+,;=:@".utf8.contains(self) }
}
