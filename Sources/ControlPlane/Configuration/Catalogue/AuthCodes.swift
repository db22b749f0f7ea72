// GW1150 to GW1159: schemes and what they ask of a token.

internal import Diagnostics

extension Catalogue {
    static let auth = [
        badScheme, badAlgorithm, badKeySource, algorithmWithoutKey, badClaim, badURL, badSource, badForwardedField,
        badSecret, badKeys,
    ]

    static let badScheme = DiagnosticCode(
        "GW1150",
        title: "a scheme without exactly one method",
        story: """
            A scheme is one way for callers to show who they are. Two ways are two schemes, which a route can name \
            in the order in which they are to be asked.

            Refused:

                auth:
                  staff: {description: our own people}

            Give it a method, for example:

                auth:
                  staff:
                    jwt: {algorithms: [RS256], jwks_url: "https://login.example.com/jwks.json"}
            """)

    static let badAlgorithm = DiagnosticCode(
        "GW1151",
        title: "an algorithm that is not accepted",
        story: """
            Tokens are verified with the algorithms of RFC 7518 and RFC 8037, written as they are there. `none` is \
            a token that nobody signed, so it is no algorithm here.

            Refused:

                algorithms: [none, rs256]

            Write `RS256`, and only what your issuer really uses.
            """)

    static let badKeySource = DiagnosticCode(
        "GW1152",
        title: "keys in no place, or in several",
        story: """
            A token is verified by keys from one place: a JWK set behind a URL, in a file or in the configuration, \
            one public key, or a secret. Two issuers are two schemes.

            Refused:

                jwt: {algorithms: [RS256]}

            Write for example `jwks_url: "https://login.example.com/jwks.json"`.
            """)

    static let algorithmWithoutKey = DiagnosticCode(
        "GW1153",
        title: "an algorithm that the keys cannot verify",
        story: """
            HS256, HS384 and HS512 want a secret that both sides know; all others want a public key. A scheme that \
            took both could be given a token that is signed with the public key as if it were the secret.

            Refused:

                jwt:
                  algorithms: [RS256, HS256]
                  jwks_url: "https://login.example.com/jwks.json"

            Leave one out, or make two schemes.
            """)

    static let badClaim = DiagnosticCode(
        "GW1154",
        title: "a claim that cannot be named so",
        story: """
            A claim is named by its name; dots lead into objects. A name with `/` or `:` in it, as URLs have, is \
            one name.

            Refused:

                roles_claim: realm_access..roles

            Write `realm_access.roles`, or `https://example.com/roles`.
            """)

    static let badURL = DiagnosticCode(
        "GW1155",
        title: "a URL that cannot be fetched",
        story: """
            Key sets are fetched from an absolute `https` or `http` URL, without a user name and without `#`.

            Refused:

                jwks_url: login.example.com/jwks.json

            Write `https://login.example.com/jwks.json`.
            """)

    static let badSource = DiagnosticCode(
        "GW1156",
        title: "a place where no credential can be",
        story: """
            A credential is in `Authorization`, in another header field, in a cookie or in a query parameter.

            Refused:

                from: body

            Write `authorization`, `{header: x-token}`, `{cookie: session}` or `{query: access_token}`, or a list.
            """)

    static let badForwardedField = DiagnosticCode(
        "GW1157",
        title: "a claim that would be a field of the gateway's own",
        story: """
            Claims become header fields of the forwarded request. Fields that frame or route it are written by the \
            gateway alone, and two claims cannot be one field.

            Refused:

                forward:
                  claims: {sub: x-user, tenant: host}

            Choose another field, such as `x-tenant`.
            """)

    static let badSecret = DiagnosticCode(
        "GW1158",
        title: "a secret in the configuration",
        story: """
            Configurations are reviewed, copied and recorded with every revision. So a secret is in an environment \
            variable or in a file, and the configuration says in which.

            Refused:

                secret: correct-horse-battery-staple

            Write `secret: {env: LOGIN_SECRET}` or `secret: {file: /run/secrets/login}`.
            """)

    static let badKeys = DiagnosticCode(
        "GW1159",
        title: "keys that verify nothing",
        story: """
            The keys in the configuration cannot be read, none is for the algorithms, or they are too weak: an RSA \
            key has at least 2048 bits (RFC 7518 §3.3). Keys for encryption, and secrets in a JWK set, count for \
            nothing.

            Refused:

                jwks: '{"keys": []}'

            Give the set that your issuer publishes.
            """)
}
