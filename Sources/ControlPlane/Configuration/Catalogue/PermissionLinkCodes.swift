// GW1240 to GW1248: what must fit between roles, rules and routes.

internal import Diagnostics

extension Catalogue {
    static let permissionLinks = [
        unknownRole, roleCycle, unknownReference, nobodyPasses, captureLacking, grantUnused, reachEmpty, assertBroken,
        assertUndecided,
    ]

    static let unknownRole = DiagnosticCode(
        "GW1240",
        title: "a role that no file declares",
        story: """
            Roles come with the caller, so they need no declaration. Once the kind `roles` declares one, it declares \
            all: a slip in a name would otherwise open nothing, or, in a rule that denies, everything.

            Refused:

                roles:
                  clerk: {}
                permissions:
                  read: {to: {roles: [clark]}, grants: [orders:read]}

            Mend the name, or declare it: `clark: {}`.
            """)

    static let roleCycle = DiagnosticCode(
        "GW1241",
        title: "roles that include each other",
        story: """
            Whoever has one of them has all, so they are one role under several names.

            Refused:

                roles:
                  manager: {includes: [clerk]}
                  clerk: {includes: [manager]}

            Remove one of the includes.
            """)

    static let unknownReference = DiagnosticCode(
        "GW1242",
        title: "a rule refers to what does not exist",
        story: """
            Routes, tags, services and schemes are declared in the same configuration, so a name that is not there is \
            a slip. In a rule that denies, it would let pass what should be refused.

            Refused:

                permissions:
                  audit: {effect: deny, on: {tags: [adnim]}}

            Mend the name. A tag exists when a route has it.
            """)

    static let nobodyPasses = DiagnosticCode(
        "GW1243", .warning,
        title: "a route that asks for what no rule grants",
        story: """
            Every request is refused with 403, unless a token brings the permission itself (`permissions_claim`).

            Warned about, when no rule grants it for this route:

                routes:
                  orders: {path_pattern: /orders, service_name: orders, permissions: [orders:read]}

            Grant it:

                permissions:
                  read: {to: {roles: [clerk]}, grants: [orders:read]}
            """)

    static let captureLacking = DiagnosticCode(
        "GW1244",
        title: "a condition uses what a route does not capture",
        story: """
            `path.NAME` is a capture of the route that takes the request. Every route that the rule is asked about must \
            have it: on any other the condition would be unknown, and every request refused.

            Refused:

                routes:
                  orders: {path_pattern: "/{tenant}/orders", service_name: s, permissions: [orders:read]}
                  all: {path_pattern: /orders, service_name: s, permissions: [orders:read]}
                permissions:
                  own: {grants: [orders:read], when: claims.tenant == path.tenant}

            Narrow the rule with `on: {routes: [orders]}`, or capture the name in the other route as well.
            """)

    static let grantUnused = DiagnosticCode(
        "GW1246", .warning,
        title: "a grant that no route asks for",
        story: """
            It opens nothing. Perhaps a route should ask for it, or there is a slip in the name.

            Warned about, when no route has `permissions: [orders:read]`:

                permissions:
                  read: {to: {roles: [clerk]}, grants: [orders:read]}

            Mend the name, let a route ask for it, or remove it.
            """)

    static let reachEmpty = DiagnosticCode(
        "GW1247", .warning,
        title: "a rule about no request",
        story: """
            Each list under `on` narrows further: a request must be on all of them.

            Warned about, when the route `orders` has another path:

                permissions:
                  read: {grants: [orders:read], on: {routes: [orders], paths: [/admin/*]}}

            Remove one of the lists, or make two rules.
            """)

    static let assertBroken = DiagnosticCode(
        "GW1245",
        title: "an assertion does not hold",
        story: """
            An assertion is proven for every host, path and method, under the order of the routes, and for every caller. \
            The message has a request and a caller that get through without what is required.

            Refused:

                routes:
                  admin: {path_pattern: /admin/*, service_name: s, requires_auth: true}
                asserts:
                  admin: {on: {paths: [/admin/*]}, require: {role: admin}}

            Close the gap: let the route ask for a permission that only the role is granted, or deny the others:

                permissions:
                  others: {effect: deny, on: {paths: [/admin/*]}, when: '!("admin" in roles)'}
            """)

    static let assertUndecided = DiagnosticCode(
        "GW1248",
        title: "an assertion that cannot be proven",
        story: """
            It holds only if something is true that the proof does not see: of a regular expression, of two inputs that \
            are compared, of a set of paths that is too large. What is not proven counts as broken.

            Refused, because a path of `report` may begin with `/admin/`:

                routes:
                  report: {path_pattern: "~/[a-z]+/report", service_name: s}
                asserts:
                  admin: {on: {paths: [/admin/*]}, require: {auth: true}}

            Guard the route that is named as well, narrow the assertion with `on`, or add a rule that decides alone: a \
            `deny` for everybody else.
            """)
}
