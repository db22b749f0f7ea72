import Bytes
import Identity
import Model
import Testing

struct ClaimsTests {
    private func parse(_ text: String) throws(ClaimsFault) -> Claims {
        let bytes = Array(text.utf8)
        return try unsafe Claims.parse(bytes.span.bytes)
    }

    private func find(_ claims: Claims, _ names: String...) -> Int? { claims.find(CompiledClaimPath(ClaimPath(names))) }

    @Test func valuesAreFoundByTheirPath() throws {
        let claims = try parse(
            #" {"sub":"a\u0041\ud83d\ude00","n":-12,"d":1.5e1,"t":true,"z":null,"o":{"p":{"q":[1,"x",{}]}}} "#)
        #expect(find(claims, "sub").flatMap { claims.string($0) } == Array("aA😀".utf8))
        #expect(find(claims, "n").map { claims.nodes[$0].integer } == -12)
        #expect(find(claims, "d").map { claims.nodes[$0].double } == 15)
        #expect(find(claims, "t").map { claims.nodes[$0].bool } == true)
        #expect(find(claims, "z").map { claims.nodes[$0].kind } == .null)
        let list = try #require(find(claims, "o", "p", "q"))
        #expect(claims.nodes[list].count == 3)
        let second = claims.next(after: claims.first(in: list))
        #expect(claims.string(second) == Array("x".utf8))
        #expect(claims.next(after: claims.next(after: second)) == claims.end(of: list))
        #expect(find(claims, "o", "q") == nil)
        #expect(find(claims, "sub", "x") == nil)
        #expect(find(claims, "p") == nil)
    }

    @Test(arguments: [
        ("[]", ClaimsFault.notAnObject), ("", .notAnObject), ("\"x\"", .notAnObject), ("{", .malformed),
        ("{}x", .trailingBytes), ("{}{}", .trailingBytes), (#"{"a":1,"a":2}"#, .duplicateMember),
        (#"{"a":1,"\u0061":2}"#, .duplicateMember), (#"{"o":{"b":1,"c":{"b":1},"b":2}}"#, .duplicateMember),
        (#"{"a":01}"#, .invalidNumber), (#"{"a":1.}"#, .invalidNumber), (#"{"a":1e999}"#, .invalidNumber),
        (#"{"a":+1}"#, .malformed), (#"{"a":1,}"#, .malformed), (#"{,}"#, .malformed), (#"{"a"}"#, .malformed),
        (#"{"a":tru}"#, .malformed), (#"{'a':1}"#, .malformed), ("{\"a\":\"\n\"}", .malformed),
        (#"{"a":"\x"}"#, .malformed), (#"{"a":"\ud800"}"#, .invalidText), (#"{"a":"\ud800\u0041"}"#, .invalidText),
        (#"{"a":NaN}"#, .malformed), ("{\"a\":1}\u{0}", .trailingBytes), (#"{"a" 1}"#, .malformed),
    ])
    func whatIsNoObjectIsRefused(text: String, fault: ClaimsFault) {
        #expect(throws: fault) { try parse(text) }
    }

    @Test func bytesThatAreNoTextAreRefused() {
        let bytes = Array("{\"a\":\"".utf8) + [0xC0, 0x80] + Array("\"}".utf8)
        #expect(throws: ClaimsFault.invalidText) { try unsafe Claims.parse(bytes.span.bytes) }
    }

    @Test func depthAndNumberOfValuesAreBounded() throws {
        let deep = String(repeating: "{\"a\":", count: 15)
        #expect(throws: Never.self) { try parse(deep + "{}" + String(repeating: "}", count: 15)) }
        #expect(throws: ClaimsFault.tooDeep) { try parse(deep + "{\"a\":{}}" + String(repeating: "}", count: 15)) }
        func list(_ count: Int) -> String {
            "{\"a\":[" + Array(repeating: "0", count: count).joined(separator: ",") + "]}"
        }
        #expect(throws: Never.self) { try parse(list(4_094)) }
        #expect(throws: ClaimsFault.tooManyValues) { try parse(list(4_095)) }
    }

    @Test func integersKeepAllTheirBits() throws {
        let claims = try parse(#"{"a":9223372036854775807,"b":9223372036854775808,"c":-0}"#)
        #expect(find(claims, "a").map { claims.nodes[$0].integer } == .max)
        #expect(find(claims, "b").map { claims.nodes[$0].kind } == .double)
        #expect(find(claims, "c").map { claims.nodes[$0].kind } == .double)
    }
}
