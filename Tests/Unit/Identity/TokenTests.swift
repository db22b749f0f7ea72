import Identity
import Model
import Testing

/// One test for each trick that tokens are known for (RFC 8725).
struct TokenTests {
    private let keys = try? KeySet(secret: TokenSamples.secret, for: [.hs256])
    private static let good = #"{"sub":"alice","exp":1700000060}"#

    private func verify(
        _ token: [UInt8], _ policy: JWTPolicy = TokenSamples.policy(), now: Int64 = TokenSamples.now
    ) throws(AccessFault) -> Principal {
        try TokenVerifier(policy, scheme: 3).verify(token, keys, now: now)
    }

    private func fault(_ claims: String, _ policy: JWTPolicy = TokenSamples.policy()) -> AccessFault? {
        do throws(AccessFault) {
            _ = try verify(TokenSamples.sign(claims), policy)
            return nil
        } catch {
            return error
        }
    }

    @Test func aCallerHasWhatTheClaimsSay() throws {
        let claims =
            #"{"sub":"alice","exp":1700000060.9,"iat":1699999999,"jti":"7","roles":["a","b"],"groups":"g","#
            + #""scope":"read write"}"#
        let caller = try verify(TokenSamples.sign(claims))
        #expect(caller.scheme == 3)
        #expect(caller.subject == Array("alice".utf8))
        #expect(caller.roles == [Array("a".utf8), Array("b".utf8)])
        #expect(caller.groups == [Array("g".utf8)])
        #expect(caller.scopes == [Array("read".utf8), Array("write".utf8)])
        #expect(caller.expires == 1_700_000_090)
        #expect(caller.issuedAt == 1_699_999_999)
        #expect(caller.tokenID == Array("7".utf8))
    }

    @Test(arguments: [
        (#"{"alg":"none"}"#, AccessFault.algorithmRefused), (#"{"alg":"NONE"}"#, .algorithmRefused),
        (#"{"alg":"HS384"}"#, .algorithmRefused), (#"{"alg":"hs256"}"#, .algorithmRefused),
        (#"{}"#, .algorithmMissing), (#"{"alg":256}"#, .algorithmMissing), (#"{"alg":null}"#, .algorithmMissing),
        (#"{"alg":"HS256","alg":"HS256"}"#, .headerMalformed), (#"{"alg":"none","alg":"HS256"}"#, .headerMalformed),
        (#"{"alg":"HS256","crit":[]}"#, .criticalExtension), (#"{"alg":"HS256","crit":["exp"]}"#, .criticalExtension),
        (#"{"alg":"HS256","crit":["b64"],"b64":false}"#, .criticalExtension),
        (#"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#, .embeddedKey),
        (#"{"alg":"HS256","jku":"https://evil.example/"}"#, .embeddedKey),
        (#"{"alg":"HS256","x5u":"https://evil.example/"}"#, .embeddedKey),
        (#"{"alg":"HS256","x5c":["MIIB"]}"#, .embeddedKey), (#"{"alg":"HS256","kid":7}"#, .headerMalformed),
        (#"{"alg":"HS256","typ":{}}"#, .headerMalformed), (#"["HS256"]"#, .headerMalformed),
        (#"{"alg":"HS256"} "x"#, .headerMalformed),
    ])
    func headersAreRefused(header: String, fault: AccessFault) {
        let token = TokenSamples.sign(TokenTests.good, header: header)
        #expect(throws: fault) { try verify(token) }
    }

    @Test func harmlessHeadersPass() throws {
        for header in [#"{"typ":"at+jwt","alg":"HS256"}"#, #"{"alg":"HS256","kid":"any","x5t":"abc"}"#] {
            _ = try verify(TokenSamples.sign(TokenTests.good, header: header))
        }
    }

    @Test func headersOfManyMembersAreNotRead() {
        let members = (0..<64).map { #""m\#($0)":0"# }.joined(separator: ",")
        let token = TokenSamples.sign(TokenTests.good, header: #"{"alg":"HS256",\#(members)}"#)
        #expect(throws: AccessFault.headerMalformed) { try verify(token) }
    }

    /// RFC 7515 §2: no padding, no white space, no other alphabet; and one spelling only.
    @Test func otherSpellingsAreRefused() throws {
        let token = TokenSamples.sign(TokenTests.good)
        let text = String(decoding: token, as: UTF8.self)
        let last = try #require(token.last)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        // 32 bytes leave two bits of the last letter unused.
        let place = try #require(letters.firstIndex(of: last))
        for spelling in 1..<4 {
            let other = token.dropLast() + [letters[place ^ spelling]]
            #expect(throws: AccessFault.notBase64URL) { try verify(Array(other)) }
        }
        for other in ["\(text)=", "\(text) ", " \(text)", "\(text)\n", text.replacing("_", with: "/") + "+"] {
            #expect(throws: AccessFault.notBase64URL) { try verify(Array(other.utf8)) }
        }
    }

    @Test func partsAreThree() {
        let text = String(decoding: TokenSamples.sign(TokenTests.good), as: UTF8.self)
        let parts = text.split(separator: ".").map(String.init)
        for other in [
            "", ".", "..", "a", "\(parts[0]).\(parts[1])", "\(text).", "\(text).AAAA", ".\(text)", "..\(parts[2])",
        ] {
            #expect(throws: AccessFault.notThreeParts) { try verify(Array(other.utf8)) }
        }
        #expect(throws: AccessFault.wrongSignature) { try verify(Array("\(parts[0]).\(parts[1]).".utf8)) }
    }

    @Test func largeTokensAreNotRead() {
        let claims = #"{"exp":1700000060,"x":"\#(String(repeating: "x", count: 400))"}"#
        let token = TokenSamples.sign(claims)
        let policy = TokenSamples.policy(size: ByteSize(token.count))
        #expect(throws: Never.self) { try verify(token, policy) }
        let smaller = TokenSamples.policy(size: ByteSize(token.count - 1))
        #expect(throws: AccessFault.tokenTooLarge) { try verify(token, smaller) }
    }

    @Test(arguments: [
        (#"{"exp":"1700000060"}"#, AccessFault.claimType), (#"{"exp":null}"#, .claimType), (#"{"exp":-1}"#, .claimType),
        (#"{"exp":true}"#, .claimType), (#"{"exp":1e30}"#, .claimType), (#"{"exp":[1700000060]}"#, .claimType),
        (#"{"sub":"a"}"#, .noExpiry), (#"{"exp":1699999969}"#, .expired), (#"{"exp":1699999970}"#, .expired),
        (#"{"exp":1700000060,"nbf":"0"}"#, .claimType), (#"{"exp":1700000060,"nbf":1700000031}"#, .notYetValid),
        (#"{"exp":1700000060,"iat":{}}"#, .claimType), (#"{"exp":1700000060,"iat":1700000031}"#, .issuedInFuture),
        (#"{"exp":1700000060,"sub":7}"#, .claimType), (#"{"exp":1700000060,"jti":7}"#, .claimType),
        (#"{"exp":1700000060,"roles":7}"#, .claimType), (#"{"exp":1700000060,"roles":["a",7]}"#, .claimType),
        (#"{"exp":1700000060,"exp":1700000060}"#, .claimsMalformed), ("[]", .claimsMalformed), ("", .notThreeParts),
        (#"{"exp":1700000060}x"#, .claimsMalformed),
    ])
    func claimsAreRefused(claims: String, fault: AccessFault) {
        #expect(self.fault(claims) == fault)
    }

    @Test func clocksMayDifferByTheLeeway() {
        #expect(fault(#"{"exp":1699999971}"#) == nil)
        #expect(fault(#"{"exp":1700000060,"nbf":1700000030,"iat":1700000030}"#) == nil)
    }

    @Test func declaredIssuerAndAudienceMustBeThere() {
        let policy = TokenSamples.policy(issuer: "me", audiences: ["here", "there"])
        func claims(_ rest: String) -> String { #"{"exp":1700000060\#(rest)}"# }
        #expect(fault(claims(#","iss":"me","aud":"here""#), policy) == nil)
        #expect(fault(claims(#","iss":"me","aud":["x","there"]"#), policy) == nil)
        #expect(fault(claims(#","aud":"here""#), policy) == .wrongIssuer)
        #expect(fault(claims(#","iss":"me/","aud":"here""#), policy) == .wrongIssuer)
        #expect(fault(claims(#","iss":["me"],"aud":"here""#), policy) == .wrongIssuer)
        #expect(fault(claims(#","iss":"me""#), policy) == .wrongAudience)
        #expect(fault(claims(#","iss":"me","aud":"her""#), policy) == .wrongAudience)
        #expect(fault(claims(#","iss":"me","aud":[]"#), policy) == .wrongAudience)
        #expect(fault(claims(#","iss":"me","aud":["here",7]"#), policy) == .claimType)
        #expect(fault(claims(#","iss":"me","aud":{}"#), policy) == .claimType)
    }

    @Test func requiredClaimsAndAgeAreAsked() {
        let policy = TokenSamples.policy(required: ["tenant"])
        #expect(fault(#"{"exp":1700000060}"#, policy) == .claimMissing)
        #expect(fault(#"{"exp":1700000060,"tenant":null}"#, policy) == nil)
        let young = TokenSamples.policy(maxAge: .seconds(60))
        #expect(fault(#"{"exp":1700000060}"#, young) == .claimMissing)
        #expect(fault(#"{"iat":1699999911}"#, young) == nil)
        #expect(fault(#"{"iat":1699999910}"#, young) == .tooOld)
        #expect(fault(#"{"exp":1700000060,"iat":1699999910}"#, young) == .tooOld)
    }

    @Test func shortSecretsAreNoKeys() throws {
        #expect(throws: KeySetFault.self) { try KeySet(secret: Array(TokenSamples.secret.dropLast()), for: [.hs256]) }
        #expect(throws: KeySetFault.self) { try KeySet(secret: TokenSamples.secret, for: [.hs256, .hs512]) }
    }

    @Test func withoutKeysNobodyIsKnown() {
        let verifier = TokenVerifier(TokenSamples.policy(), scheme: 0)
        #expect(throws: AccessFault.noKeys) { try verifier.verify(TokenSamples.sign(TokenTests.good), nil) }
    }
}
