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
    /// What routes are matched with: the request's own, unless it asks about another.
    var method = Method.other
    var methodToken = ByteRange.empty

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
        method = head.method
        methodToken = head.methodToken
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

    /// Lets routes be matched as if the request had another method.
    package mutating func ask(about token: ByteRange, _ bytes: RawSpan) {
        method = Method(bytes.slice(token.range))
        methodToken = token
    }

    /// Takes the request's own method again.
    package mutating func askItself(_ head: borrowing RequestHead) {
        method = head.method
        methodToken = head.methodToken
    }

    /// Appends a capture of the winning route; false when the path ends before it.
    package borrowing func appendCapture(_ number: Int, to out: inout Buffer) -> Bool {
        guard number < captures.count, let range = capture(number) else { return false }
        out.append(path, range)
        return true
    }

    package borrowing func appendHost(to out: inout Buffer) { out.append(host) }
}
