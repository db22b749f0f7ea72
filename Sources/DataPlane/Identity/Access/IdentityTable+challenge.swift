// What a caller is told that is not known (RFC 9110 §11.6.1, RFC 6750 §3).

extension IdentityTable {
    /// The field lines of the answer; the reason for which a credential was refused is for the log alone.
    package func challenge(_ route: Int, _ fault: AccessFault) -> String {
        let error = fault == .noCredential ? "" : ", error=\"invalid_token\""
        return schemeIndices(of: route).map { index in
            let realm = String(decoding: schemes[index].name, as: UTF8.self)
            guard schemes[index].isBearer else { return "WWW-Authenticate: ApiKey realm=\"\(realm)\"\r\n" }
            return "WWW-Authenticate: Bearer realm=\"\(realm)\"\(error)\r\n"
        }.joined()
    }
}
