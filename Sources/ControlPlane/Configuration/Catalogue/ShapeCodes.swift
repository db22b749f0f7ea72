// GW1101 to GW1110: keys, shapes and counts.

internal import Diagnostics

extension Catalogue {
    static let shape = [
        unknownKey, missingKey, wrongShape, emptyValue, twoSpellings, quotedValue, emptyList, repeatedElement,
        nothingChosen, manyChosen,
    ]

    static let unknownKey = DiagnosticCode(
        "GW1101",
        title: "a field that does not exist",
        story: """
            A key that the gateway does not know would have no effect, and somebody wrote it to have one: a \
            misspelt `timeout` is a route without a timeout. So nothing is ignored.

            Refused:

                routes:
                  users:
                    path_pattern: /users/*
                    service_name: users
                    time_out: 5s

            The help line names the nearest field, or the object that the field belongs to. All fields are in \
            docs/configuration.md.
            """)

    static let missingKey = DiagnosticCode(
        "GW1102",
        title: "a required field is missing",
        story: """
            Fields without a sensible default must be given.

            Refused:

                services:
                  users:
                    instances:
                      - host: 127.0.0.1

            Add the field: `port: 9001`.
            """)

    static let wrongShape = DiagnosticCode(
        "GW1103",
        title: "a list, a mapping or a single value where another of them belongs",
        story: """
            Every field has one shape, or one value and a list of such values where both make sense.

            Refused:

                services:
                  users:
                    instances: {host: 127.0.0.1, port: 9001}

            Write it so:

                services:
                  users:
                    instances:
                      - {host: 127.0.0.1, port: 9001}
            """)

    static let emptyValue = DiagnosticCode(
        "GW1104",
        title: "a field without a value",
        story: """
            `timeout:` with nothing behind it could mean the default, no timeout, or a line that somebody forgot \
            to finish.

            Refused:

                routes:
                  users:
                    path_pattern: /users/*
                    service_name: users
                    timeout:

            Give a value, or remove the key to get the default. A text that is meant to be empty is written as `""`.
            """)

    static let twoSpellings = DiagnosticCode(
        "GW1105",
        title: "one field under two names",
        story: """
            Some fields have a short name besides the main one: `service` for `service_name`, `path` for \
            `path_pattern`, `host` for `hosts`, `methods` for `method`. Only one of them may be given, because the \
            two could differ.

            Refused:

                service_name: users
                service: members

            Keep the main name.
            """)

    static let quotedValue = DiagnosticCode(
        "GW1106",
        title: "quotes around a number or a boolean",
        story: """
            Quotes make a value text, and this field takes a number or `true` and `false`. Other tools read these \
            files too, by the JSON Schema, and for them `"8080"` is no number.

            Refused:

                port: "8080"

            Write `port: 8080`.
            """)

    static let emptyList = DiagnosticCode(
        "GW1107",
        title: "an empty list",
        story: """
            A route with an empty list of hosts or methods could be read as one that takes everything or nothing.

            Refused:

                hosts: []

            Remove the key to take every host, or name the hosts.
            """)

    static let repeatedElement = DiagnosticCode(
        "GW1108",
        title: "the same value twice in a list",
        story: """
            The second one changes nothing, so one of the two is probably meant to be something else. Hosts and \
            header names are compared without regard to case.

            Refused:

                hosts: [api.example.com, API.example.com]

            Remove or mend one of them.
            """)

    static let nothingChosen = DiagnosticCode(
        "GW1109",
        title: "a route that does not say what happens",
        story: """
            A route needs exactly one of `service_name`, `redirect` and `response`.

            Refused:

                routes:
                  users:
                    path_pattern: /users/*

            Add, for example, `service_name: users`.
            """)

    static let manyChosen = DiagnosticCode(
        "GW1110",
        title: "a route with more than one outcome",
        story: """
            A request can be passed to a service, redirected or answered: one of them.

            Refused:

                routes:
                  old:
                    path_pattern: /old
                    service_name: shop
                    redirect: {url: /new}

            Keep one. To redirect only some requests, make two routes and tell them apart by a header or a query \
            match.
            """)
}
