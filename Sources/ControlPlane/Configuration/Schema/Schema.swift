// All kinds of the configuration. A new kind is a line here, a file of fields and a decoder.

internal import Encoding

/// A top-level key of a file.
struct Kind: Sendable {
    let description: FieldDescription
    /// Reads the value under the key.
    let decode: @Sendable (Reader, NodeID, inout Declarations) -> Void

    init(
        _ key: String, _ shape: Shape, _ summary: String,
        decode: @escaping @Sendable (Reader, NodeID, inout Declarations) -> Void
    ) {
        description = FieldDescription(
            key: key, aliases: [], shape: shape, noun: "a mapping", isRequired: false, standard: nil, summary: summary,
            examples: [])
        self.decode = decode
    }
}

enum Schema {
    static let kinds = [
        Kind(
            "gateway", .object(GatewayFields.object), "What the process listens on, writes and assumes.",
            decode: GatewayDecoder.decode),
        Kind(
            "services", .map(of: .object(ServiceFields.object), names: Name.pattern), "Services by name.",
            decode: ServiceDecoder.decode),
        Kind(
            "routes", .map(of: .object(RouteFields.object), names: Name.pattern), "Routes by name.",
            decode: RouteDecoder.decode),
        Kind(
            "auth", .map(of: .object(AuthFields.object), names: Name.pattern), "Schemes by name.",
            decode: AuthDecoder.decode),
        Kind(
            "revocations", .map(of: .object(RevocationFields.object), names: Name.pattern),
            "Credentials that count for nothing any more, by name.", decode: RevocationDecoder.decode),
        Kind(
            "roles", .map(of: .object(RoleFields.object), names: nil), "Roles, and what they include, by name.",
            decode: PermissionDecoder.decodeRoles),
        Kind(
            "permissions", .map(of: .object(PermissionFields.object), names: Name.pattern),
            "Rules about who may do what, by name.", decode: PermissionDecoder.decodeRules),
        Kind(
            "asserts", .map(of: .object(AssertFields.object), names: Name.pattern),
            "What must hold for every request, by name.", decode: PermissionDecoder.decodeAsserts),
    ]

    /// The top level of a file.
    static let root = ObjectDescription(
        "the top level", summary: "Kinds, each a mapping of names; every file may hold any of them.",
        fields: kinds.map(\.description))

    /// Every object, outer ones first.
    static let objects: [ObjectDescription] = {
        var found: [ObjectDescription] = []
        func visit(_ object: ObjectDescription) {
            guard !found.contains(where: { $0.noun == object.noun }) else { return }
            found.append(object)
            object.fields.forEach { visit($0.shape) }
        }
        func visit(_ shape: Shape) {
            switch shape {
            case .object(let object): visit(object)
            case .list(let element), .oneOrList(let element), .map(let element, _): visit(element)
            case .either(let shapes): shapes.forEach(visit)
            case .text, .scalar, .integer, .oneOf, .boolean, .words: break
            }
        }
        visit(root)
        return found
    }()
}
