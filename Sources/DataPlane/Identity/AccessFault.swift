/// Why a caller is not known. The log has these words; clients learn no more than RFC 6750 says.
package enum AccessFault: UInt8, Error, Sendable, BitwiseCopyable, CaseIterable {
    case noCredential
    case severalCredentials
    case tokenTooLarge
    case notThreeParts
    case notBase64URL
    case headerMalformed
    case algorithmMissing
    case algorithmRefused
    case criticalExtension
    case embeddedKey
    case noKeys
    case unknownKey
    case wrongSignature
    case unknownCredential
    case basicMalformed
    case wrongPassword
    case notVerified
    case claimsMalformed
    case claimType
    case noExpiry
    case expired
    case notYetValid
    case issuedInFuture
    case tooOld
    case wrongIssuer
    case wrongAudience
    case claimMissing
    case revoked

    package var text: StaticString {
        switch self {
        case .noCredential: "no credential"
        case .severalCredentials: "more than one credential"
        case .tokenTooLarge: "token too large"
        case .notThreeParts: "token without three parts"
        case .notBase64URL: "token is not canonical base64url"
        case .headerMalformed: "token header malformed"
        case .algorithmMissing: "token without algorithm"
        case .algorithmRefused: "algorithm not accepted"
        case .criticalExtension: "critical extension not understood"
        case .embeddedKey: "token brings its own key"
        case .noKeys: "no keys at hand"
        case .unknownKey: "unknown key"
        case .wrongSignature: "wrong signature"
        case .unknownCredential: "unknown credential"
        case .basicMalformed: "name and password malformed"
        case .wrongPassword: "wrong password"
        case .notVerified: "not verified in time"
        case .claimsMalformed: "claims malformed"
        case .claimType: "claim of the wrong type"
        case .noExpiry: "token never expires"
        case .expired: "expired"
        case .notYetValid: "not valid yet"
        case .issuedInFuture: "issued in the future"
        case .tooOld: "issued too long ago"
        case .wrongIssuer: "wrong issuer"
        case .wrongAudience: "wrong audience"
        case .claimMissing: "required claim missing"
        case .revoked: "revoked"
        }
    }
}
