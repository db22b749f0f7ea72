// Callers that somebody describes instead of proving who they are: for dry runs only.

internal import Bytes

extension TokenVerifier {
    /// Who these claims speak of, a JSON object, as if they had come in a valid token.
    package func assume(claims bytes: [UInt8]) throws(AccessFault) -> Principal {
        let claims: Claims
        do throws(ClaimsFault) {
            claims = try unsafe Claims.parse(bytes.span.bytes)
        } catch {
            throw .claimsMalformed
        }
        return try principal(of: claims, expires: .max, issued: nil)
    }

    /// The same for a token, whose signature and times are not looked at.
    package func assume(token bytes: [UInt8]) throws(AccessFault) -> Principal {
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .notThreeParts }
        let middle = Array(parts[1])
        guard let payload = unsafe Base64URL.decode(middle.span.bytes) else { throw .notBase64URL }
        return try assume(claims: payload)
    }
}
