import Bytes
import Identity
import Testing

struct TokenCacheTests {
    private func caller(_ name: String = "a", expires: Int64 = 100) throws -> Principal {
        let claims = try unsafe Claims.parse(Array("{}".utf8).span.bytes)
        return Principal(scheme: 0, claims: claims, subject: Array(name.utf8), expires: expires)
    }

    @Test func aCallerIsKeptUntilItsCredentialEnds() throws {
        var cache = TokenCache(seed: 1)
        let token = Array("token".utf8)
        #expect(unsafe cache.subject(token.span.bytes, epoch: 1, now: 0) == nil)
        _ = unsafe cache.insert(token.span.bytes, epoch: 1, try caller(), now: 0)
        #expect(unsafe cache.subject(token.span.bytes, epoch: 1, now: 99) == Array("a".utf8))
        #expect(unsafe cache.subject(token.span.bytes, epoch: 2, now: 99) == nil)
        #expect(unsafe cache.subject(token.span.bytes, epoch: 1, now: 100) == nil)
        #expect(cache.count == 0)
    }

    @Test func everyByteOfACredentialCounts() throws {
        var cache = TokenCache(seed: 7)
        let token = Array("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl".utf8)
        _ = unsafe cache.insert(token.span.bytes, epoch: 1, try caller(), now: 0)
        for index in token.indices {
            for bit in 0..<8 {
                var other = token
                other[index] ^= 1 << bit
                #expect(unsafe cache.subject(other.span.bytes, epoch: 1, now: 0) == nil)
            }
            #expect(unsafe cache.subject(Array(token[..<index]).span.bytes, epoch: 1, now: 0) == nil)
        }
        #expect(unsafe cache.subject((token + [0]).span.bytes, epoch: 1, now: 0) == nil)
    }

    @Test func itsSizeIsBounded() throws {
        var cache = TokenCache(seed: 3, limit: 64)
        for number in 0..<1_000 {
            let token = Array("token \(number)".utf8)
            _ = unsafe cache.insert(token.span.bytes, epoch: 1, try caller("\(number)"), now: 0)
            #expect(unsafe cache.subject(token.span.bytes, epoch: 1, now: 0) == Array("\(number)".utf8))
        }
        #expect(cache.count <= 64)
    }

    @Test func manyAreKeptAtATime() throws {
        var cache = TokenCache(seed: 3)
        for round in 0..<3 {
            for number in 0..<4_000 {
                let token = Array("token \(number)".utf8)
                if unsafe cache.subject(token.span.bytes, epoch: 1, now: 0) == nil {
                    _ = unsafe cache.insert(token.span.bytes, epoch: 1, try caller("\(number)"), now: 0)
                }
            }
            if round == 2 { #expect(cache.count > 3_900) }
        }
    }

    @Test func refusalsAreKeptForAWhile() {
        var cache = TokenCache(seed: 3)
        let token = Array("token".utf8)
        unsafe cache.insert(token.span.bytes, epoch: 1, .wrongIssuer, now: 0)
        guard case .refused(.wrongIssuer) = unsafe cache.find(token.span.bytes, epoch: 1, now: 9) else {
            Issue.record("forgotten")
            return
        }
        #expect(unsafe cache.find(token.span.bytes, epoch: 1, now: 10) == nil)
    }
}

extension TokenCache {
    fileprivate mutating func subject(_ token: RawSpan, epoch: UInt64, now: Int64) -> [UInt8]? {
        guard case .known(let place) = find(token, epoch: epoch, now: now) else { return nil }
        return principal(at: place).subject
    }
}
