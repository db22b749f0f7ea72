// GW1125 to GW1133: paths, captures, expressions, templates.

internal import Diagnostics

extension Catalogue {
    static let paths = [
        badPath, unreachablePath, partialSegment, badCapture, captureTwice, tailNotLast, badRegex, badTemplate,
        badLocation,
    ]

    static let badPath = DiagnosticCode(
        "GW1125",
        title: "a path that cannot be read",
        story: """
            A path begins with `/`; a regular expression for the whole path begins with `~`. A `%` is followed by \
            two hexadecimal digits.

            Refused:

                path_pattern: users/*

            Write `path_pattern: /users/*`.
            """)

    static let unreachablePath = DiagnosticCode(
        "GW1126",
        title: "a path that no request can have",
        story: """
            Before routes are looked up, the path of a request is brought into one form: dots are resolved, `//` \
            becomes `/`, unreserved characters are decoded and percent-encodings written in upper case. A pattern \
            in any other form would wait for a request that never comes.

            Refused:

                path_pattern: /users//%7Eann?tab=1

            Write `/users/~ann` and match the query under `query`. The label says which part is the problem.
            """)

    static let partialSegment = DiagnosticCode(
        "GW1127",
        title: "a capture or `*` inside a segment",
        story: """
            `{name}` stands for one whole segment between two slashes, and `*` for all the rest. Parts of segments \
            would make the order of routes hard to foresee.

            Refused:

                path_pattern: /reports/{year}-{month}
                path_pattern: /files/*.json

            Use a regular expression: `~/reports/(?<year>[0-9]+)-(?<month>[0-9]+)`.
            """)

    static let badCapture = DiagnosticCode(
        "GW1128",
        title: "a capture without a proper name",
        story: """
            Names of captures have letters, digits and `_`, and do not begin with a digit. `host` is taken: in a \
            redirect `{host}` is the host of the request.

            Refused:

                path_pattern: /users/{}
                path_pattern: /users/{user-id}

            Write `/users/{user_id}`.
            """)

    static let captureTwice = DiagnosticCode(
        "GW1129",
        title: "two captures with one name",
        story: """
            A template that uses the name could mean either.

            Refused:

                path_pattern: /{id}/orders/{id}

            Write `/{user}/orders/{order}`.
            """)

    static let tailNotLast = DiagnosticCode(
        "GW1130",
        title: "something behind the tail of a path",
        story: """
            `*` and `{rest*}` take all that is left of the path, so nothing can follow them.

            Refused:

                path_pattern: /files/*/download

            Take one segment with `{name}`, or use a regular expression: `~/files/.*/download`.
            """)

    static let badRegex = DiagnosticCode(
        "GW1131",
        title: "a regular expression that does not compile",
        story: """
            The expression is compiled when the configuration is read, by the library that will run it (PCRE2). \
            The caret is where it gave up.

            Refused:

                path_pattern: ~/users/([0-9]+

            Close the group: `~/users/([0-9]+)`. The expression must match the whole path, as if it stood between \
            `^` and `$`.
            """)

    static let badTemplate = DiagnosticCode(
        "GW1132",
        title: "a template that cannot be read",
        story: """
            `target_url` is the path that an instance sees: literal text, captures of `path_pattern` as `{name}`, \
            and `*` alone in the last segment for the unnamed tail. Host and port come from the service, the query \
            from the request.

            Refused:

                target_url: http://10.0.0.5/users/*

            Write `target_url: /users/*`.
            """)

    static let badLocation = DiagnosticCode(
        "GW1133",
        title: "a redirect to something that is no URL",
        story: """
            `redirect.url` begins with `https://`, `http://` or `/`, and has only characters that a URL may have.

            Refused:

                redirect: {url: www.example.com/new}

            Write `https://www.example.com/new`, or `https://{host}/new` to keep the host.
            """)
}
