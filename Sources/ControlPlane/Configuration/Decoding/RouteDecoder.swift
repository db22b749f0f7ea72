internal import Diagnostics
internal import Model

/// Reads the kind `routes`.
enum RouteDecoder {
    static func decode(_ reader: Reader, _ id: NodeID, into declarations: inout Declarations) {
        reader.forEachName(id, "a mapping of names to routes", &declarations) { name, key, value, declarations in
            declarations.routes.append(route(reader, name, key, value))
        }
    }

    private static func route(_ reader: Reader, _ name: String, _ key: NodeID, _ value: NodeID) -> RouteDeclaration {
        var route = RouteDeclaration(name: name, span: reader.span(key))
        guard let object = ObjectReader(reader, value, as: RouteFields.object, owner: key, subject: "route `\(name)`")
        else {
            return route
        }
        _ = object.value(RouteFields.description)
        route.hosts = object.value(RouteFields.hosts) ?? []
        route.path = object.located(RouteFields.path)
        route.methods = object.located(RouteFields.method)
        route.headers = object.value(RouteFields.headers) ?? []
        route.query = object.value(RouteFields.query) ?? []
        route.priority = object.located(RouteFields.priority)
        route.timeout = object.located(RouteFields.timeout)
        route.limits = LimitDeclaration(ofRoute: object)
        route.encodedSlashes = object.located(RouteFields.encodedSlashes)
        route.rawPath = object.located(RouteFields.rawPath)
        route.upgrades = object.located(RouteFields.upgrade)
        route.streamTimeout = object.located(RouteFields.streamTimeout)
        route.auth = RouteAuthDeclaration(object)
        route.policies = PolicyDeclaration(ofRoute: object)
        route.action = action(object)
        RouteChecks(object: object, route: route).run()
        route.isSound = object.isSound
        return route
    }

    private static func action(_ object: ObjectReader) -> RouteDeclaration.Action? {
        let service = object.located(RouteFields.service)
        let target = object.located(RouteFields.target)
        let redirect = object.value(RouteFields.redirect)
        let response = object.value(RouteFields.response)
        if let service { return .proxy(service: service, target: target) }
        if let redirect { return .redirect(redirect) }
        return response.map { .respond($0) }
    }
}
