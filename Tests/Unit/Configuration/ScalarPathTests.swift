import Diagnostics
import Model
import Testing

@testable import Configuration

/// Paths and the templates over them.
@Suite struct ScalarPathTests {
    @Test(
        arguments: [
            ("/", [.literal("")], .none), ("/a", [.literal("a")], .none),
            ("/a/", [.literal("a"), .literal("")], .none),
            ("/*", [], .wildcard), ("/a/*", [.literal("a")], .wildcard), ("/{x}", [.capture("x")], .none),
            ("/a/{x}/b/{rest*}", [.literal("a"), .capture("x"), .literal("b")], .capture("rest")),
            ("/a%20b/~c", [.literal("a%20b"), .literal("~c")], .none),
            ("/a:b@c;d=1,2", [.literal("a:b@c;d=1,2")], .none),
        ] as [(String, [PathPattern.Segment], PathPattern.Tail)])
    func paths(_ text: String, _ segments: [PathPattern.Segment], _ tail: PathPattern.Tail) throws {
        #expect(try PathPattern.parse(text) == PathPattern(text: text, form: .segments(segments, tail)))
    }

    @Test func regularExpressions() throws {
        let path = try PathPattern.parse("~/v(?<major>[0-9]+)/(?<rest>.*)")
        #expect(path.form == .regex("/v(?<major>[0-9]+)/(?<rest>.*)", captures: ["major", "rest"]))
    }

    @Test(arguments: [
        ("a", 1125), ("", 1125), ("/%", 1125), ("/%4", 1125), ("/%4g", 1125), ("//", 1126), ("/a//b", 1126),
        ("/.", 1126), ("/..", 1126), ("/a/../b", 1126), ("/%41", 1126), ("/%2f", 1126), ("/a?b", 1126), ("/a#b", 1126),
        ("/a b", 1126), ("/ü", 1126), ("/a\u{1}", 1126), ("/a\\b", 1126), ("/a*", 1127), ("/*a", 1127), ("/{a}b", 1127),
        ("/{a}{b}", 1127), ("/a}", 1127), ("/{", 1127), ("/}{", 1127), ("/{}", 1128), ("/{*}", 1128), ("/{a b}", 1128),
        ("/{host}", 1128), ("/{a}/{a}", 1129), ("/*/a", 1130), ("/{a*}/b", 1130), ("~(", 1131), ("~", 1131),
    ])
    func notPaths(_ text: String, _ code: Int) {
        let refusal = #expect(throws: Refusal.self) { try PathPattern.parse(text) }
        #expect(refusal?.code.id == "GW\(code)")
        if let part = refusal?.part {
            #expect(part.lowerBound >= 0 && part.upperBound <= text.utf8.count && !part.isEmpty)
        }
    }

    @Test(
        arguments: [
            ("/users/*", [.literal("/users/"), .capture("*")]), ("/", [.literal("/")]),
            ("/v2/{id}/{rest}", [.literal("/v2/"), .capture("id"), .literal("/"), .capture("rest")]),
            ("/a{b}c", [.literal("/a"), .capture("b"), .literal("c")]), ("/*", [.literal("/"), .capture("*")]),
        ] as [(String, [Template.Part])])
    func targets(_ text: String, _ parts: [Template.Part]) throws {
        #expect(try Template.parse(text, as: .path).parts == parts)
    }

    @Test(
        arguments: [
            ("https://{host}/new/*", [.literal("https://"), .host, .literal("/new/"), .capture("*")]),
            ("/new/*?from=old", [.literal("/new/"), .capture("*"), .literal("?from=old")]),
            ("https://a.example/x#top", [.literal("https://a.example/x#top")]),
            ("http://{tenant}.example/", [.literal("http://"), .capture("tenant"), .literal(".example/")]),
        ] as [(String, [Template.Part])])
    func locations(_ text: String, _ parts: [Template.Part]) throws {
        #expect(try Template.parse(text, as: .location).parts == parts)
    }

    @Test(arguments: [
        "", "a", "http://a/b", "/a?b", "/a#b", "/{", "/{}", "/}", "/a b", "/%", "/%4", "/*/b", "/a*", "/ü",
    ])
    func notTargets(_ text: String) {
        #expect(throws: Refusal.self) { try Template.parse(text, as: .path) }
    }

    @Test(arguments: [
        "", "a", "//a", "ftp://a", "https://", "https:///a", "/a b", "/\r\nX: y", "/\u{0}", "javascript:x",
    ])
    func notLocations(_ text: String) {
        #expect(throws: Refusal.self) { try Template.parse(text, as: .location) }
    }
}
