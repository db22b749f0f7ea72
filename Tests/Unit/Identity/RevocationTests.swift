import Diagnostics
import Identity
import Model
import Testing

struct RevocationTests {
    private let place = SourceSpan(file: 0, offset: 0, length: 0)

    private func entry(
        scheme: String? = nil, id: String? = nil, subject: String? = nil, before: String? = nil, expires: String? = nil
    ) -> Revocation {
        Revocation(
            name: "one", span: place, scheme: scheme.map { Located($0, at: place) }, tokenID: id, subject: subject,
            issuedBefore: before.flatMap { Timestamp($0) }, expires: expires.flatMap { Timestamp($0) })
    }

    private func revokes(
        _ entries: Revocation..., id: String = "7", subject: String = "alice", issued: Int64? = 100, now: Int64 = 1_000
    ) throws -> Bool {
        let claims = try unsafe Claims.parse(Array("{}".utf8).span.bytes)
        let principal = Principal(
            scheme: 1, claims: claims, subject: Array(subject.utf8), issuedAt: issued, tokenID: Array(id.utf8))
        return RevocationTable(entries, schemes: ["a", "b"]).revokes(principal, of: 1, now: now)
    }

    @Test func nothingRevokesNobody() throws { #expect(try !revokes()) }

    @Test func byToken() throws {
        #expect(try revokes(entry(id: "7")))
        #expect(try !revokes(entry(id: "7"), id: "77"))
        #expect(try !revokes(entry(id: "alice")))
        #expect(try !revokes(entry(id: "7"), id: ""))
    }

    @Test func bySubject() throws {
        #expect(try revokes(entry(subject: "alice")))
        #expect(try !revokes(entry(subject: "alice"), subject: "bob"))
        #expect(try !revokes(entry(subject: "7")))
    }

    @Test func byTheTimeOfIssue() throws {
        #expect(try revokes(entry(before: "1970-01-01T00:01:41Z")))
        #expect(try !revokes(entry(before: "1970-01-01T00:01:40Z")))
        #expect(try revokes(entry(subject: "alice", before: "1970-01-01T00:01:41Z")))
        #expect(try !revokes(entry(subject: "bob", before: "1970-01-01T00:01:41Z")))
        #expect(try revokes(entry(before: "1970-01-01T00:00:01Z"), issued: nil))
    }

    @Test func bySchemeOrByAll() throws {
        #expect(try revokes(entry(scheme: "b", subject: "alice")))
        #expect(try !revokes(entry(scheme: "a", subject: "alice")))
        #expect(try !revokes(entry(scheme: "c", subject: "alice")))
        #expect(try revokes(entry(scheme: "a", subject: "alice"), entry(scheme: "b", id: "7")))
    }

    @Test func anEntryEnds() throws {
        #expect(try revokes(entry(subject: "alice", expires: "1970-01-01T00:16:41Z")))
        #expect(try !revokes(entry(subject: "alice", expires: "1970-01-01T00:16:40Z")))
    }
}
