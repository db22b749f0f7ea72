import Bytes
import TestSupport
import Testing

@testable import HTTP

@Suite struct PathNormalizerTests {
    private func normalize(
        _ raw: [UInt8], behind prefix: String = "", keepsEncodedSlashes: Bool = false, isRaw: Bool = false
    ) throws(Fault) -> String {
        var out = Buffer(capacity: 4_096)
        out.append(text: prefix)
        let held = buffer(raw, capacity: 4_096)
        let spelling = try PathNormalizer.normalize(held.bytes, into: &out)
        try spelling.check(keepsEncodedSlashes: keepsEncodedSlashes, isRaw: isRaw)
        return String(out.bytes.text.dropFirst(prefix.count))
    }

    @Test(
        arguments: [
            ("", "/"), ("/", "/"), ("/a/b", "/a/b"), ("/a//b", "/a/b"), ("//a", "/a"), ("/a//", "/a/"), ("/./a", "/a"),
            ("/a/.", "/a/"),
            ("/a/./", "/a/"), ("/a/..", "/"), ("/a/../", "/"), ("/a/b/../c", "/a/c"), ("/a/b/../../c", "/c"),
            ("/a/...", "/a/..."),
            ("/.well-known/x", "/.well-known/x"), ("/a/.b", "/a/.b"), ("/a/..;/b", nil), ("/a/.;x=y/b", nil),
            ("/a/..%3b", nil), ("/a/...;/b", "/a/...;/b"),
            ("/%2e.;/a", nil), ("/..a;/b", "/..a;/b"), ("/%61", "/a"), ("/%7euser", "/~user"),
            ("/%e4", "/%E4"),
            ("/%2e%2E/a", nil), ("/a/%2e%2e/b", "/b"), ("/a/%2E/b", "/a/b"), ("/a%20b", "/a%20b"), ("/%25", "/%25"),
            ("/%252e", "/%252e"),
            ("/a;b=c,d", "/a;b=c,d"), ("/a:b@c!$&'()*+=", "/a:b@c!$&'()*+="), ("/\"", "/%22"), ("/<>", "/%3C%3E"),
            ("/|^`{}", "/%7C%5E%60%7B%7D"),
            ("/..", nil), ("/a/../..", nil), ("/%2f", nil), ("/%2F", nil), ("/%5c", nil), ("/\\", nil), ("/%00", nil),
            ("/%", nil),
            ("/%4", nil), ("/%4g", nil), ("/a/%", nil), ("/mid/content=5/../6", "/mid/6"), ("/a/b/c/./../../g", "/a/g"),
        ] as [(String, String?)])
    func followsRFC3986(_ raw: String, _ normal: String?) throws {
        if let normal {
            #expect(try normalize(Array(raw.utf8)) == normal)
            #expect(try normalize(Array(raw.utf8), behind: "/kept/") == normal)
        } else {
            #expect(throws: Fault.target) { try normalize(Array(raw.utf8)) }
        }
    }

    /// A route may take encoded slashes, as long as they are no way around dot segments.
    @Test(
        arguments: [
            ("/a%2fb", "/a%2Fb"), ("/a%5cb/../c", "/c"), ("/@scope%2Fname", "/@scope%2Fname"),
            ("/a%2F%2Fb", "/a%2F%2Fb"),
            ("/%2F", "/%2F"), ("/a%2f.b", "/a%2F.b"), ("/a%2f...%2fb", "/a%2F...%2Fb"), ("/a%2F%2e%2e", nil),
            ("/..%2Fadmin", nil), ("/a/..%5Cadmin", nil), ("/a%2f..%2fb", nil), ("/a%2F./b", nil), ("/a%2f.", nil),
            ("/.%2fa", nil), ("/%2e%2e%2fa", nil), ("/a\\b", nil),
        ] as [(String, String?)])
    func keepsEncodedSlashesWhereARouteSaysSo(_ raw: String, _ normal: String?) throws {
        if let normal {
            #expect(try normalize(Array(raw.utf8), keepsEncodedSlashes: true) == normal)
            #expect(try normalize(Array(raw.utf8), behind: "/..", keepsEncodedSlashes: true) == normal)
        } else {
            #expect(throws: Fault.target) { try normalize(Array(raw.utf8), keepsEncodedSlashes: true) }
        }
    }

    @Test(arguments: ["/a/../b", "/a/./b", "/a/%2e%2E/b", "/a/."])
    func refusesDotSegmentsThatAnInstanceWouldSee(_ raw: String) throws {
        #expect(throws: Fault.target) { try normalize(Array(raw.utf8), isRaw: true) }
        #expect(throws: Never.self) { try normalize(Array(raw.utf8)) }
    }

    @Test func encodesBytesBeyondASCII() throws {
        #expect(try normalize([47, 0xC3, 0xA4]) == "/%C3%A4")
    }

    @Test func saysWhenAPathIsTooLong() {
        var out = Buffer(capacity: 16)
        let held = buffer("/aaaaaaaaaaaaaaaa\"")
        #expect(throws: Fault.targetTooLong) { try PathNormalizer.normalize(held.bytes, into: &out) }
    }

    @Test func givesOneFormThatStays() {
        var random = SeededRandom(7)
        let pieces = [
            "/", "//", ".", "..", "a", "B", "%2e", "%2E", "%41", "%c3", "%C3", "%25", "%3f", "%2f", "~", "\"", "\u{E4}",
            ";", "%",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...9, using: &random)
            let raw = "/" + (0..<count).map { _ in pieces.randomElement(using: &random)! }.joined()
            guard let once = try? normalize(Array(raw.utf8)) else { continue }
            #expect((try? normalize(Array(once.utf8))) == once, "\(raw) gave \(once)")
            #expect(once.hasPrefix("/") && !once.contains("//"), "\(raw) gave \(once)")
            let segments = once.split(separator: "/")
            #expect(!segments.contains(".") && !segments.contains(".."), "\(raw) gave \(once)")
            #expect(once.utf8.allSatisfy { ASCII.isPath($0) || $0 == UInt8(ascii: "%") }, "\(raw) gave \(once)")
            for part in once.split(separator: "%", omittingEmptySubsequences: false).dropFirst() {
                let digits = part.prefix(2)
                #expect(digits.count == 2 && digits == digits.uppercased(), "\(raw) gave \(once)")
            }
        }
    }
}
