internal import Diagnostics
internal import Model

extension ValueType where Value == MethodSet {
    /// A method, a list of methods, or `ANY`.
    static var methods: ValueType {
        let words = ValueType<[Located<String>]>.oneOrMore(.method, "a method or a list of methods")
        return ValueType(shape: words.shape, noun: words.noun) { reader, id in
            guard let methods = words.read(reader, id), !methods.isEmpty else { return nil }
            if let any = methods.first(where: { $0.value == "ANY" }) {
                guard methods.count == 1 else {
                    reader.findings.report(
                        Catalogue.anyAmongOthers, "`ANY` stands among other methods", at: any.span,
                        label: "`ANY` takes the others already", help: ["write `ANY` alone, or leave it out"])
                    return nil
                }
                return .any
            }
            return .only(methods.map(\.value).sorted())
        }
    }
}

extension ValueType where Value == RedirectDeclaration {
    static var redirect: ValueType {
        ValueType(shape: .object(RedirectFields.object), noun: "a mapping") { reader, id in
            guard let object = ObjectReader(reader, id, as: RedirectFields.object, owner: reader.keyNode) else {
                return nil
            }
            let location = object.located(RedirectFields.url)
            let status = object.located(RedirectFields.status)
            return location.map { RedirectDeclaration(location: $0, status: status) }
        }
    }
}

extension ValueType where Value == ResponseDeclaration {
    static var response: ValueType {
        ValueType(shape: .object(ResponseFields.object), noun: "a mapping") { reader, id in
            guard let object = ObjectReader(reader, id, as: ResponseFields.object, owner: reader.keyNode) else {
                return nil
            }
            let response = ResponseDeclaration(
                status: object.located(ResponseFields.status), contentType: object.located(ResponseFields.contentType),
                body: object.located(ResponseFields.body))
            if let body = response.body, let status = response.status, [204, 205, 304].contains(status.value),
                !body.value.isEmpty
            {
                reader.findings.report(
                    Catalogue.bodyForbidden, "an answer with status \(status.value) has no body", at: body.span,
                    label: "this would never be sent", notes: [Diagnostic.Note("the status is here", at: status.span)])
            }
            return response
        }
    }
}

extension ValueType where Value == Int {
    /// One of a few status codes.
    static func status(_ allowed: [Int]) -> ValueType {
        .scalar("a status", .oneOf(numbers: allowed)) { scalar throws(Refusal) in
            let status = try Integer.parse(scalar, in: 0...999)
            guard allowed.contains(status) else {
                throw Refusal(
                    Catalogue.badRedirectStatus, "takes \(allowed.map(String.init).inWords), not `\(status)`",
                    label: "not a redirect with a `Location`")
            }
            return status
        }
    }
}

extension ValueType where Value == String {
    /// A value of a header field (RFC 9110 §5.5).
    static var fieldValue: ValueType {
        .scalar("a header value", .text(pattern: "^[ -~\\t]+$")) { scalar throws(Refusal) in
            let bytes = scalar.text.utf8
            guard !bytes.isEmpty, bytes.first != 0x20, bytes.last != 0x20,
                bytes.allSatisfy({ (0x20...0x7E).contains($0) || $0 == 0x09 })
            else {
                throw Refusal(
                    Catalogue.badFieldValue, "is no header value", label: "visible ASCII, without spaces at the ends")
            }
            return scalar.text
        }
    }

    /// Any scalar as the text that stands there: `1` is `1`.
    static var scalarText: ValueType { .scalar("a value", .scalar) { $0.text } }

    static var regex: ValueType {
        .scalar("a regular expression", .text(pattern: nil)) { scalar throws(Refusal) in
            _ = try Regex.compile(scalar.text)
            return scalar.text
        }
    }
}
