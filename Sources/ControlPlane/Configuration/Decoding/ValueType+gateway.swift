internal import Model

extension ValueType where Value == NodeID {
    /// An object whose fields the decoder of its parent reads.
    static func section(_ object: ObjectDescription) -> ValueType {
        ValueType(shape: .object(object), noun: "a mapping") { _, id in id }
    }
}

extension ValueType where Value == [Named<ListenerDeclaration>] {
    static var listeners: ValueType {
        .map(.listener, "a mapping of names to listeners", names: Name.pattern) { $0.name($1) }
    }
}

extension ValueType where Value == ListenerDeclaration {
    static var listener: ValueType {
        ValueType(shape: .object(ListenerFields.object), noun: "a mapping") { reader, id in
            let object = ObjectReader(
                reader, id, as: ListenerFields.object, owner: reader.keyNode, subject: "listener `\(reader.key)`")
            return object.map { object in
                let host = object.located(ListenerFields.host)
                let port = object.located(ListenerFields.port)
                let proxyProtocol = object.located(ListenerFields.proxyProtocol)
                let limits = LimitDeclaration(ofListener: object)
                return ListenerDeclaration(
                    host: host, port: port, proxyProtocol: proxyProtocol, limits: limits, isSound: object.isSound)
            }
        }
    }
}

extension ValueType where Value == String? {
    /// A path of the gateway's own, or `off`.
    static var endpoint: ValueType {
        .scalar("a path or `off`", .either([.words(["off"]), .text(pattern: "^/[^?#*{}\\s]*$")])) {
            scalar throws(Refusal) in
            if scalar.text == "off" { return nil }
            guard scalar.text.hasPrefix("/") else {
                throw Refusal(
                    Catalogue.badPath, "takes a path or `off`, not `\(scalar.text)`", label: "a path begins with `/`")
            }
            let pattern = try PathPattern.parse(scalar.text)
            guard pattern.captures.isEmpty else {
                throw Refusal(Catalogue.badPath, "takes one exact path", label: "no captures and no `*` here")
            }
            return scalar.text
        }
    }

    /// A name for `Via` (RFC 9110 §7.6.3), or `off`.
    static var pseudonym: ValueType {
        .scalar("a name or `off`", .text(pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")) { scalar throws(Refusal) in
            if scalar.text == "off" { return nil }
            guard !scalar.text.isEmpty, scalar.text.utf8.allSatisfy(\.isToken) else {
                throw Refusal(
                    Catalogue.badFieldValue, "takes a name or `off`, not `\(scalar.text)`",
                    label: "letters, digits and a few signs, without spaces")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == String {
    /// A path of a file or a folder.
    static var filePath: ValueType {
        .scalar("a path in the file system", .text(pattern: "^.+$")) { scalar throws(Refusal) in
            guard !scalar.text.isEmpty, !scalar.text.utf8.contains(0) else {
                throw Refusal(
                    Catalogue.badFilePath, "takes a path in the file system", label: "empty, or with a NUL in it")
            }
            return scalar.text
        }
    }
}

extension ValueType where Value == AccessLog.Destination {
    static var logDestination: ValueType {
        .scalar("`stdout`, `off` or a file", .text(pattern: "^.+$")) { scalar throws(Refusal) in
            switch scalar.text {
            case "stdout": return .standardOutput
            case "off": return .off
            case "": break
            case let path where !path.utf8.contains(0) && !path.hasSuffix("/"): return .file(path)
            default: break
            }
            throw Refusal(
                Catalogue.badFilePath, "takes `stdout`, `off` or a file, not `\(scalar.text)`", label: "not a file")
        }
    }
}
