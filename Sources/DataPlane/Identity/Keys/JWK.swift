// One key of a JWK set (RFC 7517, RFC 7518 §6, RFC 8037 §2).

internal import Bytes
internal import Cryptography
internal import Model

struct JWK {
    /// Why a key is left out.
    struct Unusable: Error {
        let text: String
    }

    let document: Claims
    let place: Int

    func key() -> Result<VerificationKey, Unusable> {
        guard document.nodes[place].kind == .object else { return .failure(Unusable(text: "a key is no object")) }
        guard isForSignatures else { return .failure(Unusable(text: "a key is not for signatures")) }
        var algorithm: JWTAlgorithm?
        if let name = text("alg") {
            algorithm = JWTAlgorithm(rawValue: name)
            guard algorithm != nil else { return .failure(Unusable(text: "a key is for the algorithm `\(name)`")) }
        }
        guard let key = publicKey() else {
            return .failure(Unusable(text: "a key of type `\(text("kty") ?? "")` cannot be used"))
        }
        if case .rsa(let bits) = key.kind, bits < KeySet.rsaBitsMin {
            return .failure(Unusable(text: "an RSA key has \(bits) bits"))
        }
        let id = string("kid")
        return .success(VerificationKey(id: id, algorithm: algorithm, material: .publicKey(key)))
    }

    private var isForSignatures: Bool {
        if let use = text("use"), use != "sig" { return false }
        guard let list = find("key_ops") else { return true }
        guard document.nodes[list].kind == .array else { return false }
        var place = document.first(in: list)
        while place < document.end(of: list) {
            if document.string(place) == Array("verify".utf8) { return true }
            place = document.next(after: place)
        }
        return false
    }

    private func publicKey() -> PublicKey? {
        switch text("kty") {
        case "RSA":
            guard let modulus = number("n"), let exponent = number("e") else { return nil }
            return PublicKey(rsaModulus: modulus, exponent: exponent)
        case "EC":
            let curves: [String: PublicKey.Kind] = ["P-256": .p256, "P-384": .p384, "P-521": .p521]
            guard let curve = text("crv").flatMap({ curves[$0] }), let x = number("x"), let y = number("y") else {
                return nil
            }
            return PublicKey(curve: curve, x: x, y: y)
        case "OKP":
            guard text("crv") == "Ed25519", let x = number("x") else { return nil }
            return PublicKey(ed25519: x)
        default:
            // A secret has no place in a set that anybody may read.
            return nil
        }
    }

    private func find(_ name: String) -> Int? {
        var place = document.first(in: self.place)
        while place < document.end(of: self.place) {
            if document.text.array(document.nodes[place].name) == Array(name.utf8) { return place }
            place = document.next(after: place)
        }
        return nil
    }

    private func string(_ name: String) -> [UInt8]? { find(name).flatMap { document.string($0) } }
    private func text(_ name: String) -> String? { string(name).map { String(decoding: $0, as: UTF8.self) } }
    private func number(_ name: String) -> [UInt8]? { string(name).flatMap { Base64URL.decode($0) } }
}
