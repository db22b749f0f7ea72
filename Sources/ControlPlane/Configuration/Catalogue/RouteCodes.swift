// GW1134 to GW1138, GW1141, GW1145 to GW1147: fields of a route that do not go together.

internal import Diagnostics

extension Catalogue {
    static let routes = [
        badMatch, anyAmongOthers, hostAsHeader, targetWithoutService, bodyForbidden, limitWithoutService,
        badUpgrade, serviceFieldWithoutService, rawPathRewritten,
    ]

    static let badMatch = DiagnosticCode(
        "GW1134",
        title: "a match without exactly one condition",
        story: """
            A header or query match is a text for exactly that value, or a mapping with one of `exact`, `prefix`, \
            `regex` and `present`.

            Refused:

                headers:
                  accept: {prefix: application/, present: true}

            Keep one of them. A prefix includes that the field is present.
            """)

    static let anyAmongOthers = DiagnosticCode(
        "GW1135",
        title: "`ANY` in a list of methods",
        story: """
            `ANY` takes every method, so the others say nothing, or `ANY` is one too many.

            Refused:

                method: [GET, ANY]

            Write `method: ANY` or `method: GET`.
            """)

    static let hostAsHeader = DiagnosticCode(
        "GW1136",
        title: "the host matched as a header",
        story: """
            Hosts come early in the order of routes, header matches late, and HTTP/2 has no `Host` field at all. \
            So there is one place for hosts.

            Refused:

                headers: {host: api.example.com}

            Write `hosts: api.example.com`.
            """)

    static let targetWithoutService = DiagnosticCode(
        "GW1137",
        title: "a `target_url` that no instance sees",
        story: """
            `target_url` rewrites the path for an instance. A route that redirects or answers by itself has none.

            Refused:

                path_pattern: /old/*
                target_url: /new/*
                redirect: {url: https://www.example.com/*}

            Put the new path into `redirect.url`.
            """)

    static let bodyForbidden = DiagnosticCode(
        "GW1138",
        title: "a body for an answer that has none",
        story: """
            Answers with status 204, 205 and 304 have no body (RFC 9110 §15). A client would take the bytes for \
            the next answer.

            Refused:

                response: {status: 204, body: "done"}

            Remove the body, or answer with `status: 200`.
            """)

    static let limitWithoutService = DiagnosticCode(
        "GW1141",
        title: "a limit on bodies in a route that takes none",
        story: """
            A route that redirects or answers by itself reads no body: what a client sends is dropped, and when it is \
            more than came with the head, the connection ends with the answer.

            Refused:

                path_pattern: /old
                redirect: {url: /new}
                max_body_size: 1MiB

            Remove the limit, or put it on the route that has a service.
            """)

    static let badUpgrade = DiagnosticCode(
        "GW1145",
        title: "a protocol that a connection cannot change to",
        story: """
            `upgrade` lists names of protocols as the `Upgrade` field has them (RFC 9110 §7.8), or is `off`. The \
            names of HTTP itself are refused: requests inside such a tunnel would pass without any rule being asked.

            Refused:

                upgrade: h2c

            Write `upgrade: websocket`, or `upgrade: off`.
            """)

    static let serviceFieldWithoutService = DiagnosticCode(
        "GW1146",
        title: "a field for instances in a route without a service",
        story: """
            `raw_path`, `upgrade` and `stream_timeout` say how a route deals with the instances of its service. A \
            route that redirects or answers by itself has none.

            Refused:

                path_pattern: /old
                redirect: {url: /new}
                upgrade: websocket

            Remove the field.
            """)

    static let rawPathRewritten = DiagnosticCode(
        "GW1147",
        title: "a path that is to be rewritten and to stay as it is",
        story: """
            With `raw_path: true` the instance sees the path in the client's spelling; with `target_url` it sees \
            another path.

            Refused:

                path_pattern: /api/*
                target_url: /*
                raw_path: true

            Keep one of the two.
            """)
}
