package import Bytes
package import HTTP

/// Room for one lookup at a time: the normal forms that are compared and forwarded, and the captures.
package struct MatchScratch: ~Copyable {
    /// Lower case, without port and final dot.
    package fileprivate(set) var host: Buffer
    /// The normal path.
    package fileprivate(set) var path: Buffer
    /// What was particular about the path as the client spelled it.
    package fileprivate(set) var spelling = PathSpelling()
    /// A decoded query value.
    var value: Buffer
    /// Captures of the winning route, as ranges of `path`.
    package internal(set) var captures: BoundedArray<ByteRange>
    var groups: [Range<Int>?] = []

    package static let capturesMax = 64

    package init(limits: HeadLimits = .standard) {
        host = Buffer(capacity: 512)
        // Each raw byte can become three.
        path = Buffer(capacity: limits.targetBytes * 3 + 8)
        value = Buffer(capacity: limits.targetBytes + 8)
        captures = BoundedArray(capacity: MatchScratch.capturesMax)
    }

    /// Takes the host and the path of a parsed head over, in their normal forms.
    package mutating func prepare(_ head: borrowing RequestHead, _ bytes: RawSpan) throws(Fault) {
        path.clear()
        host.clear()
        captures.removeAll()
        if head.isAsterisk {
            path.append(UInt8(ascii: "*"))
            spelling = PathSpelling()
        } else {
            spelling = try PathNormalizer.normalize(bytes.slice(head.path.range), into: &path)
        }
        var name = head.host
        if name.length > 1, bytes.byte(at: name.end - 1) == UInt8(ascii: ".") { name.length -= 1 }
        host.append(lowercasing: bytes.slice(name.range))
        if host.overflowed { throw .host }
    }
}
