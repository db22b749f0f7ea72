import Bytes
import Cryptography
import Identity
import Model
import Testing

/// The examples of the standards, byte for byte.
struct VectorTests {
    /// RFC 7515 A.1 to A.3, and RFC 7519 §3.1.
    private static let payload =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    private static let hs256 =
        "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\(payload).dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let secret =
        "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"
    private static let rs256 =
        "eyJhbGciOiJSUzI1NiJ9.\(payload)."
        + "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdb"
        + "F9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383"
        + "LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWy"
        + "wlVmtVrBp0igcN_IoypGlUPQGe77Rw"
    private static let rsaKey =
        #"{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4q"#
        + "PCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHS"
        + "XndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvU"
        + #"K-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}"#
    private static let es256 =
        "eyJhbGciOiJFUzI1NiJ9.\(payload)."
        + "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    private static let p256Key =
        #"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","#
        + #""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#
    /// RFC 7515 A.4; the payload is the word "Payload".
    private static let es512 =
        "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA."
        + "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgo"
        + "XD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
    private static let p521Key =
        #"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1j"#
        + #"SfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9"#
        + #"ubmf63e3kyMj2"}"#
    /// RFC 8037 A.4; the payload is "Example of Ed25519 signing".
    private static let edDSA =
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
        + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    private static let ed25519Key =
        #"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    /// RFC 7515 A.5, and RFC 7519 §6.1.
    private static let unsecured = "eyJhbGciOiJub25lIn0.\(payload)."

    /// A moment at which the tokens of RFC 7515 are not yet over.
    private static let then: Int64 = 1_300_819_000

    private func keys(_ key: String) throws -> KeySet { try KeySet(jwks: Array(#"{"keys":[\#(key)]}"#.utf8)) }

    private func verify(_ token: String, _ algorithm: JWTAlgorithm, _ keys: KeySet) throws(AccessFault) -> Principal {
        let verifier = TokenVerifier(TokenSamples.policy([algorithm]), scheme: 0)
        return try verifier.verify(Array(token.utf8), keys, now: VectorTests.then)
    }

    @Test func hmacOfRFC7515A1() throws {
        let secret = try #require(Base64URL.decode(Array(VectorTests.secret.utf8)))
        let keys = try KeySet(secret: secret, for: [.hs256])
        let caller = try verify(VectorTests.hs256, .hs256, keys)
        #expect(caller.expires == 1_300_819_380 + 30)
        let root = CompiledClaimPath(ClaimPath(["http://example.com/is_root"]))
        #expect(caller.claims.find(root).flatMap { caller.claims.nodes[$0].bool } == true)
    }

    @Test(arguments: [(rs256, JWTAlgorithm.rs256, rsaKey), (es256, .es256, p256Key)])
    func signaturesOfRFC7515A2AndA3(token: String, algorithm: JWTAlgorithm, key: String) throws {
        #expect(try verify(token, algorithm, keys(key)).expires == 1_300_819_380 + 30)
    }

    /// The signature is right, which is judged first; what it signs is no set of claims.
    @Test(arguments: [(es512, JWTAlgorithm.es512, p521Key), (edDSA, .edDSA, ed25519Key)])
    func signaturesOfRFC7515A4AndRFC8037A4(token: String, algorithm: JWTAlgorithm, key: String) throws {
        let keys = try keys(key)
        #expect(throws: AccessFault.claimsMalformed) { try verify(token, algorithm, keys) }
    }

    @Test(arguments: [
        (hs256, JWTAlgorithm.hs256, ""), (rs256, .rs256, rsaKey), (es256, .es256, p256Key), (es512, .es512, p521Key),
        (edDSA, .edDSA, ed25519Key),
    ])
    func oneOtherBitIsAWrongSignature(token: String, algorithm: JWTAlgorithm, key: String) throws {
        let keys =
            key.isEmpty
            ? try KeySet(secret: try #require(Base64URL.decode(Array(VectorTests.secret.utf8))), for: [.hs256])
            : try keys(key)
        let start = try #require(token.utf8.lastIndex(of: UInt8(ascii: ".")))
        for offset in [1, 20, 40] {
            var bytes = Array(token.utf8)
            let index = token.utf8.distance(from: token.utf8.startIndex, to: start) + offset
            bytes[index] = bytes[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let other = String(decoding: bytes, as: UTF8.self)
            #expect(throws: AccessFault.wrongSignature) { try verify(other, algorithm, keys) }
        }
    }

    @Test func unsecuredTokenOfRFC7515A5IsRefused() throws {
        for algorithm in JWTAlgorithm.allCases {
            #expect(throws: AccessFault.algorithmRefused) {
                try verify(VectorTests.unsecured, algorithm, keys(VectorTests.rsaKey))
            }
        }
    }

    /// RFC 8725 §2.1: the public key, which everybody has, as the secret of an HMAC.
    @Test func publicKeyIsNoSecret() throws {
        let keys = try keys(VectorTests.rsaKey)
        for text in [VectorTests.rsaKey, "ofgWCuLjybRlzo0tZWJjNiuS"] {
            let token = TokenSamples.sign(#"{"exp":1800000000}"#, secret: Array(text.utf8))
            for algorithms in [[JWTAlgorithm.rs256], [.rs256, .es256]] {
                let verifier = TokenVerifier(TokenSamples.policy(algorithms), scheme: 0)
                #expect(throws: AccessFault.algorithmRefused) { try verifier.verify(token, keys) }
            }
            let careless = TokenVerifier(TokenSamples.policy([.rs256, .hs256]), scheme: 0)
            #expect(throws: AccessFault.unknownKey) { try careless.verify(token, keys) }
        }
    }

    /// RFC 7518 §3.4: the numbers side by side, not as ASN.1 has them, and as long as the curve.
    @Test func ecdsaSignaturesHaveOneLength() throws {
        let keys = try keys(VectorTests.p256Key)
        let parts = VectorTests.es256.split(separator: ".")
        let numbers = try #require(Base64URL.decode(Array(parts[2].utf8)))
        let asn1 = [0x30, 0x45, 0x02, 0x20] + numbers[..<32] + [0x02, 0x21, 0x00] + numbers[32...]
        for other in [asn1, numbers + [0], Array(numbers.dropLast()), [], [UInt8](repeating: 0, count: 64)] {
            let token = "\(parts[0]).\(parts[1]).\(Base64URL.encode(other))"
            #expect(throws: AccessFault.wrongSignature) { try verify(token, .es256, keys) }
        }
    }

    @Test func keysOfOtherKindsAndUsesAreLeftOut() throws {
        let rsa = VectorTests.rsaKey
        func with(_ members: String) -> String { "{\(members)," + rsa.dropFirst() }
        for key in [
            with(#""use":"enc""#), with(#""key_ops":["sign"]"#), with(#""alg":"RSA-OAEP""#),
            #"{"kty":"oct","k":"AAAA"}"#,
            #"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, #"{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}"#,
            #"{"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, "1",
        ] {
            #expect(throws: KeySetFault.self) { try keys(key) }
            #expect(try keys("\(key),\(VectorTests.p256Key)").keys.count == 1)
        }
        #expect(try keys(with(#""use":"sig","key_ops":["verify"],"alg":"RS256""#)).keys.count == 1)
        let bound = try keys(with(#""alg":"RS512""#))
        #expect(throws: AccessFault.unknownKey) { try verify(VectorTests.rs256, .rs256, bound) }
    }

    /// A point that is not on its curve is no key.
    @Test func pointsOffTheCurveAreLeftOut() {
        let key = VectorTests.p256Key.replacing("f83OJ", with: "f83OK")
        #expect(throws: KeySetFault.self) { try keys(key) }
    }
}
