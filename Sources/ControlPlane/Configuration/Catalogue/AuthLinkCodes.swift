// GW1230 to GW1235: what must fit between routes and schemes.

internal import Diagnostics

extension Catalogue {
    static let authLinks = [
        unknownScheme, noScheme, authContradicted, unusedScheme, revocationEnded, revocationWithoutScheme,
    ]

    static let unknownScheme = DiagnosticCode(
        "GW1230",
        title: "a route refers to a scheme that is not declared",
        story: """
            A route that asked nobody because of a slip of the pen would be open.

            Refused:

                routes:
                  orders: {path_pattern: /orders/*, service_name: orders, auth: stuff}

            Mend the name, or declare the scheme in any file:

                auth:
                  staff:
                    jwt: {algorithms: [RS256], jwks_url: "https://login.example.com/jwks.json"}
            """)

    static let noScheme = DiagnosticCode(
        "GW1231",
        title: "a route wants to know its callers, and no scheme is declared",
        story: """
            `requires_auth: true` asks every declared scheme, and permissions are those of a caller who is known. \
            Without any scheme no caller could ever pass.

            Refused, when no file has a kind `auth`:

                routes:
                  orders: {path_pattern: /orders/*, service_name: orders, requires_auth: true}

            Declare a scheme, or take the word away.
            """)

    static let authContradicted = DiagnosticCode(
        "GW1232",
        title: "a route that asks and does not ask",
        story: """
            `requires_auth: false` says that nobody is asked, and `auth` or `permissions` say who is.

            Refused:

                routes:
                  orders: {path_pattern: /orders/*, service_name: orders, requires_auth: false, auth: staff}

            Remove one of them. To let callers pass who show nothing, write `auth: {schemes: [staff], optional: true}`.
            """)

    static let unusedScheme = DiagnosticCode(
        "GW1233", .warning,
        title: "a scheme that no route asks",
        story: """
            It keeps nobody out. Perhaps a route is open that should not be.

            Warned about, when no route has `requires_auth` or names it:

                auth:
                  staff:
                    jwt: {algorithms: [RS256], jwks_url: "https://login.example.com/jwks.json"}

            Add `auth: staff` to the routes that it is for, or remove it.
            """)

    static let revocationEnded = DiagnosticCode(
        "GW1234", .warning,
        title: "a revocation that has ended",
        story: """
            Tokens end by themselves, so an entry that revokes one is needed for a while only, and may say until \
            when. From then on it does nothing, and is better gone.

            Warned about, when that day is past:

                revocations:
                  lost-laptop: {sub: alice, issued_before: 2026-11-24, expires: 2026-12-24}

            Remove it, or give it another end.
            """)

    static let revocationWithoutScheme = DiagnosticCode(
        "GW1235",
        title: "a revocation for a scheme that is not declared",
        story: """
            It would revoke nothing, and what it was written for would go on.

            Refused, when the scheme is called `staff`:

                revocations:
                  lost-laptop: {scheme: stuff, sub: alice}

            Mend the name, or leave it out: then the entry is for every scheme.
            """)
}
