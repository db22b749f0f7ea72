// Which claims a token must have, and what becomes of them (RFC 7519 §4.1).

internal import Bytes

extension TokenVerifier {
    private static let issuerPath = KeySet.path("iss")
    private static let subjectPath = KeySet.path("sub")
    private static let audiencePath = KeySet.path("aud")
    private static let expiryPath = KeySet.path("exp")
    private static let startPath = KeySet.path("nbf")
    private static let issuedPath = KeySet.path("iat")
    private static let idPath = KeySet.path("jti")

    /// The caller, when the claims are as they must be.
    func judge(_ claims: Claims, now: Int64) throws(AccessFault) -> Principal {
        let issued = try time(claims, TokenVerifier.issuedPath)
        let expires = try end(claims, issued, now: now)
        if let start = try time(claims, TokenVerifier.startPath), start > now + leeway { throw .notYetValid }
        if let issued, issued > now + leeway { throw .issuedInFuture }
        if let issuer {
            guard let place = claims.find(TokenVerifier.issuerPath), claims.string(place) == issuer else {
                throw .wrongIssuer
            }
        }
        if !audiences.isEmpty { try checkAudience(claims) }
        for path in required where claims.find(path) == nil { throw .claimMissing }
        return try principal(of: claims, expires: expires, issued: issued)
    }

    func principal(of claims: Claims, expires: Int64, issued: Int64?) throws(AccessFault) -> Principal {
        Principal(
            scheme: scheme, claims: claims, subject: try text(claims, TokenVerifier.subjectPath),
            roles: try words(claims, roles), groups: try words(claims, groups),
            scopes: try words(claims, scopes, split: true), permissions: try words(claims, permissions, split: true),
            expires: expires, issuedAt: issued, tokenID: try text(claims, TokenVerifier.idPath))
    }

    /// When the token ends: by itself, or by its age. One of the two must be.
    private func end(_ claims: Claims, _ issued: Int64?, now: Int64) throws(AccessFault) -> Int64 {
        var end = Int64.max
        if let expiry = try time(claims, TokenVerifier.expiryPath) {
            end = expiry + leeway
            guard now < end else { throw .expired }
        }
        if let ageMax {
            guard let issued else { throw .claimMissing }
            end = min(end, issued + ageMax + leeway)
            guard now < end else { throw .tooOld }
        }
        guard end < .max else { throw .noExpiry }
        return end
    }

    /// Seconds since 1970, a fraction cut off (RFC 7519 §2); nil when the claim is not there.
    private func time(_ claims: Claims, _ path: CompiledClaimPath) throws(AccessFault) -> Int64? {
        guard let place = claims.find(path) else { return nil }
        guard let seconds = claims.nodes[place].double, seconds >= 0, seconds <= 9e15 else { throw .claimType }
        return Int64(seconds)
    }

    private func text(_ claims: Claims, _ path: CompiledClaimPath) throws(AccessFault) -> [UInt8] {
        guard let place = claims.find(path) else { return [] }
        guard let text = claims.string(place) else { throw .claimType }
        return text
    }

    private func checkAudience(_ claims: Claims) throws(AccessFault) {
        guard let place = claims.find(TokenVerifier.audiencePath) else { throw .wrongAudience }
        if let one = claims.string(place) {
            guard audiences.contains(one) else { throw .wrongAudience }
            return
        }
        guard claims.nodes[place].kind == .array else { throw .claimType }
        var isMeant = false
        var element = claims.first(in: place)
        while element < claims.end(of: place) {
            guard let name = claims.string(element) else { throw .claimType }
            if audiences.contains(name) { isMeant = true }
            element = claims.next(after: element)
        }
        guard isMeant else { throw .wrongAudience }
    }

    /// A list of texts, or one text; `split` takes that for words between spaces (RFC 6749 §3.3).
    private func words(
        _ claims: Claims, _ path: CompiledClaimPath?, split: Bool = false
    ) throws(AccessFault) -> [[UInt8]] {
        guard let path, let place = claims.find(path), claims.nodes[place].kind != .null else { return [] }
        if let text = claims.string(place) {
            return split ? text.split(separator: UInt8(ascii: " ")).map(Array.init) : [text]
        }
        guard claims.nodes[place].kind == .array else { throw .claimType }
        var found: [[UInt8]] = []
        var element = claims.first(in: place)
        while element < claims.end(of: place) {
            guard let text = claims.string(element) else { throw .claimType }
            found.append(text)
            element = claims.next(after: element)
        }
        return found
    }
}
