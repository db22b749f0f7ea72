// GW1111 to GW1124, GW1140: single values.

internal import Diagnostics

extension Catalogue {
    static let scalars = [
        badDuration, badInteger, outOfRange, badBoolean, unknownWord, badName, badHost, badAddress, badInstanceHost,
        badMethod, badHeaderName, badFieldValue, badFilePath, badRedirectStatus, badSize,
    ]

    static let badDuration = DiagnosticCode(
        "GW1111",
        title: "a duration that cannot be read",
        story: """
            A duration is one whole number and one unit: `ms`, `s`, `m` or `h`. A number without a unit is seconds \
            for one reader and milliseconds for the next.

            Refused:

                timeout: 30

            Write `timeout: 30s`. For 1.5 seconds write `1500ms`, for a minute and a half `90s`.
            """)

    static let badInteger = DiagnosticCode(
        "GW1112",
        title: "a number that cannot be read",
        story: """
            Whole numbers are written in decimal digits, without sign, separators or leading zeros. YAML 1.1 takes \
            `010` for eight and `1:30` for ninety; here neither is a number.

            Refused:

                port: 08080

            Write `port: 8080`.
            """)

    static let outOfRange = DiagnosticCode(
        "GW1113",
        title: "a number or a duration outside its range",
        story: """
            The range is what the field can mean: a port is at most 65535, a timeout is at least a millisecond and \
            at most a day. A timeout of zero is refused because it means "at once" to some and "never" to others.

            Refused:

                timeout: 0s

            Choose a value inside the range that the message names.
            """)

    static let badBoolean = DiagnosticCode(
        "GW1114",
        title: "a boolean that is not `true` or `false`",
        story: """
            YAML 1.1 has 22 ways to write a boolean, among them `no` and `on`; YAML 1.2 has two. Here there are \
            two: `true` and `false`, without quotes.

            Refused:

                forwarding: {forwarded: yes}

            Write `forwarded: true`.
            """)

    static let unknownWord = DiagnosticCode(
        "GW1115",
        title: "a word that the field does not know",
        story: """
            The field takes one of a few words.

            Refused:

                load_balancing: least_conn

            Write one of those that the message lists, such as `least_connections`.
            """)

    static let badName = DiagnosticCode(
        "GW1116",
        title: "a name that cannot be one",
        story: """
            Names of services, routes, listeners and instances appear in logs, metrics and URLs. They have \
            letters, digits, `_`, `.` and `-`, begin with a letter or a digit, and have at most 128 characters.

            Refused:

                services:
                  "user service":
                    instances: [{host: 127.0.0.1, port: 9001}]

            Write `user-service`.
            """)

    static let badHost = DiagnosticCode(
        "GW1117",
        title: "a host that no request can name",
        story: """
            A host is a name in ASCII, an IPv4 address, an IPv6 address in brackets, or `*.` and a name. It has no \
            scheme, no port and no path, and `*` stands for whole parts at the front only.

            Refused:

                hosts: ["https://api.example.com", "api-*.example.com"]

            Write `api.example.com` and `"*.example.com"`.
            """)

    static let badAddress = DiagnosticCode(
        "GW1118",
        title: "an address that is not numeric",
        story: """
            The gateway binds to its addresses before anything else works, so names are not looked up for them.

            Refused:

                listeners:
                  public: {host: localhost, port: 8080}

            Write `127.0.0.1`, `0.0.0.0` for every IPv4 interface, or `::` for IPv6. With a port, an IPv6 address \
            stands in brackets: `[::1]:9901`.
            """)

    static let badInstanceHost = DiagnosticCode(
        "GW1119",
        title: "an instance at no possible host",
        story: """
            An instance is at a numeric address, without brackets, or at a name that the daemon resolves. Scheme \
            and path do not belong here; the port has its own field.

            Refused:

                instances:
                  - {host: "http://10.0.0.5", port: 9001}

            Write `{host: 10.0.0.5, port: 9001}`.
            """)

    static let badMethod = DiagnosticCode(
        "GW1120",
        title: "a method that no request has",
        story: """
            Methods are case-sensitive (RFC 9110 §9.1), and clients send them in upper case. A route for `get` \
            would never match.

            Refused:

                method: get

            Write `method: GET`.
            """)

    static let badHeaderName = DiagnosticCode(
        "GW1121",
        title: "a header name that cannot be one",
        story: """
            Names of header fields are tokens (RFC 9110 §5.6.2): letters, digits and a few signs, without spaces \
            and colons. Case does not matter.

            Refused:

                headers:
                  "x beta": "1"

            Write `x-beta: "1"`.
            """)

    static let badFieldValue = DiagnosticCode(
        "GW1122",
        title: "a value that cannot stand in a header field",
        story: """
            The value is sent in a header field, where control characters and characters beyond ASCII do not \
            belong, or must be one token.

            Refused:

                response: {content_type: "text/plain\\u0001", body: hello}

            Write a media type such as `text/plain; charset=utf-8`.
            """)

    static let badFilePath = DiagnosticCode(
        "GW1123",
        title: "a file path that cannot be one",
        story: """
            A path in the file system is not empty and has no NUL character; the access log is a file, not a folder.

            Refused:

                access_log: {path: /var/log/}

            Write the file: `/var/log/gateway.log`. `stdout` and `off` are words of their own.
            """)

    static let badRedirectStatus = DiagnosticCode(
        "GW1124",
        title: "a redirect with a status that is none",
        story: """
            Only 301, 302, 303, 307 and 308 send a client to another place. 308 and 307 keep the method and the \
            body, so 308 is the default; 301 and 302 let clients turn a `POST` into a `GET`.

            Refused:

                redirect: {url: /new, status: 304}

            Write `status: 308`, or `307` for a move that is not for good.
            """)

    static let badSize = DiagnosticCode(
        "GW1140",
        title: "a number of bytes or a rate that cannot be read",
        story: """
            A number of bytes is one whole number with `B`, `KiB`, `MiB` or `GiB`, or without a unit for bytes. A \
            rate has `/s` behind the unit. `KB` and `M` are 1000 for one reader and 1024 for the next.

            Refused:

                max_body_size: 10M
                min_body_rate: 240

            Write `10MiB` and `240B/s`.
            """)
}
