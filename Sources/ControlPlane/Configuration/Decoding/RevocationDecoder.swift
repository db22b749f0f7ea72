internal import Diagnostics
internal import Model

/// Reads the kind `revocations`.
enum RevocationDecoder {
    static func decode(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to revocations", &declarations) { name, key, value, declarations in
            let subject = "revocation `\(name)`"
            guard
                let object = ObjectReader(
                    reader, value, as: RevocationFields.object, owner: key, subject: subject)
            else { return }
            _ = object.value(RevocationFields.description)
            let revocation = Revocation(
                name: name, span: reader.span(key), scheme: object.located(RevocationFields.scheme),
                tokenID: object.value(RevocationFields.tokenID), subject: object.value(RevocationFields.subject),
                issuedBefore: object.value(RevocationFields.issuedBefore),
                expires: object.value(RevocationFields.expires))
            checkPresence(object)
            if object.isSound { declarations.revocations.append(revocation) }
        }
    }

    private static func checkPresence(_ object: ObjectReader) {
        guard object.isSound else { return }
        let hasID = object.has(RevocationFields.tokenID)
        let others = [
            object.keySpan(RevocationFields.subject), object.keySpan(RevocationFields.issuedBefore),
        ].compactMap { $0 }
        if hasID, let other = others.first {
            object.reader.findings.report(
                Catalogue.badRevocation, "\(object.subject) has `jti` and more", at: other,
                label: "one token is meant already", help: ["make two entries"])
        } else if !hasID, others.isEmpty {
            object.reader.findings.report(
                Catalogue.badRevocation, "\(object.subject) does not say what it revokes", at: object.span,
                label: "give `jti`, `sub` or `issued_before`")
        }
    }
}

/// Sorts revocations, and checks what they name.
struct RevocationLinker {
    let declarations: Declarations
    let findings: Findings
    /// Seconds since 1970.
    let now: Int64

    func link() -> [Revocation] {
        let revocations = Linker.unique(
            declarations.revocations, "revocation", findings, name: \.name, span: \.span)
        let schemes = declarations.auth.map(\.name)
        for revocation in revocations {
            if let scheme = revocation.scheme, declarations.isComplete, !schemes.contains(scheme.value) {
                let near = findings.near(scheme.value, among: schemes)
                findings.report(
                    Catalogue.revocationWithoutScheme,
                    "revocation `\(revocation.name)` is for the unknown scheme `\(scheme.value)`", at: scheme.span,
                    label: "no scheme with this name", help: near.map { ["did you mean `\($0)`?"] } ?? [])
            }
            if let expires = revocation.expires, expires.seconds <= now {
                findings.report(
                    Catalogue.revocationEnded, "revocation `\(revocation.name)` ended at \(expires.text)",
                    at: revocation.span, label: "revokes nothing any more", help: ["remove it"])
            }
        }
        return revocations
    }
}
