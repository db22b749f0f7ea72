import Encoding
import Testing

struct Base64Tests {
    /// RFC 4648 §10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func hasOneSpelling(_ plain: String, _ text: String) {
        let bare = String(text.prefix { $0 != "=" })
        #expect(Base64.decode(Array(text.utf8), .always) == Array(plain.utf8))
        #expect(Base64.decode(Array(bare.utf8), .never) == Array(plain.utf8))
        #expect(Base64.encode(Array(plain.utf8)) == bare)
        if bare != text {
            #expect(Base64.decode(Array(bare.utf8), .always) == nil)
            #expect(Base64.decode(Array(text.utf8), .never) == nil)
        }
    }

    @Test(arguments: [
        "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zg=", "Zm 9", "Zm9-", "Zm9_", "Zm9.", "Zm9v\n", "=Zm9",
    ])
    func isRefused(_ text: String) { #expect(Base64.decode(Array(text.utf8), .always) == nil) }

    @Test func aDotIsAPlusInHashes() {
        #expect(Base64.decode(Array("ab./".utf8), .never) == Base64.decode(Array("ab+/".utf8), .always))
    }
}
