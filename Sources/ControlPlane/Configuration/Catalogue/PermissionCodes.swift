// GW1175 to GW1181: roles, rules and assertions, each by itself.

internal import Diagnostics

extension Catalogue {
    static let permissions = [
        badPermission, wideName, nothingGranted, denyGrants, emptySection, regexReach, badRequirement,
    ]

    static let badPermission = DiagnosticCode(
        "GW1175",
        title: "a permission that is none",
        story: """
            A permission is words between colons; a word has letters, digits, `_`, `.` and `-`. In a grant `*` stands \
            for a whole word, and at the end for one or more.

            Refused:

                grants: ["orders:", "orders:re*"]

            Write `orders:read`, or `orders:*` for all that begins with `orders:`.
            """)

    static let wideName = DiagnosticCode(
        "GW1176",
        title: "a route asks for a permission with `*`",
        story: """
            A route names the permissions that a request needs, all of them. A name that stands for several would \
            leave open which.

            Refused:

                routes:
                  orders: {path_pattern: /orders, service_name: orders, permissions: ["orders:*"]}

            Write `orders:read`. The grant may be as wide as it likes.
            """)

    static let nothingGranted = DiagnosticCode(
        "GW1177",
        title: "a rule that grants nothing",
        story: """
            A rule with `effect: allow`, which is what a rule has that says nothing, opens what it grants.

            Refused:

                permissions:
                  clerks: {to: {roles: [clerk]}}

            Add `grants`, or write `effect: deny` if it is meant to refuse.
            """)

    static let denyGrants = DiagnosticCode(
        "GW1178",
        title: "a rule that denies and grants",
        story: """
            A rule with `effect: deny` refuses the requests that it is about, whatever permission they need.

            Refused:

                permissions:
                  suspended: {effect: deny, to: {groups: [suspended]}, grants: ["orders:*"]}

            Say which requests are refused:

                permissions:
                  suspended: {effect: deny, to: {groups: [suspended]}, on: {tags: [orders]}}
            """)

    static let emptySection = DiagnosticCode(
        "GW1179",
        title: "a rule for nobody or about nothing",
        story: """
            `to` and `on` narrow a rule. Without them it is for everybody and about every request, so one of them \
            that is there and empty could be meant for either.

            Refused:

                permissions:
                  readers: {to: {}, grants: [orders:read]}

            Leave it out, or name somebody.
            """)

    static let regexReach = DiagnosticCode(
        "GW1180",
        title: "a regular expression under `on`",
        story: """
            Rules are compared with routes when they are loaded, which a regular expression does not allow.

            Refused:

                on: {paths: ["~/admin/.*"]}

            Write `/admin/*`, or name the routes: `on: {routes: [admin]}`, `on: {tags: [admin]}`.
            """)

    static let badRequirement = DiagnosticCode(
        "GW1181",
        title: "an assertion that requires nothing",
        story: """
            An assertion holds when every caller that gets through has a `role`, came by a `scheme`, was asked for a \
            `permission`, or was identified at all (`auth: true`).

            Refused:

                asserts:
                  admin: {on: {paths: [/admin/*]}, require: {}}

            Say what is required.
            """)
}
