internal import Diagnostics
internal import Model

extension ValueType where Value == JWTAlgorithm {
    static var jwtAlgorithm: ValueType {
        let words = JWTAlgorithm.allCases.map(\.rawValue)
        return .scalar("an algorithm", .words(words)) { scalar throws(Refusal) in
            if let algorithm = JWTAlgorithm(rawValue: scalar.text) { return algorithm }
            let isNone = scalar.text.lowercased() == "none"
            let near = isNone ? nil : Nearest.name(to: scalar.text, among: words)
            throw Refusal(
                Catalogue.badAlgorithm, "takes \(words.inWords), not `\(scalar.text)`",
                label: isNone ? "a token that nobody signed" : "no such algorithm",
                help: near.map { ["did you mean `\($0)`?"] } ?? [])
        }
    }
}

extension ValueType where Value == String {
    /// An absolute `http` or `https` URL.
    static var keySetURL: ValueType {
        .scalar("an `http` or `https` URL", .text(pattern: "^https?://[^/?#\\s]+[^#\\s]*$")) {
            scalar throws(Refusal) in
            guard KeySetURL(scalar.text) != nil else {
                throw Refusal(
                    Catalogue.badURL, "takes an `http` or `https` URL, not `\(scalar.text)`",
                    label: "no URL that could be fetched", help: ["for example `https://login.example.com/jwks.json`"])
            }
            return scalar.text
        }
    }

    /// The name of an environment variable.
    static var variableName: ValueType {
        .scalar("the name of an environment variable", .text(pattern: "^[A-Za-z_][A-Za-z0-9_]*$")) {
            scalar throws(Refusal) in
            let bytes = scalar.text.utf8
            guard let first = bytes.first, !first.isDigit, bytes.allSatisfy({ $0.isLetter || $0.isDigit || $0 == 0x5F })
            else {
                throw Refusal(
                    Catalogue.badSecret, "takes the name of an environment variable", label: "not such a name",
                    help: ["the secret itself never stands in a configuration"])
            }
            return scalar.text
        }
    }

    /// A field name (RFC 9110 §5.1), in lower case; also the name of a cookie, whose case counts.
    static var fieldName: ValueType {
        .scalar("a name", .text(pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")) { scalar throws(Refusal) in
            guard !scalar.text.isEmpty, scalar.text.utf8.allSatisfy(\.isToken) else {
                throw Refusal(Catalogue.badHeaderName, "takes a name, not `\(scalar.text)`", label: "not a name")
            }
            return scalar.text
        }
    }

    /// A parameter whose name needs no percent-encoding.
    static var queryName: ValueType {
        .scalar("a query parameter", .text(pattern: "^[A-Za-z0-9_.~-]+$")) { scalar throws(Refusal) in
            guard !scalar.text.isEmpty,
                scalar.text.utf8.allSatisfy({ $0.isLetter || $0.isDigit || "_.~-".utf8.contains($0) })
            else {
                throw Refusal(
                    Catalogue.badHeaderName, "takes a query parameter, not `\(scalar.text)`",
                    label: "letters, digits, `_`, `.`, `~` and `-`")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == ClaimPath {
    static var claimPath: ValueType {
        .scalar("a claim", .text(pattern: "^.+$")) { scalar throws(Refusal) in try ClaimPath.parse(scalar.text) }
    }
}

extension ValueType where Value == ClaimPath? {
    /// A claim, or `off`.
    static var claimPathOrOff: ValueType {
        .scalar("a claim or `off`", .text(pattern: "^.+$")) { scalar throws(Refusal) in
            scalar.text == "off" ? nil : try ClaimPath.parse(scalar.text)
        }
    }
}

extension ClaimPath {
    /// Names between dots; a text with `/` or `:` in it is one name, as URLs are.
    static func parse(_ text: String) throws(Refusal) -> ClaimPath {
        let isWhole = text.utf8.contains { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ":") }
        let names = isWhole ? [text] : text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard !names.contains(""), text.utf8.count <= 256, names.count <= 8 else {
            throw Refusal(
                Catalogue.badClaim, "takes a claim, not `\(text)`", label: "names with dots between them, at most 8")
        }
        return ClaimPath(names)
    }
}

extension ValueType where Value == JWTPolicy.Keys {
    /// PEM text, or a file with it.
    static var publicKey: ValueType {
        ValueType(shape: .either([.text(pattern: nil), .object(KeyFileFields.object)]), noun: "PEM text or a file") {
            reader, id in
            guard reader.kind(id) == .mapping else {
                guard let scalar = reader.scalar(id, "PEM text or a file") else { return nil }
                return .publicKey(scalar.text)
            }
            let object = ObjectReader(reader, id, as: KeyFileFields.object, owner: reader.keyNode)
            guard let object, object.isSound else { return nil }
            if let path = object.value(KeyFileFields.file) { return .publicKeyFile(path) }
            reader.reportPlace(Catalogue.badKeySource, "`public_key` names no file", "`file`")
            return nil
        }
    }

    /// Where a secret is. The secret itself is refused: revisions are recorded.
    static var secret: ValueType {
        ValueType(shape: .object(SecretFields.object), noun: "a place") { reader, id in
            guard reader.kind(id) == .mapping else {
                reader.findings.report(
                    Catalogue.badSecret, "`\(reader.key)` takes a place, not the secret itself", at: reader.span(id),
                    label: "would be recorded with every revision",
                    help: ["write `{env: NAME}` or `{file: /run/secrets/name}`"])
                return nil
            }
            let object = ObjectReader(reader, id, as: SecretFields.object, owner: reader.keyNode)
            guard let object, object.isSound else { return nil }
            let place = (object.value(SecretFields.env), object.value(SecretFields.file))
            guard object.isSound else { return nil }
            switch place {
            case (let name?, nil): return .secretVariable(name)
            case (nil, let path?): return .secretFile(path)
            default:
                let isEmpty = !object.has(SecretFields.env) && !object.has(SecretFields.file)
                reader.reportPlace(
                    Catalogue.badSecret, "`secret` has \(isEmpty ? "no place" : "two places")",
                    "exactly one of `env` and `file`")
                return nil
            }
        }
    }
}

extension Reader {
    fileprivate func reportPlace(_ code: DiagnosticCode, _ message: String, _ label: String) {
        findings.report(code, message, at: span(keyNode), label: label)
    }
}
