import Patterns
import Testing

@Suite struct PatternTests {
    private func matches(_ source: String, _ subject: String) throws -> Bool {
        let bytes = Array(subject.utf8)
        return try unsafe Pattern(source).matchesWhole(bytes.span.bytes)
    }

    private func captures(_ source: String, _ subject: String) throws -> [String?]? {
        let bytes = Array(subject.utf8)
        var ranges: [Range<Int>?] = [0..<1]
        guard try unsafe Pattern(source).matchesWhole(bytes.span.bytes, captures: &ranges) else { return nil }
        return ranges.map { range in range.map { String(decoding: bytes[$0], as: UTF8.self) } }
    }

    @Test func matchesOnlyTheWholeSubject() throws {
        #expect(try matches("/users/[0-9]+", "/users/12"))
        #expect(try !matches("/users/[0-9]+", "/users/12/"))
        #expect(try !matches("/users/[0-9]+", "x/users/12"))
        #expect(try !matches("/users$", "/users\n"))
        #expect(try matches("a|ab", "ab"), "the shorter alternative does not end the search")
    }

    @Test func emptySubject() throws {
        #expect(try matches("", ""))
        #expect(try matches("a*", ""))
        #expect(try !matches("a", ""))
    }

    @Test func capturesComeInTheOrderOfTheirNumbers() throws {
        let source = "/(?<zone>[a-z]+)/(x)?(?<id>[0-9]+)(?<rest>/.*)?"
        #expect(try Pattern(source).captureNames == ["zone", "id", "rest"])
        #expect(try captures(source, "/eu/12/a/b") == ["eu", "12", "/a/b"])
        #expect(try captures(source, "/eu/x12") == ["eu", "12", nil])
        #expect(try captures(source, "/eu/") == nil)
    }

    @Test func bytesThatAreNoTextAreJustBytes() throws {
        let pattern = try Pattern("/.+")
        let subject: [UInt8] = [UInt8(ascii: "/"), 0xFF, 0x00, 0x80]
        let found = unsafe pattern.matchesWhole(subject.span.bytes)
        #expect(found)
    }

    @Test func sourceErrorsHaveAPlace() {
        let failure = #expect(throws: PatternFailure.self) { try Pattern("/(?<id>a") }
        #expect(failure?.message == "missing closing parenthesis")
        #expect(failure?.offset == 8)
        #expect(throws: PatternFailure.self) { try Pattern("(*UTF)a") }
        #expect(throws: PatternFailure.self) { try Pattern("\\Ca") }
        #expect(throws: PatternFailure.self) { try Pattern(String(repeating: "a", count: 20_000)) }
        #expect(throws: PatternFailure.self) { try Pattern(String(repeating: "(", count: 1_000)) }
    }

    @Test func runawayBacktrackingIsNoMatch() throws {
        let subject = String(repeating: "a", count: 4_000) + "b"
        #expect(try !matches("(a+)+c?", subject))
        #expect(try !matches("(?:(a|aa)(?1)?)+", subject))
        #expect(try !matches("(*NO_JIT)(a+)+c?", subject))
    }

    @Test func deepRecursionIsBounded() throws {
        let subject = String(repeating: "(", count: 200_000) + String(repeating: ")", count: 200_000)
        #expect(try !matches("(\\((?1)*\\))", subject))
        #expect(try matches("(\\((?1)*\\))", "(()(()))"))
    }

    @Test func manyThreadsShareOnePattern() async throws {
        let pattern = try Pattern("/(?<a>[a-z]+)/(?<b>[0-9]+)")
        let wrong = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    var wrong = 0
                    var ranges: [Range<Int>?] = []
                    for round in 0..<2_000 {
                        let text = Array("/\(String(repeating: "x", count: task + 1))/\(round)".utf8)
                        let found = unsafe pattern.matchesWhole(text.span.bytes, captures: &ranges)
                        if !found || ranges != [1..<task + 2, task + 3..<text.count] { wrong += 1 }
                    }
                    return wrong
                }
            }
            return await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
