internal import Model

extension ValueType where Value == [Instance] {
    /// A list of instances; those that are refused are left out.
    static var instances: ValueType {
        ValueType(shape: .list(of: .object(InstanceFields.object)), noun: "a list of instances") { reader, id in
            guard reader.kind(id) == .sequence else {
                reader.reportShape(id, wanted: "a list of instances")
                return nil
            }
            if reader.document.nodes[id].count == 0 {
                reader.findings.report(
                    Catalogue.noInstances, "a service without an instance", at: reader.span(id),
                    label: "at least one instance is needed", help: ["for example `- {host: 127.0.0.1, port: 9001}`"])
                return nil
            }
            return reader.document.children(of: id).compactMap { instance(reader, $0) }
        }
    }

    private static func instance(_ reader: Reader, _ id: NodeID) -> Instance? {
        reader.key = "instances"
        guard let object = ObjectReader(reader, id, as: InstanceFields.object, owner: id, subject: "an instance") else {
            return nil
        }
        let name = object.value(InstanceFields.id)
        let weight = object.located(InstanceFields.weight)
        let `protocol` = object.value(InstanceFields.protocol)
        let place = (host: object.located(InstanceFields.host), port: object.located(InstanceFields.port))
        guard let host = place.host, let port = place.port else { return nil }
        let address = SocketAddressText(host: host.value, port: port.value)
        return Instance(
            id: name ?? address.description, span: reader.span(object.node), host: host, port: port,
            protocol: `protocol` ?? .http, weight: .init(weight, or: 1))
    }
}

extension ValueType where Value == Service.HostHeader {
    static var hostHeader: ValueType {
        .scalar("`preserve`, `instance` or a host", .text(pattern: nil)) { scalar throws(Refusal) in
            switch scalar.text {
            case "preserve": return .preserve
            case "instance": return .instance
            default: break
            }
            // A literal may carry a port, as a `Host` field may.
            let name = scalar.text.prefix { $0 != ":" }
            let digits = scalar.text.dropFirst(name.count + 1)
            guard name.count == scalar.text.count || UInt16(digits) ?? 0 > 0 else {
                throw Refusal(
                    Catalogue.badHost, "takes a host, not `\(scalar.text)`", label: "the port is from 1 to 65535")
            }
            let host = try HostName.parse(String(name), whole: scalar.text, Catalogue.badHost)
            return .literal(digits.isEmpty ? host : "\(host):\(digits)")
        }
    }
}

extension Setting {
    /// What a file says, or a constant.
    init(_ declared: Located<Value>?, or standard: Value) {
        if let declared {
            self.init(declared.value, .declared(declared.span))
        } else {
            self.init(standard, .builtIn)
        }
    }
}
