// GW1230 to GW1233: what must fit between routes and schemes.

internal import Diagnostics

extension Catalogue {
    static let authLinks = [unknownScheme, noScheme, authContradicted, unusedScheme]

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
}
