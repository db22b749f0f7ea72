internal import Diagnostics
internal import Model

/// Reads the kind `services`.
enum ServiceDecoder {
    static func decode(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to services", &declarations) { name, key, value, declarations in
            declarations.services.append(service(reader, name, key, value))
        }
    }

    private static func service(_ reader: Reader, _ name: String, _ key: NodeID, _ value: NodeID) -> ServiceDeclaration
    {
        var service = ServiceDeclaration(name: name, span: reader.span(key))
        guard
            let object = ObjectReader(reader, value, as: ServiceFields.object, owner: key, subject: "service `\(name)`")
        else {
            return service
        }
        _ = object.value(ServiceFields.description)
        service.balancing = object.located(ServiceFields.balancing)
        service.hostHeader = object.located(ServiceFields.hostHeader)
        service.connectTimeout = object.located(ServiceFields.connectTimeout)
        service.responseTimeout = object.located(ServiceFields.responseTimeout)
        service.upstream = UpstreamDeclaration(object)
        service.watch = WatchDeclaration(object)
        service.instances = object.value(ServiceFields.instances) ?? []
        InstanceChecks(reader: reader, service: service, isWhole: object.isSound).run()
        WatchChecks(service: service, findings: reader.findings).run()
        service.isSound = object.isSound
        return service
    }
}

extension Reader {
    /// Goes through a mapping of names; names that are none are reported and left out.
    func forEachName(
        _ id: NodeID, _ noun: String, _ declarations: inout Declarations, read: ((NodeID) -> String?)? = nil,
        _ body: (String, NodeID, NodeID, inout Declarations) -> Void
    ) {
        let target = document.resolved(id)
        guard !document.isEmpty(target) else { return }
        guard kind(target) == .mapping else {
            declarations.isComplete = false
            if !document.nodes[target].isDamaged { reportShape(target, wanted: noun) }
            return
        }
        if document.nodes[target].isDamaged { declarations.isComplete = false }
        for (key, value) in document.pairs(of: target) {
            enter(key)
            guard let name = read.map({ $0(key) }) ?? name(key) else {
                declarations.isComplete = false
                continue
            }
            body(name, key, value, &declarations)
        }
    }
}
