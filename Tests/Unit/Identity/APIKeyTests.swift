import Bytes
import Cryptography
import Identity
import Model
import Testing

struct APIKeyTests {
    private func key(_ secret: String, name: String, owner: String? = nil, expires: String? = nil) -> APIKey {
        let rights = DeclaredRights(
            roles: ["clerk"], scopes: ["a", "b"], claims: [DeclaredClaim(name: "tenant", value: "north")])
        return APIKey(
            caller: DeclaredCaller(name: name, owner: owner, rights: rights), hash: SHA256.digest(Array(secret.utf8)),
            expires: expires.flatMap { Timestamp($0) })
    }

    private func judge(_ table: APIKeyTable, _ secret: String, now: Int64 = 0) throws(AccessFault) -> Principal {
        let bytes = Array(secret.utf8)
        return try unsafe table.judge(bytes.span.bytes, scheme: 3, now: now)
    }

    @Test func aKeySaysWhoseItIs() throws {
        let table = APIKeyTable(
            [key("one", name: "first", owner: "acme"), key("two", name: "second")], digest: SHA256.digest([]))
        let caller = try judge(table, "one")
        #expect(caller.scheme == 3)
        #expect(caller.subject == Array("acme".utf8))
        #expect(caller.tokenID == Array("first".utf8))
        #expect(caller.roles == [Array("clerk".utf8)])
        #expect(caller.scopes == [Array("a".utf8), Array("b".utf8)])
        #expect(caller.expires == .max)
        #expect(try judge(table, "two").subject == Array("second".utf8))
    }

    @Test func whatIsSaidOfItsOwnerIsThereAsClaims() throws {
        let table = APIKeyTable([key("one", name: "first", owner: "acme")], digest: SHA256.digest([]))
        let claims = try judge(table, "one").claims
        func text(_ names: String...) -> [UInt8]? {
            claims.find(CompiledClaimPath(ClaimPath(names))).flatMap { claims.string($0) }
        }
        #expect(text("sub") == Array("acme".utf8))
        #expect(text("jti") == Array("first".utf8))
        #expect(text("tenant") == Array("north".utf8))
        #expect(claims.find(CompiledClaimPath(ClaimPath(["groups"]))) == nil)
        let scopes = try #require(claims.find(CompiledClaimPath(ClaimPath(["scope"]))))
        #expect(claims.nodes[scopes].count == 2)
        #expect(claims.string(claims.next(after: claims.first(in: scopes))) == Array("b".utf8))
    }

    @Test func aKeyEndsAtItsTime() throws {
        let table = APIKeyTable([key("one", name: "first", expires: "1970-01-01T00:01:40Z")], digest: SHA256.digest([]))
        #expect(try judge(table, "one", now: 99).expires == 100)
        #expect(throws: AccessFault.expired) { try judge(table, "one", now: 100) }
        #expect(table.expired(at: 99).isEmpty)
        #expect(table.expired(at: 100) == ["first"])
    }

    @Test func everyKeyOfManyIsFoundAndNoOther() throws {
        let count = 3_000
        let table = APIKeyTable((0..<count).map { key("k\($0)", name: "n\($0)") }, digest: SHA256.digest([]))
        for number in 0..<count {
            #expect(try judge(table, "k\(number)").subject == Array("n\(number)".utf8))
            #expect(throws: AccessFault.unknownCredential) { try judge(table, "K\(number)") }
        }
        #expect(throws: AccessFault.unknownCredential) { try judge(table, "") }
        #expect(throws: AccessFault.tokenTooLarge) { try judge(table, String(repeating: "x", count: 513)) }
    }

    @Test func nothingIsFoundInAnEmptyTable() {
        let table = APIKeyTable([], digest: SHA256.digest([]))
        #expect(throws: AccessFault.unknownCredential) { try judge(table, "k") }
    }
}
